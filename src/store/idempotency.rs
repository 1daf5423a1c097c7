//! Answers to mutations that carried a key, kept for retries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::database::Conn;
use super::errors::StoreError;
use super::schema::idempotency;
use super::sql::Sql;
use super::transaction::Writes;
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
pub async fn find(mut conn: &Conn, actor: Uuid, key: Uuid) -> Result<Option<Kept>, StoreError> {
    let columns = (idempotency::fingerprint, idempotency::claim_id, idempotency::answer);
    let row: Option<(Vec<u8>, Option<Uuid>, Value)> =
        idempotency::table.find((actor, key)).select(columns).first(&mut conn).await.optional()?;
    row.map(|(fingerprint, claim, answer)| Ok(Kept { fingerprint: hash32(&fingerprint)?, claim: claim.map(ClaimId), answer }))
        .transpose()
}

/// An answer that is to be kept.
#[derive(Clone, Debug)]
pub struct NewAnswer {
    /// Whose key: a person's or a consent link's.
    pub actor: Uuid,
    /// The key.
    pub key: Uuid,
    /// SHA-256 of what was asked.
    pub fingerprint: [u8; 32],
    /// The claim it is about, or made.
    pub claim: Option<ClaimId>,
    /// The answer.
    pub answer: Value,
    /// When it was given.
    pub at: DateTime<Utc>,
}

/// Keeps an answer, in the transaction of what it tells. If another transaction kept one for the same key meanwhile, this one fails
/// with [`StoreError::Duplicate`].
pub fn keep(writes: &mut Writes, new: NewAnswer) {
    let values = (
        idempotency::actor_id.eq(new.actor),
        idempotency::key.eq(new.key),
        idempotency::fingerprint.eq(new.fingerprint.to_vec()),
        idempotency::claim_id.eq(new.claim.map(|claim| claim.0)),
        idempotency::answer.eq(new.answer),
        idempotency::created_at.eq(new.at),
    );
    writes.push(Sql::new("").fragment(diesel::insert_into(idempotency::table).values(values)));
}

/// Forgets answers that were kept before this instant. Returns how many.
///
/// # Errors
/// What the database says.
pub async fn forget_before(conn: &mut Conn, instant: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(idempotency::table.filter(idempotency::created_at.lt(instant))).execute(conn).await?)
}
