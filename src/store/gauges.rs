//! Numbers that tell an operator whether the work that is owed is being done.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use super::database::Conn;
use super::errors::StoreError;
use super::sql::Sql;

/// What the tables say of work that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Events that have no position in the feed yet.
    pub unnumbered: i64,
    /// When the oldest of them happened, in the claims' time.
    pub unnumbered_since: Option<DateTime<Utc>>,
    /// The feed's newest position.
    pub feed_head: i64,
    /// Notices whose recipients are not worked out yet.
    pub unaddressed: i64,
    /// Deliveries that wait for a first or another try.
    pub undelivered: i64,
    /// For when the earliest of them was planned, in real time; later than now if all of them wait for their next try.
    pub undelivered_since: Option<DateTime<Utc>>,
    /// Deliveries that were given up.
    pub dead: i64,
    /// Uploads that no document uses yet, by state.
    pub uploads: Vec<(String, i64)>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    unnumbered: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    unnumbered_since: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    feed_head: i64,
    #[diesel(sql_type = BigInt)]
    unaddressed: i64,
    #[diesel(sql_type = BigInt)]
    undelivered: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    undelivered_since: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    dead: i64,
}

#[derive(QueryableByName)]
struct UploadRow {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    uploads: i64,
}

/// Counts the work that is owed. What is done is not looked at: every count is over a short table or a partial index.
///
/// # Errors
/// What the database says.
pub async fn backlog(conn: &mut Conn) -> Result<Backlog, StoreError> {
    let row: Row = Sql::new(
        "SELECT (SELECT count(*) FROM feed_pending) AS unnumbered,
             (SELECT min(h.at) FROM feed_pending p JOIN history h ON h.claim_id = p.claim_id AND h.seq = p.seq) AS unnumbered_since,
             (SELECT coalesce(max(position), 0) FROM feed) AS feed_head,
             (SELECT count(*) FROM outbox WHERE state = 'PENDING' AND audience <> 'ELIGIBILITY_SYSTEM') AS unaddressed,
             (SELECT count(*) FROM notice_deliveries WHERE state = 'PENDING') AS undelivered,
             (SELECT min(next_attempt_at) FROM notice_deliveries WHERE state = 'PENDING') AS undelivered_since,
             (SELECT count(*) FROM notice_deliveries WHERE state = 'DEAD') AS dead",
    )
    .get_result(conn)
    .await?;
    let uploads: Vec<UploadRow> =
        Sql::new("SELECT state, count(*) AS uploads FROM uploads WHERE state <> 'ATTACHED' GROUP BY state ORDER BY state")
            .load(conn)
            .await?;
    Ok(Backlog {
        unnumbered: row.unnumbered,
        unnumbered_since: row.unnumbered_since,
        feed_head: row.feed_head,
        unaddressed: row.unaddressed,
        undelivered: row.undelivered,
        undelivered_since: row.undelivered_since,
        dead: row.dead,
        uploads: uploads.into_iter().map(|row| (row.state, row.uploads)).collect(),
    })
}
