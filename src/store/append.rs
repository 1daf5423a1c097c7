//! Appending to a claim's history, with everything that follows from an entry: comment, feed, outbox.

use diesel::sql_types::{Array, Bytea, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

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

/// One column of all links.
fn column<T>(links: &[Link<'_>], read: impl Fn(&Link<'_>) -> T) -> Vec<T> {
    links.iter().map(read).collect()
}

fn history(claim: ClaimId, links: &[Link<'_>]) -> Option<Sql<'static>> {
    if links.is_empty() {
        return None;
    }
    let authors = column(links, |link| author_columns(link.entry.event.by));
    let sql = Sql::new(
        "INSERT INTO history (claim_id, seq, at, kind, by_kind, by_person, by_role, version, status, body, prev_hash, hash) SELECT ",
    )
    .bind::<SqlUuid, _>(claim.0)
    .push(", * FROM unnest(")
    .bind::<Array<Integer>, _>(column(links, |link| link.seq))
    .push(", ")
    .bind::<Array<Timestamptz>, _>(column(links, |link| link.entry.event.at))
    .push(", ")
    .bind::<Array<Text>, _>(column(links, |link| codec::kind(&link.entry.event.what)))
    .push(", ")
    .bind::<Array<Text>, _>(authors.iter().map(|(kind, ..)| *kind).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Nullable<SqlUuid>>, _>(authors.iter().map(|(_, person, _)| *person).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Nullable<Text>>, _>(authors.iter().map(|(.., role)| *role).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Integer>, _>(column(links, |link| link.entry.version))
    .push(", ")
    .bind::<Array<Text>, _>(column(links, |link| link.entry.status.code()))
    .push(", ")
    .bind::<Array<Text>, _>(column(links, |link| link.body.clone()))
    .push(", ")
    .bind::<Array<Bytea>, _>(column(links, |link| link.previous.to_vec()))
    .push(", ")
    .bind::<Array<Bytea>, _>(column(links, |link| link.hash.to_vec()))
    .push(")");
    Some(sql)
}

fn comments(claim: ClaimId, links: &[Link<'_>]) -> Result<Option<Sql<'static>>, StoreError> {
    let said = links.iter().filter_map(|link| match &link.entry.event.what {
        What::Commented { id, body } => Some((link, id.0, body.clone())),
        _ => None,
    });
    let said: Vec<(&Link<'_>, Uuid, String)> = said.collect();
    if said.is_empty() {
        return Ok(None);
    }
    let authors: Result<Vec<(Uuid, &'static str)>, _> =
        said.iter().map(|(link, ..)| person_columns(link.entry.event.by)).collect();
    let authors = authors?;
    let sql = Sql::new("INSERT INTO comments (claim_id, id, seq, at, by_person, by_role, body) SELECT ")
        .bind::<SqlUuid, _>(claim.0)
        .push(", * FROM unnest(")
        .bind::<Array<SqlUuid>, _>(said.iter().map(|(_, id, _)| *id).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Integer>, _>(said.iter().map(|(link, ..)| link.seq).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Timestamptz>, _>(said.iter().map(|(link, ..)| link.entry.event.at).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<SqlUuid>, _>(authors.iter().map(|(person, _)| *person).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Text>, _>(authors.iter().map(|(_, role)| *role).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Text>, _>(said.into_iter().map(|(.., body)| body).collect::<Vec<_>>())
        .push(")");
    Ok(Some(sql))
}

fn outbox(claim: ClaimId, links: &[Link<'_>]) -> Option<Sql<'static>> {
    let queued = links.iter().filter_map(|link| match link.entry.event.what {
        What::NoticeQueued { notice, audience } => Some((link.seq, link.entry.event.at, notice.code(), audience.code())),
        _ => None,
    });
    let queued: Vec<_> = queued.collect();
    if queued.is_empty() {
        return None;
    }
    let sql = Sql::new("INSERT INTO outbox (claim_id, seq, queued_at, notice, audience) SELECT ")
        .bind::<SqlUuid, _>(claim.0)
        .push(", * FROM unnest(")
        .bind::<Array<Integer>, _>(queued.iter().map(|(seq, ..)| *seq).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Timestamptz>, _>(queued.iter().map(|(_, at, ..)| *at).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Text>, _>(queued.iter().map(|(.., notice, _)| *notice).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Text>, _>(queued.iter().map(|(.., audience)| *audience).collect::<Vec<_>>())
        .push(")");
    Some(sql)
}

fn pending(claim: ClaimId, links: &[Link<'_>]) -> Option<Sql<'static>> {
    let sql = Sql::new("INSERT INTO feed_pending (claim_id, seq) SELECT ")
        .bind::<SqlUuid, _>(claim.0)
        .push(", * FROM unnest(")
        .bind::<Array<Integer>, _>(column(links, |link| link.seq))
        .push(")");
    (!links.is_empty()).then_some(sql)
}
