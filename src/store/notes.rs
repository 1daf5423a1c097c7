//! Internal notes of reviewers: a list of their own, with numbers of their own.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::{Queryable, Selectable};
use uuid::Uuid;

use super::errors::StoreError;
use super::hanging::{Hanging, Numbered};
use super::schema::notes;
use super::scope::Relation;
use super::words::word;
use crate::domain::actor::Role;
use crate::domain::ids::{ClaimId, NoteId, PersonId};

pub use super::note_write::insert;

/// An internal note on a claim. Partners and customers never learn that there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Identity.
    pub id: NoteId,
    /// The claim.
    pub claim: ClaimId,
    /// Its number among the notes of the claim.
    pub seq: i32,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Who wrote it.
    pub by: PersonId,
    /// As which role.
    pub role: Role,
    /// The text.
    pub body: String,
}

/// The columns of `notes` that are read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = notes, check_for_backend(Pg))]
pub(super) struct NoteRecord {
    id: Uuid,
    claim_id: Uuid,
    seq: i32,
    at: DateTime<Utc>,
    by_person: Uuid,
    by_role: String,
    body: String,
}

impl Hanging for NoteRow {
    type Record = NoteRecord;
    const RELATION: Relation = Relation::Notes;
    const ORDER: &'static str = "notes.seq";

    fn claim(record: &NoteRecord) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: NoteRecord) -> Result<Self, StoreError> {
        Ok(Self {
            id: NoteId(record.id),
            claim: ClaimId(record.claim_id),
            seq: record.seq,
            at: record.at,
            by: PersonId(record.by_person),
            role: word(&record.by_role, Role::from_code)?,
            body: record.body,
        })
    }
}

impl Numbered for NoteRow {
    const PLACE: &'static str = "notes.seq";
    const AUTHOR: Option<&'static str> = Some("by_person");

    fn place(record: &NoteRecord) -> i32 {
        record.seq
    }

    fn author(&self) -> Option<PersonId> {
        Some(self.by)
    }
}
