//! The feed: every committed event once, under a contiguous position, in order per claim.
//!
//! A serial number drawn inside a transaction would lose events: one that commits late appears behind readers that are past it. So
//! events are numbered after their commit, by whoever holds the sequencer's lock.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::database::Conn;
use super::errors::StoreError;
use super::sql::Sql;
use super::words::word;
use crate::auth::viewer::ClaimOwner;
use crate::domain::details::MpnId;
use crate::domain::ids::{ClaimId, OrganizationId};
use crate::domain::status::Status;

/// Events numbered in one transaction.
pub const SEQUENCE_BATCH: i64 = 2_000;
/// The advisory lock of the sequencer: "feed" in ASCII.
const SEQUENCER_LOCK: i64 = 0x6665_6564;

/// What a run of the sequencer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequenced {
    /// It numbered so many events.
    Moved(usize),
    /// Another server is at it.
    LockedByAnother,
}

/// An event with its position, and what must be known of its claim to tell who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its position, from 1, without gaps.
    pub position: i64,
    /// The claim as it is now, as far as visibility goes.
    pub owner: ClaimOwner,
    /// Its number in the claim's history.
    pub seq: i32,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Its kind.
    pub kind: String,
    /// The claim's version after it.
    pub version: i32,
    /// Where the claim stood after it.
    pub status: Status,
    /// Whether the status before it was another.
    pub changes_status: bool,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

/// Numbers what was committed and is not numbered yet, up to [`SEQUENCE_BATCH`]. Runs in a transaction of its own.
///
/// # Errors
/// What the database says.
pub async fn sequence(conn: &mut Conn) -> Result<Sequenced, StoreError> {
    let lock = Sql::new("SELECT pg_try_advisory_xact_lock(").bind::<BigInt, _>(SEQUENCER_LOCK).push(") AS locked");
    if !lock.get_result::<Locked>(conn).await?.locked {
        return Ok(Sequenced::LockedByAnother);
    }
    // A statement sees what was committed before it began, so it begins after the lock: what the last holder numbered is seen.
    // In order per claim: a claim's entries are all committed up to the newest that is.
    let sql = Sql::new(
        "WITH batch AS (
             SELECT p.claim_id, p.seq, h.at FROM feed_pending p JOIN history h USING (claim_id, seq)
             ORDER BY h.at, p.claim_id, p.seq LIMIT ",
    )
    .bind::<BigInt, _>(SEQUENCE_BATCH)
    .push(
        "), taken AS (
             DELETE FROM feed_pending p USING batch b WHERE p.claim_id = b.claim_id AND p.seq = b.seq
             RETURNING p.claim_id, p.seq, b.at
         )
         INSERT INTO feed (position, claim_id, seq)
         SELECT (SELECT coalesce(max(position), 0) FROM feed) + row_number() OVER (ORDER BY at, claim_id, seq), claim_id, seq
         FROM taken",
    );
    Ok(Sequenced::Moved(sql.execute(conn).await?))
}

/// The newest position, 0 while there is none.
///
/// # Errors
/// What the database says.
pub async fn head(conn: &mut Conn) -> Result<i64, StoreError> {
    #[derive(QueryableByName)]
    struct Head {
        #[diesel(sql_type = BigInt)]
        head: i64,
    }
    let head: Head = Sql::new("SELECT coalesce(max(position), 0) AS head FROM feed").get_result(conn).await?;
    Ok(head.head)
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = SqlUuid)]
    claim_id: Uuid,
    #[diesel(sql_type = Integer)]
    seq: i32,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<Text>)]
    status_before: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    organization_id: Uuid,
    #[diesel(sql_type = Text)]
    location: String,
    #[diesel(sql_type = Bool)]
    is_assessed: bool,
}

/// The entries after a position, in order, `limit` at most.
///
/// # Errors
/// What the database says.
pub async fn after(conn: &mut Conn, position: i64, limit: i64) -> Result<Vec<FeedEntry>, StoreError> {
    let sql = Sql::new(
        "SELECT f.position, f.claim_id, f.seq, h.at, h.kind, h.version, h.status, b.status AS status_before, c.organization_id,
                c.location, coalesce(c.assessment <> 'NOT_SENT', false) AS is_assessed
         FROM feed f
         JOIN history h USING (claim_id, seq)
         LEFT JOIN history b ON b.claim_id = f.claim_id AND b.seq = f.seq - 1
         JOIN claims c ON c.id = f.claim_id
         WHERE f.position > ",
    )
    .bind::<BigInt, _>(position)
    .push(" ORDER BY f.position LIMIT ")
    .bind::<BigInt, _>(limit);
    let rows: Vec<Row> = sql.load(conn).await?;
    rows.into_iter().map(entry).collect()
}

fn entry(row: Row) -> Result<FeedEntry, StoreError> {
    let changes_status = row.status_before.as_deref() != Some(row.status.as_str());
    Ok(FeedEntry {
        position: row.position,
        owner: ClaimOwner {
            id: ClaimId(row.claim_id),
            organization: OrganizationId(row.organization_id),
            location: word(&row.location, MpnId::parse)?,
            is_assessed: row.is_assessed,
        },
        seq: row.seq,
        at: row.at,
        kind: row.kind,
        version: row.version,
        status: word(&row.status, Status::from_code)?,
        changes_status,
    })
}
