//! What reviewers missed in claims.

use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

use super::errors::StoreError;
use super::hanging::Hanging;
use super::record::{code, record};
use super::scope::Relation;
use crate::domain::ids::{ClaimId, ProductLineId};
use crate::domain::reason::{Finding, FindingKind};

/// What a finding belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingOf {
    /// The latest request for action.
    Request,
    /// The latest rejection.
    Rejection,
}

/// A finding on a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    /// What it belongs to.
    pub of: FindingOf,
    /// The finding.
    pub finding: Finding,
}

record! {
    /// The columns of `claim_findings`.
    FindingRecord {
        claim_id: Uuid = SqlUuid,
        belongs_to: String = Text,
        kind: String = Text,
        product_line_id: Option<Uuid> = Nullable<SqlUuid>,
        words: Option<String> = Nullable<Text>,
    }
}

impl Hanging for FindingRow {
    type Record = FindingRecord;
    const RELATION: Relation = Relation::Findings;
    const ORDER: &'static str = "t.belongs_to, t.position";

    fn claim(record: &FindingRecord) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: FindingRecord) -> Result<Self, StoreError> {
        let of = |text: &str| match text {
            "REQUEST" => Some(FindingOf::Request),
            "REJECTION" => Some(FindingOf::Rejection),
            _ => None,
        };
        let kind = code(&record.kind, FindingKind::from_code)?;
        let finding = Finding { kind, product: record.product_line_id.map(ProductLineId), words: record.words };
        Ok(Self { of: code(&record.belongs_to, of)?, finding })
    }
}
