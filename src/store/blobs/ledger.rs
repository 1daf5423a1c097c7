//! The ledger of kept bytes: a row for each hash, written before the store is, and gone after the bytes are.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bytea, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use crate::store::database::Conn;
use crate::store::errors::StoreError;
use crate::store::schema::{blob_parts, blobs};
use crate::store::sql::Sql;
use crate::store::words::hash32;

/// Bytes are on their way into the store, or were when a server died.
const ARRIVING: &str = "ARRIVING";
/// Bytes are in the store.
const KEPT: &str = "KEPT";
/// Nothing refers to the bytes and nothing may any more.
const REMOVING: &str = "REMOVING";

#[derive(QueryableByName)]
struct HashRow {
    #[diesel(sql_type = Bytea)]
    sha256: Vec<u8>,
}

#[derive(QueryableByName)]
struct StateRow {
    #[diesel(sql_type = Text)]
    state: String,
}

fn hashes(rows: &[HashRow]) -> Result<Vec<[u8; 32]>, StoreError> {
    rows.iter().map(|row| hash32(&row.sha256)).collect()
}

/// Says that bytes are about to come into the store. Waits for whoever removes the same bytes just now.
///
/// # Errors
/// [`StoreError::Contention`] if they are marked to be removed and nobody does: then the caller may try again later.
pub(super) async fn announce(conn: &mut Conn, sha256: &[u8; 32], size_bytes: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    let rows: Vec<StateRow> = Sql::new("INSERT INTO blobs (sha256, size_bytes, state, touched_at) VALUES (")
        .bind::<Bytea, _>(sha256.to_vec())
        .push(", ")
        .bind::<BigInt, _>(size_bytes)
        .push(", 'ARRIVING', ")
        .bind::<Timestamptz, _>(now)
        .push(
            ") ON CONFLICT (sha256) DO UPDATE SET touched_at = EXCLUDED.touched_at
             WHERE blobs.state <> 'REMOVING' RETURNING state",
        )
        .load(conn)
        .await?;
    match rows.as_slice().first().map(|row| row.state.as_str()) {
        Some(ARRIVING | KEPT) => Ok(()),
        _ => Err(StoreError::Contention("the same bytes are about to be removed".to_owned())),
    }
}

/// Says that bytes are in the store, as part of the transaction that refers to them; false if they were removed meanwhile.
///
/// # Errors
/// What the database says.
pub async fn settle(conn: &mut Conn, sha256: &[u8; 32], now: DateTime<Utc>) -> Result<bool, StoreError> {
    let there = blobs::table.find(sha256.as_slice()).filter(blobs::state.ne(REMOVING));
    let written = diesel::update(there).set((blobs::state.eq(KEPT), blobs::touched_at.eq(now))).execute(conn).await?;
    Ok(written == 1)
}

/// Marks bytes to be removed that nothing refers to and that came before `before`. Answers the hashes of all that are so marked, a
/// bounded number.
///
/// # Errors
/// What the database says.
pub(super) async fn mark_unused(conn: &mut Conn, before: DateTime<Utc>, limit: i64) -> Result<Vec<[u8; 32]>, StoreError> {
    Sql::new(
        "UPDATE blobs SET state = 'REMOVING' WHERE sha256 IN (SELECT sha256 FROM blobs WHERE state <> 'REMOVING'
             AND NOT EXISTS (SELECT FROM uploads WHERE uploads.sha256 = blobs.sha256) AND touched_at <= ",
    )
    .bind::<Timestamptz, _>(before)
    .push(" ORDER BY touched_at LIMIT ")
    .bind::<BigInt, _>(limit)
    .push(" FOR UPDATE SKIP LOCKED)")
    .execute(conn)
    .await?;
    let marked =
        Sql::new("SELECT sha256 FROM blobs WHERE state = 'REMOVING' ORDER BY touched_at LIMIT ").bind::<BigInt, _>(limit);
    let rows: Vec<HashRow> = marked.load(conn).await?;
    hashes(&rows)
}

/// Takes marked bytes for removal, until the transaction ends: false if another server has them, or they are gone, or something refers
/// to them after all (which takes the mark away).
///
/// # Errors
/// What the database says.
pub(super) async fn take_marked(conn: &mut Conn, sha256: &[u8; 32]) -> Result<bool, StoreError> {
    let mine: Vec<HashRow> = Sql::new("SELECT sha256 FROM blobs WHERE state = 'REMOVING' AND sha256 = ")
        .bind::<Bytea, _>(sha256.to_vec())
        .push(" FOR UPDATE SKIP LOCKED")
        .load(conn)
        .await?;
    if mine.is_empty() {
        return Ok(false);
    }
    // A reference that was committed while the mark was made is seen now, and none is made once the mark stands.
    let referred = Sql::new("UPDATE blobs SET state = 'KEPT' WHERE sha256 = ")
        .bind::<Bytea, _>(sha256.to_vec())
        .push(" AND EXISTS (SELECT FROM uploads WHERE uploads.sha256 = blobs.sha256)")
        .execute(conn)
        .await?;
    Ok(referred == 0)
}

/// Forgets bytes that were removed.
///
/// # Errors
/// What the database says.
pub(super) async fn forget(conn: &mut Conn, sha256: &[u8; 32]) -> Result<(), StoreError> {
    diesel::delete(blobs::table.find(sha256.as_slice())).execute(conn).await?;
    Ok(())
}

/// Says that a bucket is to take bytes in parts.
///
/// # Errors
/// What the database says.
pub(super) async fn begin_parts(conn: &mut Conn, sha256: &[u8; 32], id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = (blob_parts::sha256.eq(sha256.as_slice()), blob_parts::multipart_id.eq(id), blob_parts::begun_at.eq(now));
    diesel::insert_into(blob_parts::table).values(row).execute(conn).await?;
    Ok(())
}

/// Says that the parts were put together, or thrown away.
///
/// # Errors
/// What the database says.
pub(super) async fn end_parts(conn: &mut Conn, sha256: &[u8; 32], id: &str) -> Result<(), StoreError> {
    diesel::delete(blob_parts::table.find((sha256.as_slice(), id))).execute(conn).await?;
    Ok(())
}

/// Parts that were begun before `before` and never ended, a bounded number.
///
/// # Errors
/// What the database says.
pub(super) async fn abandoned_parts(
    conn: &mut Conn,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<([u8; 32], String)>, StoreError> {
    let rows: Vec<(Vec<u8>, String)> = blob_parts::table
        .filter(blob_parts::begun_at.le(before))
        .select((blob_parts::sha256, blob_parts::multipart_id))
        .order(blob_parts::begun_at)
        .limit(limit)
        .load(conn)
        .await?;
    rows.into_iter().map(|(sha256, id)| Ok((hash32(&sha256)?, id))).collect()
}
