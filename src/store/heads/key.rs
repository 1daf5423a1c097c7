//! The keys of history: a PEM file that holds at most one private key, which signs, and public keys of others that are trusted too.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};

/// What a public key of Ed25519 begins with in its DER form; 32 bytes follow.
const SPKI_PREFIX: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum HistoryKeyError {
    /// The file cannot be read or written.
    #[error("the history key {path} cannot be read or written: {source}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{path} is no history key: give Ed25519 keys in PEM, at most one of them private", path = .path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// A key could not be made.
    #[error("a history key could not be made")]
    NotMade,
}

/// Keys that sign heads and verify them.
#[derive(Debug, Default)]
pub struct HistoryKeys {
    signer: Option<Ed25519KeyPair>,
    trusted: Vec<[u8; 32]>,
}

impl HistoryKeys {
    /// The keys of a file.
    ///
    /// # Errors
    /// A [`HistoryKeyError`] about the file.
    pub fn load(path: &Path) -> Result<Self, HistoryKeyError> {
        let pem = fs::read(path).map_err(|source| HistoryKeyError::File { path: path.to_owned(), source })?;
        Self::parse(&pem).ok_or_else(|| HistoryKeyError::NotAKey { path: path.to_owned() })
    }

    /// The keys of a file; a private key is made there if there is no file.
    ///
    /// # Errors
    /// A [`HistoryKeyError`] about the file.
    pub fn load_or_create(path: &Path) -> Result<Self, HistoryKeyError> {
        let failed = |source| HistoryKeyError::File { path: path.to_owned(), source };
        if !path.try_exists().map_err(failed)? {
            create(path, &new_key()?).map_err(failed)?;
        }
        Self::load(path)
    }

    fn parse(pem: &[u8]) -> Option<Self> {
        let mut keys = Self::default();
        for private in PrivatePkcs8KeyDer::pem_slice_iter(pem) {
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(private.ok()?.secret_pkcs8_der()).ok()?;
            keys.trusted.push(pair.public_key().as_ref().try_into().ok()?);
            if keys.signer.replace(pair).is_some() {
                return None;
            }
        }
        for public in SubjectPublicKeyInfoDer::pem_slice_iter(pem) {
            let public = public.ok()?;
            keys.trusted.push(public.as_ref().strip_prefix(SPKI_PREFIX)?.try_into().ok()?);
        }
        (!keys.trusted.is_empty()).then_some(keys)
    }

    /// Whether there is a key that signs.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        self.signer.is_some()
    }

    /// Whether signatures of this public key are believed.
    #[must_use]
    pub fn trusts(&self, public_key: &[u8; 32]) -> bool {
        self.trusted.contains(public_key)
    }

    /// Whether this is the signature of a trusted key over the hash.
    #[must_use]
    pub fn verify(&self, public_key: &[u8; 32], hash: &[u8; 32], signature: &[u8]) -> bool {
        self.trusts(public_key) && UnparsedPublicKey::new(&ED25519, public_key).verify(hash, signature).is_ok()
    }

    /// Signs a hash: the public key and the signature. `None` without a private key.
    pub(super) fn sign(&self, hash: &[u8; 32]) -> Option<([u8; 32], Vec<u8>)> {
        let signer = self.signer.as_ref()?;
        Some((signer.public_key().as_ref().try_into().ok()?, signer.sign(hash).as_ref().to_vec()))
    }
}

/// A new private key, in PEM.
fn new_key() -> Result<String, HistoryKeyError> {
    let der = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).map_err(|_| HistoryKeyError::NotMade)?;
    Ok(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref())))
}

/// Writes beside the place and links there: the file appears whole or not at all, and of two processes at once the first one's stays.
fn create(path: &Path, pem: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension(format!("new-{}", uuid::Uuid::now_v7().simple()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file.write_all(pem.as_bytes()).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    });
    linked.and(fs::remove_file(&draft))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout` write them.
    const PUBLIC: &str =
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

    fn keys(pem: &str) -> Option<HistoryKeys> {
        HistoryKeys::parse(pem.as_bytes())
    }

    #[test]
    fn what_a_key_signs_it_verifies_and_no_other_does() {
        let (one, other) = (new_key().ok().and_then(|pem| keys(&pem)), new_key().ok().and_then(|pem| keys(&pem)));
        let (Some(one), Some(other)) = (one, other) else { panic!("two keys") };
        let Some((public, mut signature)) = one.sign(&[5; 32]) else { panic!("a signature") };
        assert!(one.verify(&public, &[5; 32], &signature));
        assert!(!one.verify(&public, &[6; 32], &signature), "another hash");
        assert!(!other.verify(&public, &[5; 32], &signature), "a key that is not trusted");
        signature[0] ^= 1;
        assert!(!one.verify(&public, &[5; 32], &signature), "another signature");
    }

    #[test]
    fn a_file_holds_one_private_key_at_most_and_any_public_ones() {
        let Ok(private) = new_key() else { panic!("a key") };
        let both = keys(&format!("{private}{PUBLIC}"));
        assert_eq!(both.map(|keys| (keys.can_sign(), keys.trusted.len())), Some((true, 2)));
        assert_eq!(keys(PUBLIC).map(|keys| keys.can_sign()), Some(false));
        let Ok(second) = new_key() else { panic!("a key") };
        for wrong in ["", "nothing", &format!("{private}{second}"), &PUBLIC.replace("MCow", "MCox")] {
            assert!(keys(wrong).is_none(), "{wrong}");
        }
    }
}
