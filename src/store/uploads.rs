//! Uploads: a single-use address each, then measured bytes, then a document or the end of their time.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::database::Conn;
use super::errors::StoreError;
use super::schema::uploads;
use super::sql::Sql;
use super::words::hash32;
use crate::domain::file::FileFlag;
use crate::domain::ids::{OrganizationId, PersonId, UploadId};
use crate::domain::poe::FileFacts;

pub(super) const WAITING: &str = "WAITING";
pub(super) const COMPLETE: &str = "COMPLETE";
pub(super) const ATTACHED: &str = "ATTACHED";

/// An upload that is to be: its address is known, its bytes are awaited.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Identity.
    pub id: UploadId,
    /// The organization whose claims it may be attached to.
    pub organization: OrganizationId,
    /// Who asked for it.
    pub person: PersonId,
    /// SHA-256 of the token in the address.
    pub token_hash: [u8; 32],
    /// The name the partner gave, cleaned.
    pub name: String,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When the bytes, complete or not, are forgotten unless a document needs them.
    pub expires_at: DateTime<Utc>,
    /// Until when the client may send the bytes to the bucket itself; `None` if it may not.
    pub direct_until: Option<DateTime<Utc>>,
}

/// An upload whose bytes are awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingUpload {
    /// Identity.
    pub id: UploadId,
    /// The name the partner gave.
    pub name: String,
    /// When its time is over.
    pub expires_at: DateTime<Utc>,
}

/// Remembers an upload that is to be.
///
/// # Errors
/// What the database says.
pub async fn create(conn: &mut Conn, new: &NewUpload) -> Result<(), StoreError> {
    diesel::insert_into(uploads::table)
        .values((
            uploads::id.eq(new.id.0),
            uploads::organization_id.eq(new.organization.0),
            uploads::person_id.eq(new.person.0),
            uploads::token_hash.eq(new.token_hash.as_slice()),
            uploads::name.eq(&new.name),
            uploads::state.eq(WAITING),
            uploads::created_at.eq(new.created_at),
            uploads::expires_at.eq(new.expires_at),
            uploads::direct_until.eq(new.direct_until),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Uploads of a person whose time is not over and that no document uses: what a limit is counted by.
///
/// # Errors
/// What the database says.
pub async fn count_open(conn: &mut Conn, person: PersonId, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let open = uploads::table.filter(uploads::person_id.eq(person.0)).filter(uploads::state.ne(ATTACHED));
    Ok(open.filter(uploads::expires_at.gt(now)).count().get_result(conn).await?)
}

/// The upload that still waits for the bytes sent to this address, if its time is not over.
///
/// # Errors
/// What the database says.
pub async fn find_waiting(
    conn: &mut Conn,
    token_hash: [u8; 32],
    now: DateTime<Utc>,
) -> Result<Option<WaitingUpload>, StoreError> {
    let row: Option<(Uuid, String, DateTime<Utc>)> = uploads::table
        .filter(uploads::token_hash.eq(token_hash.as_slice()))
        .filter(uploads::state.eq(WAITING))
        .filter(uploads::expires_at.gt(now))
        .select((uploads::id, uploads::name, uploads::expires_at))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(|(id, name, expires_at)| WaitingUpload { id: UploadId(id), name, expires_at }))
}

/// Writes down what arrived; false if the upload no longer waits, so that an address works once.
///
/// # Errors
/// What the database says.
pub async fn complete(
    conn: &mut Conn,
    id: UploadId,
    file: &FileFacts,
    flags: &BTreeSet<FileFlag>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let waiting = uploads::table.find(id.0).filter(uploads::state.eq(WAITING)).filter(uploads::expires_at.gt(now));
    let written = diesel::update(waiting)
        .set((
            uploads::state.eq(COMPLETE),
            uploads::media_type.eq(&file.media_type),
            uploads::size_bytes.eq(file.size_bytes),
            uploads::sha256.eq(file.sha256.as_slice()),
            uploads::flags.eq(flags.iter().map(|flag| flag.code()).collect::<Vec<_>>()),
        ))
        .execute(conn)
        .await?;
    Ok(written == 1)
}

/// Those of these uploads that are complete, not attached, and not over: whose they are, and the facts of their bytes. They are locked
/// until the transaction ends, so that nobody takes or forgets them meanwhile.
pub(super) async fn usable(
    mut conn: &AsyncPgConnection,
    ids: &[UploadId],
    now: DateTime<Utc>,
) -> Result<Vec<(UploadId, OrganizationId, FileFacts)>, StoreError> {
    type Row = (Uuid, Uuid, String, Option<String>, Option<i64>, Option<Vec<u8>>);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = uploads::table
        .filter(uploads::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .filter(uploads::state.eq(COMPLETE))
        .filter(uploads::expires_at.gt(now))
        .select((uploads::id, uploads::organization_id, uploads::name, uploads::media_type, uploads::size_bytes, uploads::sha256))
        .order(uploads::id)
        .for_update()
        .load(&mut conn)
        .await?;
    let facts = |(id, organization, name, media_type, size_bytes, sha256): Row| {
        let (Some(media_type), Some(size_bytes), Some(sha256)) = (media_type, size_bytes, sha256) else {
            return Err(StoreError::corrupt("a complete upload without facts"));
        };
        let file = FileFacts { name, media_type, size_bytes, sha256: hash32(&sha256)? };
        Ok((UploadId(id), OrganizationId(organization), file))
    };
    rows.into_iter().map(facts).collect()
}

/// Binds complete uploads to documents. Part of writing a claim, which locked them when it looked them up.
pub(super) fn mark_attached(ids: Vec<Uuid>) -> Sql<'static> {
    let complete = uploads::table.filter(uploads::id.eq_any(ids)).filter(uploads::state.eq(COMPLETE));
    Sql::new("").fragment(diesel::update(complete).set(uploads::state.eq(ATTACHED)))
}

/// Forgets an upload that waits for its bytes; one that has them, and is in no document, waits no longer than until then.
///
/// # Errors
/// What the database says.
pub async fn forget(conn: &mut Conn, id: UploadId, until: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::delete(uploads::table.find(id.0).filter(uploads::state.eq(WAITING))).execute(conn).await?;
    let unused = uploads::table.find(id.0).filter(uploads::state.ne(ATTACHED)).filter(uploads::expires_at.gt(until));
    diesel::update(unused).set(uploads::expires_at.eq(until)).execute(conn).await?;
    Ok(())
}

/// Uploads forgotten in one statement at most.
const FORGET_BATCH: i64 = 500;

/// Forgets uploads whose time is over and that no document uses, a bounded number of them. One whose bytes a client may have sent to the
/// bucket itself waits until that is cleared away.
///
/// # Errors
/// What the database says.
pub async fn forget_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let forgotten =
        Sql::new("DELETE FROM uploads WHERE id IN (SELECT id FROM uploads WHERE state <> 'ATTACHED' AND expires_at <= ")
            .bind::<Timestamptz, _>(now)
            .push(" AND direct_until IS NULL ORDER BY expires_at LIMIT ")
            .bind::<BigInt, _>(FORGET_BATCH)
            .push(" FOR UPDATE SKIP LOCKED)")
            .execute(conn)
            .await?;
    Ok(forgotten)
}
