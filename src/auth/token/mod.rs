//! Verification of bearer tokens (JWT): the only place that does it. A verified token proves an issuer
//! and a subject, nothing else; what that person may do is in the tables.

mod demo;
mod keys;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;

pub use demo::{DEMO_ISSUER, DemoKey, DemoKeyError};
pub use keys::{KeyError, KeySet};

use keys::Key;

/// A longer token is refused before it is looked at, in bytes.
pub const TOKEN_MAX_BYTES: usize = 8 * 1024;
/// How far the issuer's clock may be from ours, in seconds.
pub const LEEWAY_SECONDS: u64 = 60;

/// What a verified token proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedToken {
    /// Who says so.
    pub issuer: String,
    /// Who it is, in the issuer's words; unique only together with the issuer.
    pub subject: String,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
}

/// Why a token proves nothing. For the log; a client learns only that it is not authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than [`TOKEN_MAX_BYTES`].
    #[error("the token is longer than {TOKEN_MAX_BYTES} bytes")]
    TooLong,
    /// Not a token, or without what is needed: `iss`, `sub`, `aud` and `exp`.
    #[error("the token is malformed or lacks a claim")]
    Malformed,
    /// No key is configured that goes with its algorithm and key id.
    #[error("no configured key goes with the token's algorithm and key id")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    BadSignature,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// Of another issuer than the configured one.
    #[error("the token's issuer is not the configured one")]
    WrongIssuer,
    /// For another audience than ours.
    #[error("the token is for another audience")]
    WrongAudience,
}

/// Verifies tokens of the configured authorities; with none, nobody gets in.
#[derive(Debug, Clone, Default)]
pub struct TokenVerifier {
    authorities: Vec<Authority>,
}

/// Somebody whose signatures are believed, for one issuer and one audience.
#[derive(Debug, Clone)]
struct Authority {
    keys: Vec<Key>,
    issuer: String,
    audience: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    exp: f64,
}

impl TokenVerifier {
    /// One that accepts nothing.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Believes the holder of `keys` as well, for tokens of `issuer` made for `audience`.
    #[must_use]
    pub fn trusting(mut self, keys: KeySet, issuer: &str, audience: &str) -> Self {
        let (issuer, audience) = (issuer.to_owned(), audience.to_owned());
        self.authorities.push(Authority { keys: keys.into_keys(), issuer, audience });
        self
    }

    /// Believes the demo key as well.
    #[must_use]
    pub fn trusting_demo(mut self, key: &DemoKey) -> Self {
        let (issuer, audience) = (DEMO_ISSUER.to_owned(), demo::AUDIENCE.to_owned());
        self.authorities.push(Authority { keys: vec![key.verifying_key()], issuer, audience });
        self
    }

    /// Whether there is anybody whose tokens would be accepted.
    #[must_use]
    pub fn accepts_anybody(&self) -> bool {
        self.authorities.iter().any(|authority| !authority.keys.is_empty())
    }

    /// Verifies the compact form of a token.
    ///
    /// The token's header only chooses among the configured keys: each key works with the algorithms of
    /// its own kind, so `none` and a public key taken for a secret are out of the question.
    ///
    /// # Errors
    /// A [`TokenError`] that says why not.
    pub fn verify(&self, token: &str) -> Result<VerifiedToken, TokenError> {
        if token.len() > TOKEN_MAX_BYTES {
            return Err(TokenError::TooLong);
        }
        let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
        let mut refusal = TokenError::UnknownKey;
        for authority in &self.authorities {
            let fitting = |key: &&Key| key.fits(header.alg, header.kid.as_deref());
            for key in authority.keys.iter().filter(fitting) {
                match authority.verify(token, key, header.alg) {
                    Ok(verified) => return Ok(verified),
                    // A right signature says more than the wrong one of a further key.
                    Err(error) if refusal == TokenError::UnknownKey || error != TokenError::BadSignature => refusal = error,
                    Err(_) => {}
                }
            }
        }
        Err(refusal)
    }
}

impl Authority {
    fn verify(&self, token: &str, key: &Key, algorithm: Algorithm) -> Result<VerifiedToken, TokenError> {
        let mut rules = Validation::new(algorithm);
        rules.leeway = LEEWAY_SECONDS;
        rules.validate_nbf = true;
        rules.set_required_spec_claims(&["exp", "iss", "sub", "aud"]);
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[&self.audience]);
        let claims = decode::<Claims>(token, key.decoding(), &rules).map_err(|error| refusal(error.kind()))?.claims;
        let expires_at = instant(claims.exp).ok_or(TokenError::Malformed)?;
        if claims.sub.is_empty() {
            return Err(TokenError::Malformed);
        }
        Ok(VerifiedToken { issuer: claims.iss, subject: claims.sub, expires_at })
    }
}

/// Seconds since 1970, perhaps with a fraction, as an instant (the fraction is cut off).
fn instant(seconds: f64) -> Option<DateTime<Utc>> {
    // Far beyond any calendar: `as` stops at the ends of the range and the calendar then refuses it.
    DateTime::from_timestamp(seconds as i64, 0)
}

fn refusal(kind: &ErrorKind) -> TokenError {
    match kind {
        ErrorKind::InvalidSignature => TokenError::BadSignature,
        ErrorKind::ExpiredSignature => TokenError::Expired,
        ErrorKind::ImmatureSignature => TokenError::NotYetValid,
        ErrorKind::InvalidIssuer => TokenError::WrongIssuer,
        ErrorKind::InvalidAudience => TokenError::WrongAudience,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => TokenError::UnknownKey,
        _ => TokenError::Malformed,
    }
}
