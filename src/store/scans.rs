//! What a virus scanner said of bytes, by their hash, and whose turn is next. All instants are real time.
//!
//! Several servers share the work: who takes a file puts its next attempt off, so that nobody else takes it meanwhile.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bytea, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::database::Conn;
use super::errors::StoreError;
use super::sql::Sql;
use super::words::{hash32, word};
use crate::domain::file::ScanState;
use crate::domain::ids::UploadId;

/// A file whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueScan {
    /// Its hash.
    pub sha256: [u8; 32],
    /// Which try this is, from 1.
    pub attempt: i32,
}

#[derive(QueryableByName)]
struct DueRow {
    #[diesel(sql_type = Bytea)]
    sha256: Vec<u8>,
    #[diesel(sql_type = Integer)]
    attempts: i32,
}

/// Remembers what is known of bytes when they come: a verdict, or that one is awaited. A verdict that is there stays, unless this is one.
///
/// # Errors
/// What the database says.
pub async fn note(conn: &mut Conn, sha256: &[u8; 32], state: ScanState, now: DateTime<Utc>) -> Result<(), StoreError> {
    Sql::new("INSERT INTO file_scans (sha256, state, since, next_attempt_at) VALUES (")
        .bind::<Bytea, _>(sha256.to_vec())
        .push(", ")
        .bind::<Text, _>(state.code())
        .push(", ")
        .bind::<Timestamptz, _>(now)
        .push(", ")
        .bind::<Timestamptz, _>(now)
        .push(
            ") ON CONFLICT (sha256) DO UPDATE SET state = excluded.state, since = excluded.since, threat = NULL
             WHERE file_scans.state <> excluded.state AND excluded.state <> 'PENDING'",
        )
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes a verdict on bytes that are known, the same as before or another: `threat` is what was found, if anything.
///
/// # Errors
/// What the database says.
pub async fn settle(conn: &mut Conn, sha256: &[u8; 32], threat: Option<&str>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let state = if threat.is_some() { ScanState::Infected } else { ScanState::Clean };
    Sql::new("UPDATE file_scans SET state = ")
        .bind::<Text, _>(state.code())
        .push(", since = ")
        .bind::<Timestamptz, _>(now)
        .push(", last_error = NULL, threat = ")
        .bind::<Nullable<Text>, _>(threat.map(str::to_owned))
        .push(" WHERE sha256 = ")
        .bind::<Bytea, _>(sha256.to_vec())
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes the file that has waited longest for its turn, and puts its next attempt off to `until`; `None` if none is due.
///
/// # Errors
/// What the database says.
pub async fn take_due(conn: &mut Conn, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Option<DueScan>, StoreError> {
    let rows: Vec<DueRow> = Sql::new("UPDATE file_scans SET attempts = attempts + 1, next_attempt_at = ")
        .bind::<Timestamptz, _>(until)
        .push(" WHERE sha256 = (SELECT sha256 FROM file_scans WHERE state = 'PENDING' AND next_attempt_at <= ")
        .bind::<Timestamptz, _>(now)
        .push(" ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING sha256, attempts")
        .load(conn)
        .await?;
    let due = |row: DueRow| Ok(DueScan { sha256: hash32(&row.sha256)?, attempt: row.attempts });
    rows.into_iter().next().map(due).transpose()
}

/// Puts a file off that got no verdict.
///
/// # Errors
/// What the database says.
pub async fn put_off(conn: &mut Conn, sha256: &[u8; 32], until: DateTime<Utc>, error: &str) -> Result<(), StoreError> {
    Sql::new("UPDATE file_scans SET next_attempt_at = ")
        .bind::<Timestamptz, _>(until)
        .push(", last_error = ")
        .bind::<Text, _>(error.to_owned())
        .push(" WHERE state = 'PENDING' AND sha256 = ")
        .bind::<Bytea, _>(sha256.to_vec())
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct StateRow {
    #[diesel(sql_type = Text)]
    state: String,
}

/// How far the scanner is with bytes.
///
/// # Errors
/// What the database says.
pub async fn state(conn: &mut Conn, sha256: &[u8; 32]) -> Result<ScanState, StoreError> {
    let rows: Vec<StateRow> =
        Sql::new("SELECT state FROM file_scans WHERE sha256 = ").bind::<Bytea, _>(sha256.to_vec()).load(conn).await?;
    rows.into_iter().next().map_or(Ok(ScanState::NotScanned), |row| word(&row.state, ScanState::from_code))
}

#[derive(QueryableByName)]
struct UploadRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Those of these uploads whose bytes are infected.
pub(super) async fn infected(mut conn: &AsyncPgConnection, uploads: &[UploadId]) -> Result<Vec<UploadId>, StoreError> {
    if uploads.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<UploadRow> =
        Sql::new("SELECT id FROM uploads JOIN file_scans USING (sha256) WHERE file_scans.state = 'INFECTED' AND id = ANY(")
            .bind::<Array<SqlUuid>, _>(uploads.iter().map(|id| id.0).collect::<Vec<_>>())
            .push(")")
            .load(&mut conn)
            .await?;
    Ok(rows.into_iter().map(|row| UploadId(row.id)).collect())
}

/// Queues the bytes of documents that no scanner has seen: those that came before there was one. Answers how many, `limit` at most.
///
/// # Errors
/// What the database says.
pub async fn queue_unseen(conn: &mut Conn, now: DateTime<Utc>, limit: i64) -> Result<usize, StoreError> {
    let queued = Sql::new("INSERT INTO file_scans (sha256, state, since, next_attempt_at) SELECT DISTINCT sha256, 'PENDING', ")
        .bind::<Timestamptz, _>(now)
        .push(", ")
        .bind::<Timestamptz, _>(now)
        .push(" FROM documents WHERE NOT EXISTS (SELECT FROM file_scans known WHERE known.sha256 = documents.sha256) LIMIT ")
        .bind::<BigInt, _>(limit)
        .push(" ON CONFLICT DO NOTHING")
        .execute(conn)
        .await?;
    Ok(queued)
}

/// Forgets what was said of bytes that no upload and no document refers to any more, if it was said before `before`.
///
/// # Errors
/// What the database says.
pub async fn forget_unused(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let forgotten = Sql::new("DELETE FROM file_scans WHERE since < ")
        .bind::<Timestamptz, _>(before)
        .push(
            " AND NOT EXISTS (SELECT FROM uploads WHERE uploads.sha256 = file_scans.sha256)
              AND NOT EXISTS (SELECT FROM documents WHERE documents.sha256 = file_scans.sha256)",
        )
        .execute(conn)
        .await?;
    Ok(forgotten)
}
