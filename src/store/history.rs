//! The history of claims.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::claim_record::author;
use super::errors::StoreError;
use super::hanging::{Hanging, Numbered};
use super::record::{code, record};
use super::scope::Relation;
use crate::domain::actor::Author;
use crate::domain::ids::ClaimId;
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
    /// Who did it.
    pub by: Author,
    /// The claim's version after it.
    pub version: i32,
    /// Where the claim stood after it.
    pub status: Status,
}

record! {
    /// The columns of `history` that are read.
    HistoryRecord {
        claim_id: Uuid = SqlUuid,
        seq: i32 = Integer,
        at: DateTime<Utc> = Timestamptz,
        by_kind: String = Text,
        by_person: Option<Uuid> = Nullable<SqlUuid>,
        by_role: Option<String> = Nullable<Text>,
        version: i32 = Integer,
        status: String = Text,
    }
}

impl Hanging for HistoryRow {
    type Record = HistoryRecord;
    const RELATION: Relation = Relation::History;
    const ORDER: &'static str = "t.seq";

    fn claim(record: &HistoryRecord) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: HistoryRecord) -> Result<Self, StoreError> {
        Ok(Self {
            claim: ClaimId(record.claim_id),
            seq: record.seq,
            at: record.at,
            by: author(&record.by_kind, record.by_person, record.by_role.as_deref())?,
            version: record.version,
            status: code(&record.status, Status::from_code)?,
        })
    }
}

impl Numbered for HistoryRow {
    const PLACE: &'static str = "t.seq";

    fn place(record: &HistoryRecord) -> i32 {
        record.seq
    }
}
