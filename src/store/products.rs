//! The products of claims.

use diesel::sql_types::{Integer, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

use super::errors::StoreError;
use super::hanging::{Hanging, Numbered};
use super::record::record;
use super::scope::Relation;
use crate::domain::ids::{ClaimId, ProductLineId, SubscriptionId};
use crate::domain::product::{ProductCode, ProductLine};

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

record! {
    /// The columns of `claim_products`.
    ProductRecord {
        id: Uuid = SqlUuid,
        claim_id: Uuid = SqlUuid,
        position: i32 = Integer,
        product_code: String = Text,
        subscription_id: Option<Uuid> = Nullable<SqlUuid>,
    }
}

impl Hanging for ProductRow {
    type Record = ProductRecord;
    const RELATION: Relation = Relation::Products;
    const ORDER: &'static str = "t.position";

    fn claim(record: &ProductRecord) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: ProductRecord) -> Result<Self, StoreError> {
        let line = ProductLine {
            id: ProductLineId(record.id),
            product: ProductCode(record.product_code),
            subscription: record.subscription_id.map(SubscriptionId),
        };
        Ok(Self { claim: ClaimId(record.claim_id), position: record.position, line })
    }
}

impl Numbered for ProductRow {
    const PLACE: &'static str = "t.position";

    fn place(record: &ProductRecord) -> i32 {
        record.position
    }
}
