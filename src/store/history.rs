//! The history of claims.

use diesel::pg::Pg;
use diesel::prelude::{Queryable, Selectable};
use uuid::Uuid;

use super::codec;
use super::errors::StoreError;
use super::feed::FeedEntry;
use super::hanging::{Hanging, Numbered};
use super::schema::history;
use super::scope::Relation;
use super::words::word;
use crate::auth::viewer::Viewer;
use crate::domain::event::Event;
use crate::domain::ids::ClaimId;
use crate::domain::status::Status;

/// An entry of a claim's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The claim.
    pub claim: ClaimId,
    /// Its number, from 1, without gaps.
    pub seq: i32,
    /// The claim's version after it.
    pub version: i32,
    /// Where the claim stood after it.
    pub status: Status,
    /// When it happened, who did it, as which role, and what it was.
    pub event: Event,
}

impl HistoryRow {
    /// The entry behind an event that the viewer may see; `None` for those who do not read history.
    ///
    /// # Errors
    /// [`StoreError`] for a body that cannot be read.
    pub fn of_feed(entry: &FeedEntry, viewer: &Viewer) -> Result<Option<Self>, StoreError> {
        if !viewer.reads_whole() {
            return Ok(None);
        }
        let (claim, seq, version, status) = (entry.owner.id, entry.seq, entry.version, entry.status);
        Ok(Some(Self { claim, seq, version, status, event: codec::decode(&entry.body)?.event }))
    }
}

/// The columns of `history` that are read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = history, check_for_backend(Pg))]
pub(super) struct HistoryRecord {
    claim_id: Uuid,
    seq: i32,
    version: i32,
    status: String,
    body: String,
}

impl Hanging for HistoryRow {
    type Record = HistoryRecord;
    const RELATION: Relation = Relation::History;
    const ORDER: &'static str = "history.seq";

    fn claim(record: &HistoryRecord) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: HistoryRecord) -> Result<Self, StoreError> {
        Ok(Self {
            claim: ClaimId(record.claim_id),
            seq: record.seq,
            version: record.version,
            status: word(&record.status, Status::from_code)?,
            event: codec::decode(&record.body)?.event,
        })
    }
}

impl Numbered for HistoryRow {
    const PLACE: &'static str = "history.seq";

    fn place(record: &HistoryRecord) -> i32 {
        record.seq
    }
}
