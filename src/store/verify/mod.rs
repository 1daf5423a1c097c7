//! Checking that history is whole: numbers without gaps, each hash right, columns as the body says, folding gives the row; and that
//! it is what was signed.

mod check;
mod files;
mod rows;
mod signed;

use uuid::Uuid;

use super::database::Database;
use super::errors::StoreError;
use super::heads::{HeadMark, HistoryKeys, List};
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
    /// The entry was signed with another hash: the history was written anew from here on.
    NotAsSigned,
    /// The feed has another entry in its place, or none.
    FeedDiffers,
    /// The entry is neither in the feed nor waiting for it: the server did not write it.
    Unpublished,
}

/// The first flaw of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The claim.
    pub claim: ClaimId,
    /// Its number; `None` if nothing but signatures is left of the claim.
    pub number: Option<ClaimNumber>,
    /// In its history or in its internal notes.
    pub list: List,
    /// The number of the faulty entry; for [`Flaw::RowDiffers`] the last one.
    pub seq: i32,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What is wrong with a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadFlaw {
    /// The head with this number is missing.
    Missing,
    /// It names another predecessor, or covers less than it.
    Unlinked,
    /// The hash is not that of its content.
    WrongHash,
    /// No trusted key signed it.
    Distrusted,
    /// A head with this number and another hash was kept elsewhere.
    NotAsKept,
}

/// The first flaw of the heads: of those that follow nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadFault {
    /// The head.
    pub number: i64,
    /// What is wrong.
    pub flaw: HeadFlaw,
}

/// What is known of history from outside the database.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Whose signatures are believed. Without keys, heads are checked but for their signatures.
    pub keys: Option<&'a HistoryKeys>,
    /// Heads that were kept elsewhere.
    pub kept: &'a [HeadMark],
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Claims checked.
    pub claims: u64,
    /// Entries of history checked.
    pub entries: u64,
    /// The first flaw of each list of a faulty claim.
    pub faults: Vec<Fault>,
    /// Heads checked.
    pub heads: u64,
    /// The newest of them that is right.
    pub newest: Option<HeadMark>,
    /// The first flaw of the heads.
    pub head_fault: Option<HeadFault>,
    /// Entries of history and notes that no head lists yet.
    pub unsigned: u64,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty() && self.head_fault.is_none()
    }

    /// Adds a flaw, unless an earlier one of the same list is known.
    fn add(&mut self, fault: Fault) {
        match self.faults.iter_mut().find(|known| known.claim == fault.claim && known.list == fault.list) {
            Some(known) if known.seq <= fault.seq => {}
            Some(known) => *known = Fault { number: known.number, ..fault },
            None => self.faults.push(fault),
        }
    }
}

/// Checks all claims against themselves and against the heads, without anything from outside the database.
///
/// # Errors
/// What the database says; what is wrong with the history is in the report.
pub async fn verify(database: &Database) -> Result<Report, StoreError> {
    verify_against(database, Evidence { keys: None, kept: &[] }).await
}

/// Checks all claims against themselves, and then against the signed heads and what is known from outside. Bounded in memory; the
/// server may go on working meanwhile.
///
/// # Errors
/// As [`verify`].
pub async fn verify_against(database: &Database, evidence: Evidence<'_>) -> Result<Report, StoreError> {
    let mut report = Report::default();
    verify_claims(database, &mut report).await?;
    signed::check(database, evidence, &mut report).await?;
    Ok(report)
}

async fn verify_claims(database: &Database, report: &mut Report) -> Result<(), StoreError> {
    let mut conn = database.read().await?;
    let mut after = Uuid::nil();
    loop {
        // One snapshot, so that a command on its way is seen whole or not at all.
        let mut snapshot = conn.build_transaction().read_only().repeatable_read();
        let batch: Batch = snapshot.run(async |conn| load(conn, after).await).await?;
        let Some(last) = batch.ids.last().copied() else { return Ok(()) };
        after = last.0;
        batch.check(report);
    }
}
