//! Answers to mutations that carried a key, kept for retries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::database::Conn;
use super::errors::StoreError;
use super::schema::idempotency;
use super::words::hash32;
use crate::domain::ids::ClaimId;

/// An answer that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of what was asked.
    pub fingerprint: [u8; 32],
    /// The claim it was about, or made.
    pub claim: Option<ClaimId>,
    /// The answer.
    pub answer: Value,
}

/// The answer kept for this actor (a person or a consent link) and key.
///
/// # Errors
/// What the database says.
pub async fn find(conn: &mut Conn, actor: Uuid, key: Uuid) -> Result<Option<Kept>, StoreError> {
    let columns = (idempotency::fingerprint, idempotency::claim_id, idempotency::answer);
    let row: Option<(Vec<u8>, Option<Uuid>, Value)> =
        idempotency::table.find((actor, key)).select(columns).first(conn).await.optional()?;
    row.map(|(fingerprint, claim, answer)| Ok(Kept { fingerprint: hash32(&fingerprint)?, claim: claim.map(ClaimId), answer }))
        .transpose()
}

/// Keeps an answer, in the transaction of what it tells.
///
/// # Errors
/// [`StoreError::Duplicate`] if another transaction kept one for the same key meanwhile; else what the database says.
pub async fn keep(
    conn: &mut Conn,
    actor: Uuid,
    key: Uuid,
    fingerprint: [u8; 32],
    claim: Option<ClaimId>,
    answer: &Value,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::actor_id.eq(actor),
            idempotency::key.eq(key),
            idempotency::fingerprint.eq(fingerprint.as_slice()),
            idempotency::claim_id.eq(claim.map(|claim| claim.0)),
            idempotency::answer.eq(answer),
            idempotency::created_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets answers that were kept before this instant. Returns how many.
///
/// # Errors
/// What the database says.
pub async fn forget_before(conn: &mut Conn, instant: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(idempotency::table.filter(idempotency::created_at.lt(instant))).execute(conn).await?)
}
