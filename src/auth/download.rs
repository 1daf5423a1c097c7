//! Signed links: what opens one document for one person for a short while, sealed so that nobody can make, change or read one.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::ids::{DocumentId, PersonId};

/// What the sealing key is derived by: other uses of the same secret get other keys.
const PURPOSE: &[u8] = b"download v1";
/// Bytes of an opened link: the document, the person, the end in seconds since 1970.
const PLAIN_BYTES: usize = 16 + 16 + 8;
/// Characters of a link: more cannot be one.
const MAX_CHARS: usize = 128;

/// What a link permits, if the person may still see the document when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DownloadGrant {
    /// The document.
    pub document: DocumentId,
    /// For whom it was made.
    pub person: PersonId,
    /// The first instant at which it permits nothing any more, in whole seconds, on the real clock.
    pub expires_at: DateTime<Utc>,
}

/// Seals and opens links. All servers of a database share the secret. Cloning shares the key.
#[derive(Clone)]
pub struct DownloadSealer {
    key: Arc<LessSafeKey>,
}

impl DownloadSealer {
    /// The sealer under this secret of the database.
    ///
    /// # Panics
    /// Never: the derived key has the length that the algorithm asks for.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), PURPOSE);
        #[expect(clippy::expect_used, reason = "an HMAC-SHA256 has the 32 bytes that AES-256 takes")]
        let key = UnboundKey::new(&AES_256_GCM_SIV, derived.as_ref()).expect("32 bytes");
        Self { key: Arc::new(LessSafeKey::new(key)) }
    }

    /// The secret part of a link.
    #[must_use]
    pub fn seal(&self, grant: &DownloadGrant) -> String {
        let mut bytes = Vec::with_capacity(PLAIN_BYTES + AES_256_GCM_SIV.tag_len());
        bytes.extend_from_slice(grant.document.0.as_bytes());
        bytes.extend_from_slice(grant.person.0.as_bytes());
        bytes.extend_from_slice(&grant.expires_at.timestamp().to_be_bytes());
        #[expect(clippy::expect_used, reason = "sealing fails only for texts of many gigabytes")]
        self.key.seal_in_place_append_tag(nonce(), Aad::empty(), &mut bytes).expect("a short text");
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a link permits; `None` for everything that [`Self::seal`] did not make under this secret, and for one that has ended.
    #[must_use]
    pub fn open(&self, link: &str, now: DateTime<Utc>) -> Option<DownloadGrant> {
        let mut bytes = URL_SAFE_NO_PAD.decode(Some(link).filter(|link| link.len() <= MAX_CHARS)?).ok()?;
        let plain = self.key.open_in_place(nonce(), Aad::empty(), &mut bytes).ok()?;
        let (document, rest) = plain.split_at_checked(16)?;
        let (person, end) = rest.split_at_checked(16)?;
        let expires_at = DateTime::from_timestamp(i64::from_be_bytes(end.try_into().ok()?), 0)?;
        let [document, person] = [document, person].map(|id| Uuid::from_slice(id).unwrap_or_default());
        let grant = DownloadGrant { document: DocumentId(document), person: PersonId(person), expires_at };
        (now < expires_at).then_some(grant)
    }
}

/// One nonce for all: the algorithm resists its misuse, at the price that equal grants give equal links. That does no harm.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_link_permits_what_was_sealed_until_it_ends_and_nothing_when_a_letter_differs() {
        let sealer = DownloadSealer::new(b"secret");
        let end = DateTime::from_timestamp(1_600_000_300, 0).unwrap();
        let grant =
            DownloadGrant { document: DocumentId(Uuid::from_u128(7)), person: PersonId(Uuid::from_u128(8)), expires_at: end };
        let link = sealer.seal(&grant);
        let before = end - chrono::TimeDelta::microseconds(1);
        assert_eq!(sealer.open(&link, before), Some(grant));
        assert_eq!(sealer.open(&link, end), None);
        assert_eq!(DownloadSealer::new(b"other").open(&link, before), None);
        for at in 0..link.len() {
            let mut forged = link.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(sealer.open(&String::from_utf8(forged).unwrap(), before), None, "letter {at}");
        }
        for text in ["", "A", "not base64!", &"A".repeat(10_000)] {
            assert_eq!(sealer.open(text, before), None);
        }
    }
}
