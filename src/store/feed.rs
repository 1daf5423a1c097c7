//! The feed: all events of all claims, numbered contiguously after their commit, by one server at a time.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::database::Conn;
use super::errors::StoreError;
use super::sql::Sql;
use super::words::{author, word};
use crate::auth::viewer::ClaimOwner;
use crate::domain::actor::Author;
use crate::domain::details::MpnId;
use crate::domain::ids::{ClaimId, ClaimNumber, OrganizationId};
use crate::domain::status::Status;

/// The advisory lock of whoever numbers: `feed` in ASCII.
const SEQUENCER_LOCK: i64 = 0x6665_6564;
/// Events numbered in one transaction at most.
pub const SEQUENCE_BATCH: usize = 1_000;

/// What one turn of numbering did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequenced {
    /// So many events got a position; fewer than [`SEQUENCE_BATCH`] means that no more were waiting.
    Moved {
        /// How many.
        events: usize,
        /// The position of the last one; 0 when there was none.
        head: i64,
    },
    /// Another server is numbering.
    LockedByAnother,
}

/// An event in the feed, with what must be known of its claim to tell who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its position, from 1 and without gaps.
    pub position: i64,
    /// The claim as it is now: whose, where, whether assessed.
    pub owner: ClaimOwner,
    /// The claim's number.
    pub number: ClaimNumber,
    /// The entry's number in the claim's history.
    pub seq: i32,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened, as its stored kind.
    pub kind: String,
    /// Who did it.
    pub by: Author,
    /// The claim's version after it.
    pub version: i32,
    /// The claim's status after it.
    pub status: Status,
    /// Whether the status was another one before; the creation counts.
    pub changes_status: bool,
    /// The canonical body: [`super::codec::decode`] reads it.
    pub body: String,
}

/// Gives positions to waiting events, at most [`SEQUENCE_BATCH`]; inside a transaction, which then must be committed.
///
/// Events of one claim keep their order: they are taken by time, which never decreases within a claim, then by number.
///
/// # Errors
/// What the database says.
pub async fn sequence(conn: &mut Conn) -> Result<Sequenced, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        is_locked: bool,
    }
    #[derive(QueryableByName)]
    struct Told {
        #[diesel(sql_type = BigInt)]
        events: i64,
        #[diesel(sql_type = BigInt)]
        head: i64,
    }
    let row: Row = Sql::new("SELECT pg_try_advisory_xact_lock(")
        .bind::<BigInt, _>(SEQUENCER_LOCK)
        .push(") AS is_locked")
        .get_result(conn)
        .await?;
    if !row.is_locked {
        return Ok(Sequenced::LockedByAnother);
    }
    // A statement of its own, so that it sees what the former holder of the lock committed.
    let told: Told = Sql::new(
        "WITH batch AS (
             SELECT p.claim_id, p.seq, row_number() OVER (ORDER BY h.at, p.claim_id, p.seq) AS place
             FROM feed_pending p JOIN history h ON h.claim_id = p.claim_id AND h.seq = p.seq
             ORDER BY h.at, p.claim_id, p.seq LIMIT ",
    )
    .bind::<BigInt, _>(SEQUENCE_BATCH as i64)
    .push(
        "), gone AS (
             DELETE FROM feed_pending p USING batch b WHERE p.claim_id = b.claim_id AND p.seq = b.seq
         ), told AS (
             INSERT INTO feed (position, claim_id, seq)
             SELECT (SELECT coalesce(max(position), 0) FROM feed) + place, claim_id, seq FROM batch
             RETURNING position
         )
         SELECT count(*) AS events, coalesce(max(position), 0) AS head FROM told",
    )
    .get_result(conn)
    .await?;
    Ok(Sequenced::Moved { events: usize::try_from(told.events).unwrap_or_default(), head: told.head })
}

/// The position of the newest event; 0 when there is none.
///
/// # Errors
/// What the database says.
pub async fn head(conn: &mut Conn) -> Result<i64, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        head: i64,
    }
    let row: Row = Sql::new("SELECT coalesce(max(position), 0) AS head FROM feed").get_result(conn).await?;
    Ok(row.head)
}

#[derive(QueryableByName)]
struct EntryRow {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = SqlUuid)]
    claim_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    organization_id: Uuid,
    #[diesel(sql_type = Text)]
    location: String,
    #[diesel(sql_type = Bool)]
    is_assessed: bool,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Integer)]
    seq: i32,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    by_kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    by_person: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    by_role: Option<String>,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Bool)]
    changes_status: bool,
    #[diesel(sql_type = Text)]
    body: String,
}

impl EntryRow {
    fn into_entry(self) -> Result<FeedEntry, StoreError> {
        let owner = ClaimOwner {
            id: ClaimId(self.claim_id),
            organization: OrganizationId(self.organization_id),
            location: word(&self.location, MpnId::parse)?,
            is_assessed: self.is_assessed,
        };
        Ok(FeedEntry {
            position: self.position,
            owner,
            number: ClaimNumber(self.number),
            seq: self.seq,
            at: self.at,
            kind: self.kind,
            by: author(&self.by_kind, self.by_person, self.by_role.as_deref())?,
            version: self.version,
            status: word(&self.status, Status::from_code)?,
            changes_status: self.changes_status,
            body: self.body,
        })
    }
}

/// At most `limit` events after a position, in order.
///
/// # Errors
/// What the database says.
pub async fn after(conn: &mut Conn, position: i64, limit: i64) -> Result<Vec<FeedEntry>, StoreError> {
    let rows: Vec<EntryRow> = Sql::new(
        "SELECT f.position, f.claim_id, c.organization_id, c.location, c.assessment_sent_at IS NOT NULL AS is_assessed,
             c.number, f.seq, h.at, h.kind, h.by_kind, h.by_person, h.by_role, h.version, h.status,
             b.status IS DISTINCT FROM h.status AS changes_status, h.body
         FROM feed f
         JOIN history h ON h.claim_id = f.claim_id AND h.seq = f.seq
         JOIN claims c ON c.id = f.claim_id
         LEFT JOIN history b ON b.claim_id = f.claim_id AND b.seq = f.seq - 1
         WHERE f.position > ",
    )
    .bind::<BigInt, _>(position)
    .push(" ORDER BY f.position LIMIT ")
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    rows.into_iter().map(EntryRow::into_entry).collect()
}
