//! An authority that signs tokens for the people of a bench, as an identity provider does in production.

use std::fs;
use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;

/// Who signs.
pub const ISSUER: &str = "https://login.bench.example";
/// Whom the tokens are for.
pub const AUDIENCE: &str = "claims";
/// The name of the key.
const KEY_ID: &str = "bench";
/// How long a token holds, in seconds.
const LIFE_SECONDS: i64 = 24 * 3600;

/// A key pair whose public half is a file for the server.
pub struct Authority {
    key: EncodingKey,
    /// The file of the public half.
    pub public: PathBuf,
}

impl Authority {
    /// A new one; writes its public key into the folder.
    pub fn new(folder: &Path) -> anyhow::Result<Self> {
        let der = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new())?;
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()));
        let key = EncodingKey::from_ed_pem(pem.as_bytes())?;
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA)?;
        jwk.common.key_id = Some(KEY_ID.to_owned());
        fs::create_dir_all(folder)?;
        let public = folder.join("jwks.json");
        fs::write(&public, json!({ "keys": [jwk] }).to_string())?;
        Ok(Self { key, public })
    }

    /// What a server is told so that it believes this authority.
    pub fn options(&self) -> Vec<String> {
        let public = self.public.display().to_string();
        let options = ["--jwt-keys", &public, "--jwt-issuer", ISSUER, "--jwt-audience", AUDIENCE];
        options.map(str::to_owned).to_vec()
    }

    /// A token of a person.
    pub fn sign(&self, subject: &str) -> anyhow::Result<String> {
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::EdDSA) };
        let end = Utc::now().timestamp() + LIFE_SECONDS;
        Ok(encode(&header, &json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "exp": end }), &self.key)?)
    }
}
