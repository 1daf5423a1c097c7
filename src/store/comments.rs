//! The comments on claims.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Integer, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::errors::StoreError;
use super::hanging::{Hanging, Numbered};
use super::record::{code, record};
use super::scope::Relation;
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

record! {
    /// The columns of `comments`.
    CommentRecord {
        id: Uuid = SqlUuid,
        claim_id: Uuid = SqlUuid,
        seq: i32 = Integer,
        at: DateTime<Utc> = Timestamptz,
        by_person: Uuid = SqlUuid,
        by_role: String = Text,
        body: String = Text,
    }
}

impl Hanging for CommentRow {
    type Record = CommentRecord;
    const RELATION: Relation = Relation::Comments;
    const ORDER: &'static str = "t.seq";

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
            role: code(&record.by_role, Role::from_code)?,
            body: record.body,
        })
    }
}

impl Numbered for CommentRow {
    const PLACE: &'static str = "t.seq";

    fn place(record: &CommentRecord) -> i32 {
        record.seq
    }
}
