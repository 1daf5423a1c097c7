//! The comments on claims.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::{Queryable, Selectable};
use uuid::Uuid;

use super::errors::StoreError;
use super::hanging::{Hanging, Numbered};
use super::schema::comments;
use super::scope::Relation;
use super::words::word;
use crate::domain::actor::Role;
use crate::domain::ids::{ClaimId, CommentId, PersonId};

/// A comment on a claim, read by partner and reviewers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentRow {
    /// Identity.
    pub id: CommentId,
    /// The claim.
    pub claim: ClaimId,
    /// Its number in the claim's history.
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

/// The columns of `comments`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = comments, check_for_backend(Pg))]
pub(super) struct CommentRecord {
    id: Uuid,
    claim_id: Uuid,
    seq: i32,
    at: DateTime<Utc>,
    by_person: Uuid,
    by_role: String,
    body: String,
}

impl Hanging for CommentRow {
    type Record = CommentRecord;
    const RELATION: Relation = Relation::Comments;
    const ORDER: &'static str = "comments.seq";

    fn claim(record: &CommentRecord) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: CommentRecord) -> Result<Self, StoreError> {
        Ok(Self {
            id: CommentId(record.id),
            claim: ClaimId(record.claim_id),
            seq: record.seq,
            at: record.at,
            by: PersonId(record.by_person),
            role: word(&record.by_role, Role::from_code)?,
            body: record.body,
        })
    }
}

impl Numbered for CommentRow {
    const PLACE: &'static str = "comments.seq";
    const AUTHOR: Option<&'static str> = Some("by_person");

    fn place(record: &CommentRecord) -> i32 {
        record.seq
    }

    fn author(&self) -> Option<PersonId> {
        Some(self.by)
    }
}
