//! The products of claims.

use super::claim_parts::ProductRow as Stored;
use super::errors::StoreError;
use super::hanging::{Hanging, Numbered};
use super::scope::Relation;
use crate::domain::ids::{ClaimId, PersonId};
use crate::domain::product::ProductLine;

/// A product of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    /// The claim.
    pub claim: ClaimId,
    /// Its place in the claim's list.
    pub position: i32,
    /// The line.
    pub line: ProductLine,
}

impl Hanging for ProductRow {
    type Record = Stored;
    const RELATION: Relation = Relation::Products;
    const ORDER: &'static str = "claim_products.position";

    fn claim(record: &Stored) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: Stored) -> Result<Self, StoreError> {
        Ok(Self { claim: ClaimId(record.claim_id), position: record.position, line: record.into_line() })
    }
}

impl Numbered for ProductRow {
    const PLACE: &'static str = "claim_products.position";
    const AUTHOR: Option<&'static str> = None;

    fn place(record: &Stored) -> i32 {
        record.position
    }

    fn author(&self) -> Option<PersonId> {
        None
    }
}
