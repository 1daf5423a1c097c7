//! Writing internal notes: numbered and chained like history, in a list of their own.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::codec;
use super::database::Conn;
use super::errors::StoreError;
use super::schema::notes;
use super::words::hash32;
use crate::domain::Note;
use crate::domain::actor::Role;
use crate::domain::ids::{ClaimId, PersonId};

/// Appends a note to a claim whose row this transaction holds locked. Returns its number.
///
/// # Errors
/// What the database says.
pub async fn insert(
    conn: &mut Conn,
    claim: ClaimId,
    note: &Note,
    by: PersonId,
    role: Role,
    at: DateTime<Utc>,
) -> Result<i32, StoreError> {
    let last: Option<(i32, Vec<u8>)> = notes::table
        .filter(notes::claim_id.eq(claim.0))
        .order(notes::seq.desc())
        .select((notes::seq, notes::hash))
        .first(conn)
        .await
        .optional()?;
    let (seq, previous) = match last {
        Some((seq, hash)) => (seq + 1, hash32(&hash)?),
        None => (1, codec::FIRST_PREDECESSOR),
    };
    let hash = codec::chain(previous, &codec::encode_note(note, claim, seq, by, role, at));
    diesel::insert_into(notes::table)
        .values((
            notes::id.eq(note.id.0),
            notes::claim_id.eq(claim.0),
            notes::seq.eq(seq),
            notes::at.eq(at),
            notes::by_person.eq(by.0),
            notes::by_role.eq(role.code()),
            notes::body.eq(&note.body),
            notes::prev_hash.eq(previous.as_slice()),
            notes::hash.eq(hash.as_slice()),
        ))
        .execute(conn)
        .await?;
    Ok(seq)
}
