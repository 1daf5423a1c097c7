//! The public keys of an authority: a JWKS document or one PEM public key.

use std::fmt;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};

/// More keys than an authority rotates through; a token without a key id tries each.
pub const KEYS_MAX: usize = 32;

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Neither a JWKS document nor a PEM public key.
    #[error("the keys are neither a JWKS document nor a PEM public key: {0}")]
    Unreadable(String),
    /// It is a secret, and those belong to nobody but the signer.
    #[error("the keys hold a secret or a private key: give the public keys only")]
    Secret,
    /// Nothing in it can verify a signature.
    #[error("none of the keys can verify a signature (RSA, EC P-256 or P-384, Ed25519)")]
    Unusable,
    /// Too many.
    #[error("there are more than {KEYS_MAX} keys")]
    TooMany,
}

/// Keys that verify signatures.
#[derive(Debug, Clone)]
pub struct KeySet {
    keys: Vec<Key>,
}

impl KeySet {
    /// Reads a JWKS document or a PEM public key.
    ///
    /// # Errors
    /// A [`KeyError`] that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let keys = if text.trim_start().starts_with('{') { from_jwks(text)? } else { vec![from_pem(text)?] };
        match keys.len() {
            0 => Err(KeyError::Unusable),
            1..=KEYS_MAX => Ok(Self { keys }),
            _ => Err(KeyError::TooMany),
        }
    }

    pub(super) fn into_keys(self) -> Vec<Key> {
        self.keys
    }
}

/// A key with the algorithms of its kind: the token's header has no say in that.
#[derive(Clone)]
pub(super) struct Key {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    decoding: DecodingKey,
}

impl Key {
    /// A shared secret, for tokens of our own.
    pub(super) fn secret(bytes: &[u8]) -> Self {
        Self { id: None, algorithms: vec![Algorithm::HS256], decoding: DecodingKey::from_secret(bytes) }
    }

    /// Whether a token with this header may be verified with this key.
    pub(super) fn fits(&self, algorithm: Algorithm, id: Option<&str>) -> bool {
        let same_id = match (&self.id, id) {
            (Some(own), Some(asked)) => own == asked,
            // A bare PEM key has no id, and an authority with one key may leave it out.
            _ => true,
        };
        same_id && self.algorithms.contains(&algorithm)
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).field("algorithms", &self.algorithms).finish_non_exhaustive()
    }
}

fn from_jwks(text: &str) -> Result<Vec<Key>, KeyError> {
    let unreadable = |error: serde_json::Error| KeyError::Unreadable(error.to_string());
    let document: serde_json::Value = serde_json::from_str(text).map_err(unreadable)?;
    let listed = document.get("keys").and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    if listed.iter().any(|key| key.get("d").is_some() || key.get("k").is_some()) {
        return Err(KeyError::Secret);
    }
    let set: JwkSet = serde_json::from_value(document).map_err(unreadable)?;
    let verifies = |key: &&Jwk| !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    Ok(set.keys.iter().filter(verifies).filter_map(from_jwk).collect())
}

/// A key of the set; none if it is of a kind that is not used here.
fn from_jwk(jwk: &Jwk) -> Option<Key> {
    let kind: &[Algorithm] = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => &[Algorithm::RS256, Algorithm::PS256],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => &[Algorithm::ES256],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => &[Algorithm::ES384],
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[Algorithm::EdDSA],
        _ => return None,
    };
    let named = jwk.common.key_algorithm.map(|name| name.to_string());
    let allowed = |algorithm: &&Algorithm| named.as_ref().is_none_or(|name| *name == format!("{algorithm:?}"));
    let algorithms: Vec<Algorithm> = kind.iter().filter(allowed).copied().collect();
    let decoding = DecodingKey::from_jwk(jwk).ok()?;
    (!algorithms.is_empty()).then(|| Key { id: jwk.common.key_id.clone(), algorithms, decoding })
}

fn from_pem(text: &str) -> Result<Key, KeyError> {
    if text.contains("PRIVATE KEY") {
        return Err(KeyError::Secret);
    }
    let bytes = text.as_bytes();
    let key = |decoding, algorithms: &[Algorithm]| Key { id: None, algorithms: algorithms.to_vec(), decoding };
    DecodingKey::from_rsa_pem(bytes)
        .map(|decoding| key(decoding, &[Algorithm::RS256, Algorithm::PS256]))
        .or_else(|_| DecodingKey::from_ec_pem(bytes).map(|decoding| key(decoding, &[Algorithm::ES256])))
        .or_else(|_| DecodingKey::from_ed_pem(bytes).map(|decoding| key(decoding, &[Algorithm::EdDSA])))
        .map_err(|error| KeyError::Unreadable(error.to_string()))
}
