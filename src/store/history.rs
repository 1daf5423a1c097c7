//! The history of claims.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::{Queryable, Selectable};
use uuid::Uuid;

use super::codec;
use super::errors::StoreError;
use super::feed::FeedEntry;
use super::hanging::{Hanging, Numbered};
use super::schema::history;
use super::scope::Relation;
use super::words::{author, word};
use crate::auth::viewer::Viewer;
use crate::domain::actor::Author;
use crate::domain::event::Event;
use crate::domain::ids::{ClaimId, PersonId};
use crate::domain::status::Status;

/// An entry of a claim's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The claim.
    pub claim: ClaimId,
    /// Its number, from 1, without gaps.
    pub seq: i32,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The code of what happened.
    pub kind: String,
    /// Who did it, as which role.
    pub by: Author,
    /// The claim's version after it.
    pub version: i32,
    /// Where the claim stood after it.
    pub status: Status,
    body: String,
    event: OnceLock<Event>,
}

impl HistoryRow {
    /// The event whole. Its canonical form is read when somebody asks: most lists show no more than its head.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if the stored form is not the canonical one.
    pub fn event(&self) -> Result<&Event, StoreError> {
        if let Some(event) = self.event.get() {
            return Ok(event);
        }
        let event = codec::decode(&self.body)?.event;
        Ok(self.event.get_or_init(|| event))
    }

    /// The entry behind an event that the viewer may see; `None` for those who do not read history.
    #[must_use]
    pub fn of_feed(entry: &FeedEntry, viewer: &Viewer) -> Option<Self> {
        viewer.reads_whole().then(|| Self {
            claim: entry.owner.id,
            seq: entry.seq,
            at: entry.at,
            kind: entry.kind.clone(),
            by: entry.by,
            version: entry.version,
            status: entry.status,
            body: entry.body.clone(),
            event: OnceLock::new(),
        })
    }
}

/// The columns of `history` that are read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = history, check_for_backend(Pg))]
pub(super) struct HistoryRecord {
    claim_id: Uuid,
    seq: i32,
    at: DateTime<Utc>,
    kind: String,
    by_kind: String,
    by_person: Option<Uuid>,
    by_role: Option<String>,
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
            at: record.at,
            by: author(&record.by_kind, record.by_person, record.by_role.as_deref())?,
            kind: record.kind,
            version: record.version,
            status: word(&record.status, Status::from_code)?,
            body: record.body,
            event: OnceLock::new(),
        })
    }
}

impl Numbered for HistoryRow {
    const PLACE: &'static str = "history.seq";
    const AUTHOR: Option<&'static str> = Some("by_person");

    fn place(record: &HistoryRecord) -> i32 {
        record.seq
    }

    fn author(&self) -> Option<PersonId> {
        self.by.person()
    }
}
