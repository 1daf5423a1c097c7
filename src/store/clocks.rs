//! The clocks of claims that have not ended.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Bool, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::errors::StoreError;
use super::hanging::Hanging;
use super::record::{code, natural, record};
use super::scope::Relation;
use crate::domain::clock::{Clock, ClockKind, ClockState};
use crate::domain::ids::ClaimId;

record! {
    /// The columns of `claim_clocks`.
    ClockRecord {
        claim_id: Uuid = SqlUuid,
        kind: String = Text,
        laid_out_at: DateTime<Utc> = Timestamptz,
        days: i16 = SmallInt,
        expires_at: Option<DateTime<Utc>> = Nullable<Timestamptz>,
        days_left: Option<i16> = Nullable<SmallInt>,
        overdue_recorded: bool = Bool,
    }
}

impl Hanging for Clock {
    type Record = ClockRecord;
    const RELATION: Relation = Relation::Clocks;
    const ORDER: &'static str = "t.expires_at, t.kind";

    fn claim(record: &ClockRecord) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: ClockRecord) -> Result<Self, StoreError> {
        let state = match (record.expires_at, record.days_left) {
            (Some(expires_at), None) => ClockState::Running { expires_at },
            (None, Some(days)) => ClockState::Paused { days_left: natural(days)? },
            _ => return Err(StoreError::corrupt("a clock that neither runs nor stands still")),
        };
        Ok(Self {
            kind: code(&record.kind, ClockKind::from_code)?,
            laid_out_at: record.laid_out_at,
            days: natural(record.days)?,
            state,
            overdue_recorded: record.overdue_recorded,
        })
    }
}
