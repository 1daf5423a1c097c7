//! The check of history against its signed heads: each entry that was signed is there, with the hash that was signed, at its place in
//! the feed.

use std::collections::HashMap;

use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bytea, Integer, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::database::{Conn, Database};
use super::super::errors::StoreError;
use super::super::heads::{self, Head, HeadMark, Item, List};
use super::super::sql::Sql;
use super::{Evidence, Fault, Flaw, HeadFault, HeadFlaw, Report};
use crate::domain::ids::{ClaimId, ClaimNumber};

/// Entries outside the feed that are told of at most.
const UNPUBLISHED_MAX: i64 = 100;

pub(super) async fn check(database: &Database, evidence: Evidence<'_>, report: &mut Report) -> Result<(), StoreError> {
    let mut conn = database.read().await?;
    let mut last: Option<HeadMark> = None;
    let mut covered = 0;
    while let Some(head) = heads::after(&mut conn, last.map_or(0, |mark| mark.number)).await? {
        if let Err(fault) = sound(&head, last, covered, evidence) {
            report.head_fault = Some(fault);
            break;
        }
        compare(&mut conn, &head, covered, report).await?;
        report.heads += 1;
        (last, covered) = (Some(head.mark()), head.position);
    }
    report.newest = last;
    let reached = last.map_or(0, |mark| mark.number);
    let missing = evidence.kept.iter().map(|kept| kept.number).filter(|number| *number > reached).min();
    if let (None, Some(_)) = (report.head_fault, missing) {
        report.head_fault = Some(HeadFault { number: reached + 1, flaw: HeadFlaw::Missing });
    }
    report.unsigned = unsigned(&mut conn, covered).await?;
    unpublished(&mut conn, report).await?;
    name(&mut conn, report).await
}

/// Whether a head follows from the one before it and is signed.
fn sound(head: &Head, last: Option<HeadMark>, covered: i64, evidence: Evidence<'_>) -> Result<(), HeadFault> {
    let next = last.map_or(0, |mark| mark.number) + 1;
    let listed = head.items.iter().filter(|item| item.list == List::History).count() as i64;
    let is_another = |kept: &HeadMark| kept.number == head.number && kept.hash != head.hash;
    let flaw = if head.number != next {
        return Err(HeadFault { number: next, flaw: HeadFlaw::Missing });
    } else if head.prev_hash != last.map_or(heads::FIRST_PREDECESSOR, |mark| mark.hash) || head.position != covered + listed {
        HeadFlaw::Unlinked
    } else if head.hash != head.right_hash() {
        HeadFlaw::WrongHash
    } else if evidence.keys.is_some_and(|keys| !keys.verify(&head.public_key, &head.hash, &head.signature)) {
        HeadFlaw::Distrusted
    } else if evidence.kept.iter().any(is_another) {
        HeadFlaw::NotAsKept
    } else {
        return Ok(());
    };
    Err(HeadFault { number: head.number, flaw })
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = SqlUuid)]
    claim_id: Uuid,
    #[diesel(sql_type = Integer)]
    seq: i32,
    #[diesel(sql_type = Bytea)]
    hash: Vec<u8>,
}

type Hashes = HashMap<(List, Uuid, i32), Vec<u8>>;

/// Compares what a head lists with what is there.
async fn compare(conn: &mut Conn, head: &Head, covered: i64, report: &mut Report) -> Result<(), StoreError> {
    let mut hashes = stored(conn, head, List::History).await?;
    hashes.extend(stored(conn, head, List::Notes).await?);
    let feed = feed(conn, covered, head.position).await?;
    for (position, item) in (covered + 1..).zip(&head.items) {
        let flaw = match hashes.get(&(item.list, item.claim.0, item.seq)) {
            None => Flaw::Missing,
            Some(hash) if *hash != item.hash => Flaw::NotAsSigned,
            Some(_) if item.list == List::History && feed.get(&position) != Some(&(item.claim.0, item.seq)) => Flaw::FeedDiffers,
            Some(_) => continue,
        };
        report.add(Fault { claim: item.claim, number: None, list: item.list, seq: item.seq, flaw });
    }
    Ok(())
}

async fn stored(conn: &mut Conn, head: &Head, list: List) -> Result<Hashes, StoreError> {
    let items: Vec<&Item> = head.items.iter().filter(|item| item.list == list).collect();
    let sql = match list {
        List::History => Sql::new("SELECT e.claim_id, e.seq, e.hash FROM history e JOIN unnest("),
        List::Notes => Sql::new("SELECT e.claim_id, e.seq, e.hash FROM notes e JOIN unnest("),
    };
    let rows: Vec<Stored> = sql
        .bind::<Array<SqlUuid>, _>(items.iter().map(|item| item.claim.0).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Integer>, _>(items.iter().map(|item| item.seq).collect::<Vec<_>>())
        .push(") AS s (claim_id, seq) ON e.claim_id = s.claim_id AND e.seq = s.seq")
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| ((list, row.claim_id, row.seq), row.hash)).collect())
}

/// What the feed holds between two positions.
async fn feed(conn: &mut Conn, after: i64, until: i64) -> Result<HashMap<i64, (Uuid, i32)>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        position: i64,
        #[diesel(sql_type = SqlUuid)]
        claim_id: Uuid,
        #[diesel(sql_type = Integer)]
        seq: i32,
    }
    let rows: Vec<Row> = Sql::new("SELECT position, claim_id, seq FROM feed WHERE position > ")
        .bind::<BigInt, _>(after)
        .push(" AND position <= ")
        .bind::<BigInt, _>(until)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.position, (row.claim_id, row.seq))).collect())
}

/// How many entries no head lists yet.
async fn unsigned(conn: &mut Conn, covered: i64) -> Result<u64, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        waiting: i64,
    }
    let row: Row = Sql::new("SELECT (SELECT count(*) FROM feed_pending) + (SELECT count(*) FROM feed WHERE position > ")
        .bind::<BigInt, _>(covered)
        .push(") AS waiting")
        .get_result(conn)
        .await?;
    Ok(u64::try_from(row.waiting + heads::unsigned_notes(conn).await?).unwrap_or(0))
}

/// Entries that are neither in the feed nor on their way there. One statement, one snapshot: the sequencer may work meanwhile.
async fn unpublished(conn: &mut Conn, report: &mut Report) -> Result<(), StoreError> {
    let rows: Vec<Stored> = Sql::new(
        "SELECT h.claim_id, h.seq, h.hash FROM history h
         LEFT JOIN feed f ON f.claim_id = h.claim_id AND f.seq = h.seq
         LEFT JOIN feed_pending p ON p.claim_id = h.claim_id AND p.seq = h.seq
         WHERE f.seq IS NULL AND p.seq IS NULL ORDER BY h.claim_id, h.seq LIMIT ",
    )
    .bind::<BigInt, _>(UNPUBLISHED_MAX)
    .load(conn)
    .await?;
    for row in rows {
        let (claim, flaw) = (ClaimId(row.claim_id), Flaw::Unpublished);
        report.add(Fault { claim, number: None, list: List::History, seq: row.seq, flaw });
    }
    Ok(())
}

/// Gives faults the numbers of their claims, as far as there are any.
async fn name(conn: &mut Conn, report: &mut Report) -> Result<(), StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    let nameless: Vec<Uuid> = report.faults.iter().filter(|fault| fault.number.is_none()).map(|fault| fault.claim.0).collect();
    let sql = Sql::new("SELECT id, number FROM claims WHERE id = ANY(").bind::<Array<SqlUuid>, _>(nameless).push(")");
    let rows: Vec<Row> = sql.load(conn).await?;
    let numbers: HashMap<Uuid, i64> = rows.into_iter().map(|row| (row.id, row.number)).collect();
    for fault in report.faults.iter_mut().filter(|fault| fault.number.is_none()) {
        fault.number = numbers.get(&fault.claim.0).copied().map(ClaimNumber);
    }
    Ok(())
}
