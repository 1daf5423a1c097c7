//! What reviewers missed in claims.

use super::claim_parts::{FindingRow as Stored, OF_REJECTION, OF_REQUEST};
use super::errors::StoreError;
use super::hanging::Hanging;
use super::scope::Relation;
use super::words::word;
use crate::domain::ids::ClaimId;
use crate::domain::reason::Finding;

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

impl Hanging for FindingRow {
    type Record = Stored;
    const RELATION: Relation = Relation::Findings;
    const ORDER: &'static str = "claim_findings.belongs_to, claim_findings.position";

    fn claim(record: &Stored) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: Stored) -> Result<Self, StoreError> {
        let of = |text: &str| match text {
            OF_REQUEST => Some(FindingOf::Request),
            OF_REJECTION => Some(FindingOf::Rejection),
            _ => None,
        };
        Ok(Self { of: word(&record.belongs_to, of)?, finding: record.into_finding()? })
    }
}
