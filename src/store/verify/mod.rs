//! Checking that history is whole: numbers without gaps, each hash right, columns as the body says, folding gives the row.

mod check;
mod files;
mod rows;

use uuid::Uuid;

use super::database::Database;
use super::errors::StoreError;
use crate::domain::ids::{ClaimId, ClaimNumber};

pub use self::files::{FileFault, FileFlaw, FileReport, verify_files};

use self::rows::{Batch, load};

/// What is wrong with a claim's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The entry with this number is missing.
    Missing,
    /// The entry names another hash as its predecessor's.
    Unlinked,
    /// The hash is not that of the predecessor's hash and the body.
    WrongHash,
    /// The body cannot be read, or is not in its canonical form.
    Unreadable,
    /// A column says something else than the body.
    ColumnsDiffer,
    /// The first entry is no creation, or a later one is.
    NoBeginning,
    /// Folding the whole history gives another claim than the row and its parts.
    RowDiffers,
}

/// The first flaw of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The claim.
    pub claim: ClaimId,
    /// Its number.
    pub number: ClaimNumber,
    /// Whether the flaw is in the internal notes rather than in the history.
    pub in_notes: bool,
    /// The number of the faulty entry; for [`Flaw::RowDiffers`] the last one.
    pub seq: i32,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Claims checked.
    pub claims: u64,
    /// Entries of history checked.
    pub entries: u64,
    /// The first flaw of each faulty claim.
    pub faults: Vec<Fault>,
}

/// Checks all claims, a bounded number at a time; the server may go on working meanwhile.
///
/// # Errors
/// What the database says; what is wrong with the history is in the report.
pub async fn verify(database: &Database) -> Result<Report, StoreError> {
    let mut conn = database.read().await?;
    let mut report = Report::default();
    let mut after = Uuid::nil();
    loop {
        // One snapshot, so that a command on its way is seen whole or not at all.
        let mut snapshot = conn.build_transaction().read_only().repeatable_read();
        let batch: Batch = snapshot.run(async |conn| load(conn, after).await).await?;
        let Some(last) = batch.ids.last().copied() else { return Ok(report) };
        after = last.0;
        batch.check(&mut report);
    }
}
