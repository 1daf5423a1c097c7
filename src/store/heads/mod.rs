//! Signed heads of history: what was there at a time, in a form that nobody can make again without the key.
//!
//! A head lists the entries of history and of internal notes that came since the head before it (claim, number, hash), names that
//! head's hash, and is signed with Ed25519. The key is not in the database, so whoever may change everything there can neither
//! change a head nor make another one. An entry that is missing, or that has another hash than the one that was signed, is told apart
//! from one that never was; a whole claim of which nothing is left still has its entries here.
//!
//! | file | does |
//! |---|---|
//! | `key` | the file of keys: one signs, all are trusted |
//! | `seal` | makes the next head |
//! | `witness` | the newest head that was seen, kept beside the key |

mod key;
mod rows;
mod seal;
mod witness;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::errors::StoreError;
use crate::domain::ids::ClaimId;

pub use self::key::{HistoryKeyError, HistoryKeys};
pub use self::rows::after;
pub(super) use self::rows::unsigned_notes;
pub use self::seal::{HEAD_ENTRIES, SealError, Sealed, Sealer};
pub use self::witness::Witness;

/// What the hash of a head begins with: the form is for ever.
const DOMAIN: &[u8] = b"cpor history head 1\n";
/// What the first head names as its predecessor's hash.
pub const FIRST_PREDECESSOR: [u8; 32] = [0; 32];
/// The length of an entry's written form, in bytes: list, claim, number, hash.
const ITEM_BYTES: usize = 1 + 16 + 4 + 32;

/// Which list of a claim an entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    /// Its history.
    History,
    /// Its internal notes.
    Notes,
}

/// One entry as a head lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Of which list.
    pub list: List,
    /// Of which claim.
    pub claim: ClaimId,
    /// Its number in that list.
    pub seq: i32,
    /// Its hash.
    pub hash: [u8; 32],
}

/// A head, as it is stored. Trusted only after [`HistoryKeys::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number, from 1 without gaps.
    pub number: i64,
    /// The last position of the feed that is covered.
    pub position: i64,
    /// What it lists: entries of history in the feed's order, then notes.
    pub items: Vec<Item>,
    /// When it was signed, on the real clock.
    pub signed_at: DateTime<Utc>,
    /// The hash of the head before it.
    pub prev_hash: [u8; 32],
    /// Its hash.
    pub hash: [u8; 32],
    /// Whose signature it bears.
    pub public_key: [u8; 32],
    /// The signature over the hash.
    pub signature: Vec<u8>,
}

/// A head's name for people and files: its number and its hash. Whoever knows it knows all heads before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadMark {
    /// The head's number.
    pub number: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

impl Head {
    /// Its name.
    #[must_use]
    pub fn mark(&self) -> HeadMark {
        HeadMark { number: self.number, hash: self.hash }
    }

    /// The hash of its content and its predecessor.
    #[must_use]
    pub fn right_hash(&self) -> [u8; 32] {
        Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(self.prev_hash)
            .chain_update(self.number.to_be_bytes())
            .chain_update(self.position.to_be_bytes())
            .chain_update(self.signed_at.timestamp_micros().to_be_bytes())
            .chain_update(write_items(&self.items))
            .finalize()
            .into()
    }
}

fn write_items(items: &[Item]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(items.len() * ITEM_BYTES);
    for item in items {
        bytes.push(match item.list {
            List::History => b'h',
            List::Notes => b'n',
        });
        bytes.extend_from_slice(item.claim.0.as_bytes());
        bytes.extend_from_slice(&item.seq.to_be_bytes());
        bytes.extend_from_slice(&item.hash);
    }
    bytes
}

fn read_items(bytes: &[u8]) -> Result<Vec<Item>, StoreError> {
    let (items, rest) = bytes.as_chunks::<ITEM_BYTES>();
    if !rest.is_empty() {
        return Err(StoreError::corrupt("a head's list ends within an entry"));
    }
    items.iter().map(read_item).collect()
}

fn read_item(bytes: &[u8; ITEM_BYTES]) -> Result<Item, StoreError> {
    let corrupt = |_| StoreError::corrupt("an entry of a head has the wrong length");
    let (list, rest) = bytes.split_at(1);
    let (claim, rest) = rest.split_at(16);
    let (seq, hash) = rest.split_at(4);
    let list = match list {
        b"h" => List::History,
        b"n" => List::Notes,
        _ => return Err(StoreError::corrupt("a head lists what is neither history nor a note")),
    };
    Ok(Item {
        list,
        claim: ClaimId(Uuid::from_slice(claim).map_err(|error| StoreError::corrupt(error.to_string()))?),
        seq: i32::from_be_bytes(seq.try_into().map_err(corrupt)?),
        hash: hash.try_into().map_err(corrupt)?,
    })
}

impl fmt::Display for HeadMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-", self.number)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Why a text is no head's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give a head as `cpor verify-history` prints it: its number, a hyphen, 64 hexadecimal digits")]
pub struct NotAHead;

impl FromStr for HeadMark {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (number, hex) = text.trim().split_once('-').ok_or(NotAHead)?;
        let number = number.parse().ok().filter(|number| *number > 0).ok_or(NotAHead)?;
        let mut hash = [0; 32];
        if hex.len() != 2 * hash.len() || !hex.is_ascii() {
            return Err(NotAHead);
        }
        for (place, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * place..2 * place + 2], 16).map_err(|_| NotAHead)?;
        }
        Ok(Self { number, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(list: List, seq: i32) -> Item {
        Item { list, claim: ClaimId::fresh(), seq, hash: [7; 32] }
    }

    #[test]
    fn what_a_head_lists_is_read_as_it_was_written() {
        let items = vec![item(List::History, 1), item(List::Notes, i32::MAX)];
        let written = write_items(&items);
        assert_eq!(read_items(&written).ok(), Some(items));
        assert!(read_items(&written[1..]).is_err());
        assert!(read_items(&[&b"x"[..], &written[1..]].concat()).is_err());
    }

    #[test]
    fn a_heads_name_is_read_as_it_is_printed_and_nothing_else_is() {
        let mark = HeadMark { number: 12, hash: [0xab; 32] };
        assert_eq!(mark.to_string().parse(), Ok(mark));
        let hex = "ab".repeat(32);
        for wrong in ["", "12", &hex, &format!("0-{hex}"), &format!("12-{}", &hex[1..]), &format!("12-{}é", &hex[2..])] {
            assert_eq!(wrong.parse::<HeadMark>(), Err(NotAHead), "{wrong}");
        }
    }
}
