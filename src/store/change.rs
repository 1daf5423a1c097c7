//! What happened to a claim, as statements: its row and parts, its history with all that follows from an entry.

use super::errors::StoreError;
use super::transaction::Writes;
use super::{append, codec, save};
use crate::domain::claim::Claim;
use crate::domain::product::Catalogue;

pub use super::append::Entry;

/// Writes a new claim with the entries that made it.
///
/// # Errors
/// [`StoreError::Corrupt`] if the claim or an entry holds what no row can.
pub fn create(writes: &mut Writes, claim: &Claim, entries: &[Entry], catalogue: &Catalogue) -> Result<(), StoreError> {
    save::insert(writes, claim, catalogue)?;
    append::append(writes, claim, entries, codec::FIRST_PREDECESSOR)
}

/// Writes what the entries made of a claim whose row this transaction holds locked; `last_hash` is that of the entry before them.
///
/// If somebody else wrote the claim since it was read, the transaction fails with [`StoreError::Duplicate`]: each number of a history
/// is given once.
///
/// # Errors
/// As [`create`].
pub fn update(
    writes: &mut Writes,
    before: &Claim,
    after: &Claim,
    entries: &[Entry],
    last_hash: [u8; 32],
    catalogue: &Catalogue,
) -> Result<(), StoreError> {
    save::save(writes, before, after, catalogue)?;
    append::append(writes, after, entries, last_hash)
}
