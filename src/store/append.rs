//! Appending to a claim's history, with everything that follows from an entry: comment, feed, outbox.

use diesel::sql_types::{Bytea, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use super::codec;
use super::errors::StoreError;
use super::sql::Sql;
use super::transaction::Writes;
use super::words::{author_columns, person_columns};
use crate::domain::claim::Claim;
use crate::domain::event::{Event, What};
use crate::domain::ids::ClaimId;
use crate::domain::status::Status;

/// An event about to be written down, with what the claim was after it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What happened.
    pub event: Event,
    /// The claim's version after it.
    pub version: i32,
    /// The claim's status after it.
    pub status: Status,
}

/// An entry with its number and its place in the chain.
struct Link<'a> {
    seq: i32,
    entry: &'a Entry,
    body: String,
    previous: [u8; 32],
    hash: [u8; 32],
}

/// Appends the entries that made the claim what it is now: `claim.sequence` is the number of the last one, `last_hash` the hash of the
/// entry before the first one.
///
/// The claim's row is locked by this transaction, or was inserted by it.
///
/// # Errors
/// [`StoreError::Corrupt`] if the claim has fewer entries than that, or what only a person can do has another author.
pub(super) fn append(writes: &mut Writes, claim: &Claim, entries: &[Entry], last_hash: [u8; 32]) -> Result<(), StoreError> {
    let last = i32::try_from(entries.len()).ok().and_then(|count| claim.sequence.checked_sub(count));
    let last = last.ok_or_else(|| StoreError::corrupt("more entries than the claim's sequence"))?;
    let mut previous = last_hash;
    let mut links = Vec::with_capacity(entries.len());
    for (seq, entry) in (last + 1..).zip(entries) {
        let body = codec::encode(&entry.event, claim.id, seq);
        let hash = codec::chain(previous, &body);
        links.push(Link { seq, entry, body, previous, hash });
        previous = hash;
    }
    let statements =
        [history(claim.id, &links), comments(claim.id, &links)?, outbox(claim.id, &links), pending(claim.id, &links)];
    statements.into_iter().flatten().for_each(|statement| writes.push(statement));
    Ok(())
}

/// An insertion of these rows; `None` if there are none. Its text goes by the number of rows: that of a command's events, a handful.
fn insertion(into: &'static str, rows: impl IntoIterator<Item = Sql<'static>>) -> Option<Sql<'static>> {
    let mut rows = rows.into_iter();
    let first = Sql::new(into).push(" VALUES (").append(rows.next()?);
    Some(rows.fold(first, |sql, row| sql.push("), (").append(row)).push(")"))
}

fn history(claim: ClaimId, links: &[Link<'_>]) -> Option<Sql<'static>> {
    let into =
        "INSERT INTO history (claim_id, seq, at, kind, by_kind, by_person, by_role, version, status, body, prev_hash, hash)";
    let row = |link: &Link<'_>| {
        let (event, (by_kind, by_person, by_role)) = (&link.entry.event, author_columns(link.entry.event.by));
        let sql = Sql::new("").bind::<SqlUuid, _>(claim.0).push(", ").bind::<Integer, _>(link.seq);
        let sql = sql.push(", ").bind::<Timestamptz, _>(event.at).push(", ").bind::<Text, _>(codec::kind(&event.what));
        let sql = sql.push(", ").bind::<Text, _>(by_kind).push(", ").bind::<Nullable<SqlUuid>, _>(by_person);
        let sql = sql.push(", ").bind::<Nullable<Text>, _>(by_role).push(", ").bind::<Integer, _>(link.entry.version);
        let sql = sql.push(", ").bind::<Text, _>(link.entry.status.code()).push(", ").bind::<Text, _>(link.body.clone());
        sql.push(", ").bind::<Bytea, _>(link.previous.to_vec()).push(", ").bind::<Bytea, _>(link.hash.to_vec())
    };
    insertion(into, links.iter().map(row))
}

fn comments(claim: ClaimId, links: &[Link<'_>]) -> Result<Option<Sql<'static>>, StoreError> {
    let row = |link: &Link<'_>| {
        let What::Commented { id, body } = &link.entry.event.what else { return Ok(None) };
        let (person, role) = person_columns(link.entry.event.by)?;
        let sql = Sql::new("").bind::<SqlUuid, _>(claim.0).push(", ").bind::<SqlUuid, _>(id.0);
        let sql = sql.push(", ").bind::<Integer, _>(link.seq).push(", ").bind::<Timestamptz, _>(link.entry.event.at);
        let sql = sql.push(", ").bind::<SqlUuid, _>(person).push(", ").bind::<Text, _>(role);
        Ok(Some(sql.push(", ").bind::<Text, _>(body.clone())))
    };
    let rows = links.iter().filter_map(|link| row(link).transpose()).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(insertion("INSERT INTO comments (claim_id, id, seq, at, by_person, by_role, body)", rows))
}

fn outbox(claim: ClaimId, links: &[Link<'_>]) -> Option<Sql<'static>> {
    let row = |link: &Link<'_>| {
        let What::NoticeQueued { notice, audience } = link.entry.event.what else { return None };
        let sql = Sql::new("").bind::<SqlUuid, _>(claim.0).push(", ").bind::<Integer, _>(link.seq);
        let sql = sql.push(", ").bind::<Timestamptz, _>(link.entry.event.at).push(", ").bind::<Text, _>(notice.code());
        Some(sql.push(", ").bind::<Text, _>(audience.code()))
    };
    insertion("INSERT INTO outbox (claim_id, seq, queued_at, notice, audience)", links.iter().filter_map(row))
}

fn pending(claim: ClaimId, links: &[Link<'_>]) -> Option<Sql<'static>> {
    let row = |link: &Link<'_>| Sql::new("").bind::<SqlUuid, _>(claim.0).push(", ").bind::<Integer, _>(link.seq);
    insertion("INSERT INTO feed_pending (claim_id, seq)", links.iter().map(row))
}
