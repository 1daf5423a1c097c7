//! The clocks of claims that have not ended.

use super::claim_parts::ClockRow as Stored;
use super::errors::StoreError;
use super::hanging::Hanging;
use super::scope::Relation;
use crate::domain::clock::Clock;
use crate::domain::ids::ClaimId;

impl Hanging for Clock {
    type Record = Stored;
    const RELATION: Relation = Relation::Clocks;
    const ORDER: &'static str = "claim_clocks.expires_at, claim_clocks.kind";

    fn claim(record: &Stored) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: Stored) -> Result<Self, StoreError> {
        record.into_clock()
    }
}
