//! Making the next head: by one server at a time, and only upon a head that can be trusted.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Bytea, Integer, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::database::{Conn, Database};
use super::super::errors::StoreError;
use super::super::sql::Sql;
use super::super::words::hash32;
use super::{FIRST_PREDECESSOR, Head, HeadMark, HistoryKeys, Item, List, Witness, rows};
use crate::domain::ids::ClaimId;

/// The advisory lock of whoever seals: `head` in ASCII.
const SEALER_LOCK: i64 = 0x6865_6164;
/// Entries of history that one head lists at most, and notes.
pub const HEAD_ENTRIES: i64 = 1_000;

/// What one turn did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// A head was made; if it is full, more may be waiting.
    Head {
        /// Its name.
        mark: HeadMark,
        /// Whether it lists as much as a head can.
        is_full: bool,
    },
    /// There was nothing new.
    Nothing,
    /// Another server is at it.
    LockedByAnother,
}

/// Why no head can be made.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The newest head bears no signature that this server trusts.
    #[error("head {0} of history is not signed by a key that is trusted here: run `cpor verify-history`, see docs/history.md")]
    Distrusted(i64),
    /// The head that was seen last is not there any more.
    #[error("head {0} of history was there and is not any more: run `cpor verify-history`, see docs/history.md")]
    RolledBack(HeadMark),
    /// The feed has a gap.
    #[error("the feed has a gap after position {0}: run `cpor verify-history`")]
    Gap(i64),
}

/// Makes heads with a key, and remembers the newest.
#[derive(Debug)]
pub struct Sealer {
    keys: HistoryKeys,
    witness: Witness,
}

impl Sealer {
    /// With these keys, one of which should sign.
    #[must_use]
    pub fn new(keys: HistoryKeys, witness: Witness) -> Self {
        Self { keys, witness }
    }

    /// Makes a head over what came since the last one, at most [`HEAD_ENTRIES`] of each list. `now` is the real time.
    ///
    /// # Errors
    /// A [`SealError`]; nothing was written then.
    pub async fn seal(&self, database: &Database, now: DateTime<Utc>) -> Result<Sealed, SealError> {
        let mut tx = database.begin().await?;
        if !lock(&mut tx).await? {
            tx.roll_back().await?;
            return Ok(Sealed::LockedByAnother);
        }
        let last = rows::newest(&mut tx).await?;
        self.check(&mut tx, last.as_ref()).await?;
        let seen = last.as_ref().map(Head::mark);
        let head = self.next(&mut tx, last.as_ref(), now).await?;
        if let Some(head) = &head {
            rows::insert(&mut tx, head).await?;
        }
        tx.commit().await?;
        if let Some(mark) = head.as_ref().map(Head::mark).or(seen) {
            self.remember(mark)?;
        }
        Ok(head.map_or(Sealed::Nothing, |head| Sealed::Head { mark: head.mark(), is_full: is_full(&head) }))
    }

    /// Whether a next head may be put upon the last one.
    async fn check(&self, conn: &mut Conn, last: Option<&Head>) -> Result<(), SealError> {
        if let Some(last) = last {
            let is_ours = last.hash == last.right_hash() && self.keys.verify(&last.public_key, &last.hash, &last.signature);
            if !is_ours {
                return Err(SealError::Distrusted(last.number));
            }
        }
        let Some(seen) = self.witness.read().map_err(StoreError::Files)? else { return Ok(()) };
        match rows::with_number(conn, seen.number).await? {
            Some(head) if head.hash == seen.hash => Ok(()),
            _ => Err(SealError::RolledBack(seen)),
        }
    }

    async fn next(&self, conn: &mut Conn, last: Option<&Head>, now: DateTime<Utc>) -> Result<Option<Head>, SealError> {
        let covered = last.map_or(0, |head| head.position);
        let mut items = history_after(conn, covered).await?;
        let position = covered + items.len() as i64;
        items.extend(take_notes(conn).await?);
        if items.is_empty() {
            return Ok(None);
        }
        let mut head = Head {
            number: last.map_or(0, |head| head.number) + 1,
            position,
            items,
            signed_at: now,
            prev_hash: last.map_or(FIRST_PREDECESSOR, |head| head.hash),
            hash: FIRST_PREDECESSOR,
            public_key: FIRST_PREDECESSOR,
            signature: Vec::new(),
        };
        head.hash = head.right_hash();
        let Some((public_key, signature)) = self.keys.sign(&head.hash) else {
            return Err(StoreError::corrupt("there is no private key to sign with").into());
        };
        Ok(Some(Head { public_key, signature, ..head }))
    }

    fn remember(&self, mark: HeadMark) -> Result<(), StoreError> {
        if self.witness.read()? != Some(mark) {
            self.witness.write(mark)?;
        }
        Ok(())
    }
}

fn is_full(head: &Head) -> bool {
    let listed = |list| head.items.iter().filter(|item| item.list == list).count() as i64;
    listed(List::History).max(listed(List::Notes)) >= HEAD_ENTRIES
}

async fn lock(conn: &mut Conn) -> Result<bool, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        is_locked: bool,
    }
    let sql = Sql::new("SELECT pg_try_advisory_xact_lock(").bind::<BigInt, _>(SEALER_LOCK).push(") AS is_locked");
    let row: Row = sql.get_result(conn).await?;
    Ok(row.is_locked)
}

#[derive(QueryableByName)]
struct ItemRow {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = SqlUuid)]
    claim_id: Uuid,
    #[diesel(sql_type = Integer)]
    seq: i32,
    #[diesel(sql_type = Bytea)]
    hash: Vec<u8>,
}

impl ItemRow {
    fn into_item(self, list: List) -> Result<Item, StoreError> {
        Ok(Item { list, claim: ClaimId(self.claim_id), seq: self.seq, hash: hash32(&self.hash)? })
    }
}

/// What the feed holds after a position, without a gap.
async fn history_after(conn: &mut Conn, covered: i64) -> Result<Vec<Item>, SealError> {
    let rows: Vec<ItemRow> = Sql::new(
        "SELECT f.position, f.claim_id, f.seq, h.hash FROM feed f JOIN history h ON h.claim_id = f.claim_id AND h.seq = f.seq
         WHERE f.position > ",
    )
    .bind::<BigInt, _>(covered)
    .push(" ORDER BY f.position LIMIT ")
    .bind::<BigInt, _>(HEAD_ENTRIES)
    .load(conn)
    .await
    .map_err(StoreError::from)?;
    let gap = (covered + 1..).zip(&rows).find(|(position, row)| row.position != *position);
    if let Some((position, _)) = gap {
        return Err(SealError::Gap(position - 1));
    }
    Ok(rows.into_iter().map(|row| row.into_item(List::History)).collect::<Result<_, _>>()?)
}

/// The notes that waited; they wait no more once this transaction is committed.
async fn take_notes(conn: &mut Conn) -> Result<Vec<Item>, StoreError> {
    let rows: Vec<ItemRow> = Sql::new(
        "SELECT 0::bigint AS position, n.claim_id, n.seq, n.hash FROM notes_unsigned u
         JOIN notes n ON n.claim_id = u.claim_id AND n.seq = u.seq ORDER BY n.claim_id, n.seq LIMIT ",
    )
    .bind::<BigInt, _>(HEAD_ENTRIES)
    .load(conn)
    .await?;
    if !rows.is_empty() {
        Sql::new("DELETE FROM notes_unsigned u USING unnest(")
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.claim_id).collect::<Vec<_>>())
            .push(", ")
            .bind::<Array<Integer>, _>(rows.iter().map(|row| row.seq).collect::<Vec<_>>())
            .push(") AS taken (claim_id, seq) WHERE u.claim_id = taken.claim_id AND u.seq = taken.seq")
            .execute(conn)
            .await?;
    }
    rows.into_iter().map(|row| row.into_item(List::Notes)).collect()
}
