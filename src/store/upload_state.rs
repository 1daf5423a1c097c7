//! How far uploads are: told to their owners while the bytes arrive, and what is left of direct ones cleared away.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::database::{Conn, Database};
use super::errors::StoreError;
use super::schema::uploads;
use super::uploads::{ATTACHED, COMPLETE, WAITING, WaitingUpload};
use super::words::hash32;
use crate::auth::viewer::Viewer;
use crate::domain::ids::UploadId;
use crate::domain::poe::{FileFacts, UploadState};

/// Bytes that have not come on for so long are not coming: whoever took them has died, or the sender has left.
const STALLED_SECONDS: i64 = 10;

/// An upload, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRow {
    /// Identity.
    pub id: UploadId,
    /// The name the partner gave.
    pub name: String,
    /// How far it is.
    pub state: UploadState,
    /// Bytes that have arrived and count: 0 while nothing arrives.
    pub received_bytes: i64,
    /// When its time is over.
    pub expires_at: DateTime<Utc>,
    /// What arrived, once all has.
    pub file: Option<FileFacts>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = uploads, check_for_backend(Pg))]
struct Columns {
    id: Uuid,
    name: String,
    state: String,
    received_bytes: i64,
    received_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
    media_type: Option<String>,
    size_bytes: Option<i64>,
    sha256: Option<Vec<u8>>,
}

impl Columns {
    fn row(self, now: DateTime<Utc>) -> Result<UploadRow, StoreError> {
        let stalled = now - TimeDelta::seconds(STALLED_SECONDS);
        let state = match self.state.as_str() {
            WAITING if self.received_at.is_some_and(|at| at > stalled) => UploadState::Receiving,
            WAITING => UploadState::Waiting,
            COMPLETE => UploadState::Complete,
            ATTACHED => UploadState::Attached,
            other => return Err(StoreError::corrupt(format!("an upload in state {other}"))),
        };
        let file = match (self.media_type, self.size_bytes, self.sha256) {
            (Some(media_type), Some(size_bytes), Some(sha256)) => {
                Some(FileFacts { name: self.name.clone(), media_type, size_bytes, sha256: hash32(&sha256)? })
            }
            _ => None,
        };
        let received_bytes = match (&file, state) {
            (Some(file), _) => file.size_bytes,
            (None, UploadState::Receiving) => self.received_bytes,
            (None, _) => 0,
        };
        let Self { id, name, expires_at, .. } = self;
        Ok(UploadRow { id: UploadId(id), name, state, received_bytes, expires_at, file })
    }
}

/// The viewer's own upload, while it is remembered.
///
/// # Errors
/// What the database says.
pub async fn own(
    database: &Database,
    viewer: &Viewer,
    id: UploadId,
    now: DateTime<Utc>,
) -> Result<Option<UploadRow>, StoreError> {
    let Some(person) = viewer.person() else { return Ok(None) };
    let mut conn = database.read().await?;
    let own = uploads::table.find(id.0).filter(uploads::person_id.eq(person.id.0));
    let found: Option<Columns> = own.select(Columns::as_select()).first(&mut conn).await.optional()?;
    found.map(|columns| columns.row(now)).transpose()
}

/// The viewer's own upload whose bytes go to the bucket itself and are still awaited.
///
/// # Errors
/// What the database says.
pub async fn own_direct(
    database: &Database,
    viewer: &Viewer,
    id: UploadId,
    now: DateTime<Utc>,
) -> Result<Option<WaitingUpload>, StoreError> {
    let Some(person) = viewer.person() else { return Ok(None) };
    let mut conn = database.read().await?;
    let row: Option<(String, DateTime<Utc>)> = uploads::table
        .find(id.0)
        .filter(uploads::person_id.eq(person.id.0))
        .filter(uploads::state.eq(WAITING))
        .filter(uploads::expires_at.gt(now))
        .filter(uploads::direct_until.is_not_null())
        .select((uploads::name, uploads::expires_at))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row.map(|(name, expires_at)| WaitingUpload { id, name, expires_at }))
}

/// Writes down how many bytes of an upload have arrived.
///
/// # Errors
/// What the database says.
pub async fn progress(conn: &mut Conn, id: UploadId, bytes: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    let waiting = uploads::table.find(id.0).filter(uploads::state.eq(WAITING));
    let seen = (uploads::received_bytes.eq(bytes), uploads::received_at.eq(Some(now)));
    diesel::update(waiting).set(seen).execute(conn).await?;
    Ok(())
}

/// Writes down that nothing is left of what had arrived.
///
/// # Errors
/// What the database says.
pub async fn interrupted(conn: &mut Conn, id: UploadId) -> Result<(), StoreError> {
    let waiting = uploads::table.find(id.0).filter(uploads::state.eq(WAITING)).filter(uploads::received_at.is_not_null());
    let nothing = (uploads::received_bytes.eq(0), uploads::received_at.eq(None::<DateTime<Utc>>));
    diesel::update(waiting).set(nothing).execute(conn).await?;
    Ok(())
}

/// Uploads that a client could send to the bucket itself until `before`, a bounded number.
pub(super) async fn direct_ended(conn: &mut Conn, before: DateTime<Utc>, limit: i64) -> Result<Vec<UploadId>, StoreError> {
    let ended = uploads::table.filter(uploads::direct_until.le(before)).order(uploads::direct_until).limit(limit);
    let ids: Vec<Uuid> = ended.select(uploads::id).load(conn).await?;
    Ok(ids.into_iter().map(UploadId).collect())
}

/// Writes down that what a client sent to the bucket itself is cleared away.
pub(super) async fn forget_direct(conn: &mut Conn, id: UploadId) -> Result<(), StoreError> {
    diesel::update(uploads::table.find(id.0)).set(uploads::direct_until.eq(None::<DateTime<Utc>>)).execute(conn).await?;
    Ok(())
}
