//! The demo's own authority: a key made in the data directory, which signs tokens for the demo people.
//! Whoever reads the file is everybody, therefore demo mode listens on loopback only.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

use super::keys::Key;

/// The issuer of the demo's tokens.
pub const DEMO_ISSUER: &str = "cpor-demo";
/// Whom the demo's tokens are for.
pub(super) const AUDIENCE: &str = "cpor";
/// How long a demo token holds.
const DEMO_TOKEN_LIFE: TimeDelta = TimeDelta::days(30);
/// The key's file in the data directory.
const FILE: &str = "demo.key";
/// The key's length, in bytes.
const KEY_BYTES: usize = 32;

/// Why there is no demo key.
#[derive(Debug, thiserror::Error)]
pub enum DemoKeyError {
    /// Its file cannot be read or written.
    #[error("the demo key {path} cannot be read or written: {source}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Its file holds something else.
    #[error("{path} is not a demo key of {KEY_BYTES} bytes: remove it, and a new one is made", path = .path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no random bytes.
    #[error("the system gave no random bytes for a demo key")]
    NoRandomness,
    /// A token could not be signed.
    #[error("a demo token could not be signed: {0}")]
    Signing(#[from] jsonwebtoken::errors::Error),
}

/// The key that signs and verifies the demo's tokens.
pub struct DemoKey {
    bytes: [u8; KEY_BYTES],
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: i64,
    exp: i64,
}

impl DemoKey {
    /// The key of the data directory; made if there is none.
    ///
    /// # Errors
    /// A [`DemoKeyError`] about its file.
    pub fn load_or_create(data_dir: &Path) -> Result<Self, DemoKeyError> {
        let path = data_dir.join(FILE);
        let failed = |source| DemoKeyError::File { path: path.clone(), source };
        fs::create_dir_all(data_dir).map_err(failed)?;
        if !path.try_exists().map_err(failed)? {
            create(&path)?;
        }
        let bytes = fs::read(&path).map_err(failed)?;
        let bytes = bytes.try_into().map_err(|_| DemoKeyError::NotAKey { path: path.clone() })?;
        Ok(Self { bytes })
    }

    /// A token for the demo person `handle`, valid for thirty days from `now` (the real time: tokens do
    /// not follow the demo's clock).
    ///
    /// # Errors
    /// [`DemoKeyError::Signing`].
    pub fn sign(&self, handle: &str, now: DateTime<Utc>) -> Result<String, DemoKeyError> {
        let (iat, exp) = (now.timestamp(), (now + DEMO_TOKEN_LIFE).timestamp());
        let claims = Claims { iss: DEMO_ISSUER, aud: AUDIENCE, sub: handle, iat, exp };
        Ok(encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&self.bytes))?)
    }

    pub(super) fn verifying_key(&self) -> Key {
        Key::secret(&self.bytes)
    }
}

impl std::fmt::Debug for DemoKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DemoKey(..)")
    }
}

/// Writes a new key beside its place and links it there: it appears whole or not at all, and of two
/// processes at once the first one's stays.
fn create(path: &Path) -> Result<(), DemoKeyError> {
    let failed = |source| DemoKeyError::File { path: path.to_owned(), source };
    let mut bytes = [0; KEY_BYTES];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| DemoKeyError::NoRandomness)?;
    let draft = path.with_extension(format!("new-{}", uuid::Uuid::now_v7().simple()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let written = options.open(&draft).and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()));
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    });
    let removed = fs::remove_file(&draft);
    linked.and(removed).map_err(failed)
}
