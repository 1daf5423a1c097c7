//! What a transaction must know of a claim besides the claim: where its history ends, what time brings next, which programme holds.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bytea, Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::errors::StoreError;
use super::sql::Sql;
use super::words::hash32;
use crate::domain::claim::Claim;
use crate::domain::ids::ClaimId;

/// What is known of a claim under its lock.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The hash of the last entry of its history: what the next one names as its predecessor's.
    pub last_hash: [u8; 32],
    /// The earliest instant at which something is to be recorded: a reminder, or the end of a clock.
    pub next_at: Option<DateTime<Utc>>,
    /// The version of the programme: see [`super::facts::programme_of`].
    pub programme: i64,
}

impl Head {
    /// Whether time has something to record by now.
    #[must_use]
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.next_at.is_some_and(|at| at <= now)
    }
}

/// A head as it was read, before it was held against the claim's row.
#[derive(QueryableByName)]
pub(super) struct Read {
    #[diesel(sql_type = Nullable<Integer>)]
    seq: Option<i32>,
    #[diesel(sql_type = Nullable<Bytea>)]
    hash: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    next_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    programme: i64,
}

impl Read {
    /// The head, if the history ends where the row says.
    pub fn of(self, claim: &Claim) -> Result<Head, StoreError> {
        let last = self.hash.filter(|_| self.seq == Some(claim.sequence));
        let missing = || StoreError::corrupt(format!("the history of claim {} does not end at {}", claim.id, claim.sequence));
        let last_hash = hash32(&last.ok_or_else(missing)?)?;
        Ok(Head { last_hash, next_at: self.next_at, programme: self.programme })
    }
}

/// Reads the head of a claim; to be sent behind the statement that locks the claim.
pub(super) async fn read(mut conn: &AsyncPgConnection, id: ClaimId) -> Result<Read, StoreError> {
    let sql = Sql::new(
        "SELECT last.seq, last.hash, next.at AS next_at, programme_version.version AS programme FROM programme_version
         LEFT JOIN LATERAL (SELECT seq, hash FROM history WHERE claim_id = ",
    )
    .bind::<SqlUuid, _>(id.0)
    .push(" ORDER BY seq DESC LIMIT 1) last ON true CROSS JOIN LATERAL (SELECT min(next_at) AS at FROM claim_clocks WHERE claim_id = ")
    .bind::<SqlUuid, _>(id.0)
    .push(") next");
    Ok(sql.get_result(&mut conn).await?)
}
