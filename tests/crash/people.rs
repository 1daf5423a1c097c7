//! Who takes part, and a key made for the run that signs their tokens.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

pub const ISSUER: &str = "https://login.crash.example";
pub const AUDIENCE: &str = "cpor-crash";
/// Reviewers that race for one claim.
pub const RACERS: usize = 50;
/// How long a token holds, in seconds: longer than any run.
const TOKEN_SECONDS: i64 = 7 * 24 * 3600;

/// The two partners, with a location and the handles of their people.
pub const PARTNERS: [(&str, &str, &[&str]); 2] =
    [("northwind", "1000001", &["anna", "adam"]), ("fabrikam", "2000001", &["clara", "carl"])];
/// Reviewers of the ordinary work.
pub const REVIEWERS: [&str; 3] = ["rita", "rob", "rosa"];
/// Reads everything.
pub const AUDITOR: &str = "aude";

/// The handle of a racer.
pub fn racer(number: usize) -> String {
    format!("racer{number}")
}

/// The file for `cpor import`.
pub fn import_file() -> Value {
    let partner = |(slug, location, handles): &(&str, &str, &[&str])| {
        let people: Vec<Value> = handles.iter().map(|handle| person(handle, "INCENTIVES_ADMIN")).collect();
        json!({
            "slug": slug, "name": slug, "people": people,
            "locations": [{ "mpnId": location, "name": "Head office", "country": "PL" }],
        })
    };
    let reviewers = REVIEWERS.iter().map(|handle| (*handle).to_owned()).chain((0..RACERS).map(racer));
    let mut people: Vec<Value> = reviewers.map(|handle| person(&handle, "REVIEWER")).collect();
    people.push(person(AUDITOR, "AUDITOR"));
    json!({ "organizations": PARTNERS.iter().map(partner).collect::<Vec<_>>(), "people": people })
}

fn person(handle: &str, role: &str) -> Value {
    json!({ "issuer": ISSUER, "subject": handle, "name": handle, "email": format!("{handle}@crash.example"), "role": role })
}

/// Signs tokens.
pub struct Authority {
    key: EncodingKey,
    public: String,
}

impl Authority {
    pub fn new() -> Self {
        let der = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.as_ref()).unwrap();
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()));
        let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let jwks = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "crash", "x": x }] });
        Self { key: EncodingKey::from_ed_pem(pem.as_bytes()).unwrap(), public: jwks.to_string() }
    }

    /// The public key, as servers read it (JWKS).
    pub fn public(&self) -> &str {
        &self.public
    }

    /// A token for somebody.
    pub fn token(&self, handle: &str) -> String {
        let now = Utc::now().timestamp();
        let claims = json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": handle, "iat": now, "exp": now + TOKEN_SECONDS });
        let header = Header { kid: Some("crash".to_owned()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims, &self.key).unwrap()
    }
}
