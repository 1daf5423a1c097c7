//! Cursors: where in a list a row stands, sealed so that nobody can read, make or carry one over to another list.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// Where a row stands in a list: its key in the list's order, and its identity where keys are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The key: microseconds since 1970, a number, or a place; `None` where the row has none (such rows come last).
    pub key: Option<i64>,
    /// The row's identity.
    pub id: Uuid,
}

/// What was given is no cursor of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct BadCursor;

/// Bytes of an opened cursor: whether there is a key, the key, the identity. Always the same, so that length tells nothing.
const PLAIN_BYTES: usize = 1 + 8 + 16;
/// Bytes of the tag that proves a cursor to be ours.
const TAG_BYTES: usize = 16;
/// What the sealing key is derived by: other uses of the same secret get other keys.
const PURPOSE: &[u8] = b"cursor v1";

/// Seals and opens cursors. All servers of a database share the secret, so each opens what another sealed. Cloning shares the key.
#[derive(Clone)]
pub struct CursorSealer {
    key: Arc<LessSafeKey>,
}

impl CursorSealer {
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

    /// The cursor of a position in the list of this name (its order included).
    #[must_use]
    pub fn seal(&self, list: &str, position: Position) -> String {
        let mut bytes = Vec::with_capacity(PLAIN_BYTES + TAG_BYTES);
        bytes.push(u8::from(position.key.is_some()));
        bytes.extend_from_slice(&position.key.unwrap_or_default().to_be_bytes());
        bytes.extend_from_slice(position.id.as_bytes());
        #[expect(clippy::expect_used, reason = "sealing fails only for texts of many gigabytes")]
        self.key.seal_in_place_append_tag(nonce(), Aad::from(list.as_bytes()), &mut bytes).expect("a short text");
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position behind a cursor of the list of this name.
    ///
    /// # Errors
    /// [`BadCursor`] for everything that [`Self::seal`] did not make for this list under this secret.
    pub fn open(&self, list: &str, cursor: &str) -> Result<Position, BadCursor> {
        let mut bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| BadCursor)?;
        let plain = self.key.open_in_place(nonce(), Aad::from(list.as_bytes()), &mut bytes).map_err(|_| BadCursor)?;
        let (has_key, rest) = plain.split_first().ok_or(BadCursor)?;
        let (key, id) = rest.split_at_checked(8).ok_or(BadCursor)?;
        let key = i64::from_be_bytes(key.try_into().map_err(|_| BadCursor)?);
        let id = Uuid::from_slice(id).map_err(|_| BadCursor)?;
        Ok(Position { key: (*has_key == 1).then_some(key), id })
    }
}

/// One nonce for all: the algorithm resists its misuse, at the price that equal positions of a list give equal cursors. That is wanted.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn positions() -> [Position; 4] {
        let id = Uuid::from_u128(7);
        [None, Some(0), Some(-1), Some(i64::MAX)].map(|key| Position { key, id })
    }

    #[test]
    fn a_cursor_opens_to_the_position_that_was_sealed() {
        let sealer = CursorSealer::new(b"secret");
        for position in positions() {
            let cursor = sealer.seal("claims", position);
            assert_eq!(sealer.open("claims", &cursor), Ok(position));
            assert_eq!(cursor, sealer.seal("claims", position), "equal positions, equal cursors");
        }
    }

    #[test]
    fn cursors_of_one_list_have_one_length() {
        let sealer = CursorSealer::new(b"secret");
        let lengths: std::collections::BTreeSet<_> = positions().map(|p| sealer.seal("claims", p).len()).into();
        assert_eq!(lengths.len(), 1);
    }

    #[test]
    fn another_list_another_secret_and_a_changed_byte_are_refused() {
        let sealer = CursorSealer::new(b"secret");
        let cursor = sealer.seal("claims", positions()[1]);
        assert_eq!(sealer.open("history", &cursor), Err(BadCursor));
        assert_eq!(CursorSealer::new(b"other").open("claims", &cursor), Err(BadCursor));
        for at in 0..cursor.len() {
            let mut forged = cursor.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(sealer.open("claims", &String::from_utf8(forged).unwrap()), Err(BadCursor), "byte {at}");
        }
        for text in ["", "A", "not base64!", "AAAA", &"A".repeat(10_000)] {
            assert_eq!(sealer.open("claims", text), Err(BadCursor));
        }
    }
}
