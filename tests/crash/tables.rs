//! What the tables say at the end, as plain data for the checker.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_postgres::{Client, NoTls, Row};
use uuid::Uuid;

/// How long the database may take to recover.
const RECOVERY_LIMIT: Duration = Duration::from_secs(60);
/// How often to look.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// An entry of a claim's history.
#[derive(Clone, Debug)]
pub struct Entry {
    pub claim: Uuid,
    pub seq: i32,
    pub kind: String,
    pub status: String,
    /// The canonical body.
    pub body: String,
}

/// A claim's row.
#[derive(Clone, Debug)]
pub struct ClaimRow {
    pub id: Uuid,
    /// The slug of its organization.
    pub organization: String,
    /// The handle of whom it is assigned to.
    pub assignee: Option<String>,
}

/// Where a notice stands.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: Uuid,
    pub claim: Uuid,
    pub seq: i32,
    pub is_sent: bool,
}

/// What the tables say.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    pub claims: Vec<ClaimRow>,
    /// By claim and number.
    pub history: Vec<Entry>,
    /// In the order of positions: the position, the claim, the entry's number.
    pub feed: Vec<(i64, Uuid, i32)>,
    /// Entries that wait for a position.
    pub pending: i64,
    /// Claim and words of each internal note.
    pub notes: Vec<(Uuid, String)>,
    pub comments: HashSet<(Uuid, i32)>,
    pub outbox: HashSet<(Uuid, i32)>,
    /// Claim and description of each document.
    pub documents: Vec<(Uuid, String)>,
    pub deliveries: Vec<Delivery>,
    /// Keys whose answers are kept.
    pub answers: HashSet<Uuid>,
}

/// Reads everything in one snapshot.
pub async fn read(url: &str) -> Tables {
    let client = connect(url).await;
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    let rows = async |select: &str| client.query(select, &[]).await.unwrap();
    let claims = "SELECT c.id::text, o.slug, p.subject FROM claims c JOIN organizations o ON o.id = c.organization_id
        LEFT JOIN people p ON p.id = c.assignee_id";
    let history = "SELECT claim_id::text, seq, kind, status, body FROM history ORDER BY claim_id, seq";
    let deliveries = "SELECT id::text, claim_id::text, seq, state = 'SENT' FROM notice_deliveries";
    let feed = "SELECT claim_id::text, seq, position FROM feed ORDER BY position";
    Tables {
        claims: rows(claims).await.iter().map(claim).collect(),
        history: rows(history).await.iter().map(entry).collect(),
        feed: rows(feed).await.iter().map(|row| (row.get(2), id(row, 0), row.get(1))).collect(),
        pending: rows("SELECT count(*) FROM feed_pending").await[0].get(0),
        notes: rows("SELECT claim_id::text, body FROM notes").await.iter().map(words).collect(),
        comments: rows("SELECT claim_id::text, seq FROM comments").await.iter().map(place).collect(),
        outbox: rows("SELECT claim_id::text, seq FROM outbox").await.iter().map(place).collect(),
        documents: rows("SELECT claim_id::text, description FROM documents").await.iter().map(words).collect(),
        deliveries: rows(deliveries).await.iter().map(delivery).collect(),
        answers: rows("SELECT key::text FROM idempotency").await.iter().map(|row| id(row, 0)).collect(),
    }
}

fn id(row: &Row, column: usize) -> Uuid {
    row.get::<_, &str>(column).parse().unwrap()
}

fn claim(row: &Row) -> ClaimRow {
    ClaimRow { id: id(row, 0), organization: row.get(1), assignee: row.get(2) }
}

fn entry(row: &Row) -> Entry {
    Entry { claim: id(row, 0), seq: row.get(1), kind: row.get(2), status: row.get(3), body: row.get(4) }
}

fn delivery(row: &Row) -> Delivery {
    Delivery { id: id(row, 0), claim: id(row, 1), seq: row.get(2), is_sent: row.get(3) }
}

fn place(row: &Row) -> (Uuid, i32) {
    (id(row, 0), row.get(1))
}

fn words(row: &Row) -> (Uuid, String) {
    (id(row, 0), row.get::<_, Option<String>>(1).unwrap_or_default())
}

/// How many events wait for a position.
pub async fn pending(url: &str) -> i64 {
    connect(url).await.query_one("SELECT count(*) FROM feed_pending", &[]).await.unwrap().get(0)
}

/// Adds the deliveries that were made since the tables were read: letters may have been written meanwhile.
pub async fn add_deliveries(url: &str, tables: &mut Tables) {
    let known: HashSet<Uuid> = tables.deliveries.iter().map(|delivery| delivery.id).collect();
    let select = "SELECT id::text, claim_id::text, seq, false FROM notice_deliveries";
    let rows = connect(url).await.query(select, &[]).await.unwrap();
    let all = rows.iter().map(delivery);
    tables.deliveries.extend(all.filter(|delivery| !known.contains(&delivery.id)));
}

/// The newest position.
pub async fn newest(url: &str) -> i64 {
    connect(url).await.query_one("SELECT coalesce(max(position), 0) FROM feed", &[]).await.unwrap().get(0)
}

/// Runs statements outside of a transaction, one at a time.
pub async fn settle(url: &str, statements: &str) {
    let client = connect(url).await;
    for statement in statements.split("; ") {
        client.batch_execute(statement).await.unwrap();
    }
}

/// Makes it a demo whose clock can be moved, without the demo's people and claims.
pub async fn begin_clock(url: &str) {
    connect(url).await.batch_execute("INSERT INTO demo_clock (offset_micros) VALUES (0)").await.unwrap();
}

/// Moves the claims' clock; servers look at it every second.
pub async fn set_clock_ahead(url: &str, hours: i64) {
    let micros = hours * 3_600_000_000;
    let update = format!("UPDATE demo_clock SET offset_micros = {micros}");
    // A database that ran out of disk may go down once more.
    while connect(url).await.batch_execute(&update).await.is_err() {}
}

/// A connection past all wires; waits while the database recovers.
async fn connect(url: &str) -> Client {
    let deadline = Instant::now() + RECOVERY_LIMIT;
    loop {
        match tokio_postgres::connect(url, NoTls).await {
            Ok((client, connection)) => {
                tokio::spawn(connection);
                return client;
            }
            Err(error) => assert!(Instant::now() < deadline, "the database does not recover: {error}"),
        }
        sleep(LOOK_EVERY).await;
    }
}
