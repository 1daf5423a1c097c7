//! Proof of execution on its way in: a single-use address, bytes measured on the way, looked at, and kept.
//!
//! One pipe for every road: bytes are spooled to this machine's disk, inspected there when they are complete, kept under their hash, and
//! only then written down as what an attachment may use.

use std::collections::BTreeSet;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::Stream;
use sha2::{Digest, Sha256};

use super::App;
use super::inspect::{Claimed, InspectError, Inspection, inspect};
use super::outcome::AppError;
use crate::auth::viewer::Viewer;
use crate::domain::file::{FileFlag, FileRefusal, ScanState};
use crate::domain::ids::UploadId;
use crate::domain::poe::FileFacts;
use crate::store::blobs::{self, BlobError, DirectTarget, Received};
use crate::store::errors::StoreError;
use crate::store::secrets::random_token;
use crate::store::upload_state;
use crate::store::uploads::{self, NewUpload, WaitingUpload};

/// The largest file, in bytes (25 MiB; `domain.md`, section 7).
pub const MAX_UPLOAD_BYTES: u64 = 25 * 1024 * 1024;
/// How long an address takes bytes, and how long bytes wait for a claim, in hours.
pub const UPLOAD_HOURS: i64 = 24;
/// How long bytes wait that are not wanted any more, in hours: others may just have brought the same ones.
const FORGET_HOURS: i64 = 2;
/// Uploads that a person may have open at a time.
pub const MAX_OPEN_UPLOADS: i64 = 200;
/// Files that are looked into at a time by this server: each may need memory for its structure and time of a core.
pub const INSPECTIONS_AT_A_TIME: usize = 4;
/// The longest file name, in characters.
pub const MAX_NAME_CHARS: usize = 200;

/// Where to send a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadTicket {
    /// The upload.
    pub id: UploadId,
    /// The secret of its single-use address.
    pub token: String,
    /// When its time is over.
    pub expires_at: DateTime<Utc>,
    /// The largest file, in bytes.
    pub max_bytes: u64,
    /// Where it may be sent instead, if that was asked for and there is such a place.
    pub direct: Option<DirectTicket>,
}

/// Where to send a file without us: into the bucket itself.
#[derive(Clone, PartialEq, Eq)]
pub struct DirectTicket {
    /// The signed address, and the headers it needs.
    pub target: DirectTarget,
    /// When the address ends.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for DirectTicket {
    /// Without the address, which is a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DirectTicket").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The name is empty, too long, or holds control characters or separators.
    #[error("the file's name cannot be used")]
    BadName,
    /// The viewer's role attaches no documents.
    #[error("this role attaches no documents")]
    Forbidden,
    /// Too many uploads of this person are open.
    #[error("too many uploads are open")]
    TooMany,
    /// No upload waits at this address, or not any more.
    #[error("no upload waits at this address")]
    NotFound,
    /// The file itself is the reason.
    #[error("the file is refused: {0}")]
    File(FileRefusal),
    /// The bytes broke off.
    #[error("the bytes broke off")]
    Broken,
    /// Our own failure.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for UploadError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// A file that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenFile {
    /// Its facts.
    pub file: FileFacts,
    /// What a reviewer should know about it.
    pub flags: BTreeSet<FileFlag>,
    /// How far the virus scanner is with it.
    pub scan: ScanState,
}

impl App {
    /// Prepares an upload.
    ///
    /// # Errors
    /// [`UploadError::BadName`], [`UploadError::Forbidden`], [`UploadError::TooMany`], or our own failure.
    pub async fn upload_create(&self, viewer: &Viewer, name: &str) -> Result<UploadTicket, UploadError> {
        self.new_upload(viewer, name, None).await
    }

    /// Prepares an upload; `direct_until` says until when its bytes may come by the bucket.
    pub(super) async fn new_upload(
        &self,
        viewer: &Viewer,
        name: &str,
        direct_until: Option<DateTime<Utc>>,
    ) -> Result<UploadTicket, UploadError> {
        let person = viewer.person().filter(|person| person.role.is_partner()).ok_or(UploadError::Forbidden)?;
        let organization = person.organization.ok_or(UploadError::Forbidden)?;
        let name = clean_name(name).ok_or(UploadError::BadName)?;
        let now = self.now();
        let mut conn = self.database().write().await?;
        if uploads::count_open(&mut conn, person.id, now).await? >= MAX_OPEN_UPLOADS {
            return Err(UploadError::TooMany);
        }
        let token = random_token();
        let new = NewUpload {
            id: UploadId::fresh(),
            organization,
            person: person.id,
            token_hash: hash(&token),
            name,
            created_at: now,
            expires_at: now + TimeDelta::hours(UPLOAD_HOURS),
            direct_until,
        };
        uploads::create(&mut conn, &new).await?;
        Ok(UploadTicket { id: new.id, token, expires_at: new.expires_at, max_bytes: MAX_UPLOAD_BYTES, direct: None })
    }

    /// Takes the bytes sent to an address: measured and hashed on the way, looked into when they are complete, never held whole in
    /// memory. `declared` is the media type that the sender says, if any.
    ///
    /// # Errors
    /// An [`UploadError`]; then nothing is left of the bytes, and the address takes another try.
    pub async fn upload_receive<E: Send>(
        &self,
        token: &str,
        declared: Option<&str>,
        bytes: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<TakenFile, UploadError> {
        let waiting = {
            let mut conn = self.database().read().await?;
            uploads::find_waiting(&mut conn, hash(token), self.now()).await?.ok_or(UploadError::NotFound)?
        };
        self.take_in(&waiting, declared, bytes).await
    }

    /// The pipe: takes the bytes of an upload from wherever they come.
    ///
    /// # Errors
    /// An [`UploadError`]; then nothing is left of the bytes, and the upload still waits.
    pub(super) async fn take_in<E: Send>(
        &self,
        waiting: &WaitingUpload,
        declared: Option<&str>,
        bytes: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<TakenFile, UploadError> {
        let taken = async {
            let bytes = self.watched(waiting.id, bytes);
            let received = self.blobs().receive(bytes, MAX_UPLOAD_BYTES).await?;
            let Inspection { kind, flags } = self.look_into(&received, &waiting.name, declared).await?;
            let scan = self.scan_received(&received).await?;
            let file = FileFacts {
                name: waiting.name.clone(),
                media_type: kind.media_type().to_owned(),
                size_bytes: received.size_bytes,
                sha256: received.sha256,
            };
            self.keep(waiting.id, &received, &file, &flags).await?;
            Ok(TakenFile { file, flags, scan })
        };
        let taken: Result<TakenFile, UploadError> = taken.await;
        if taken.is_err() {
            upload_state::interrupted(&mut *self.database().write().await?, waiting.id).await?;
        }
        taken
    }

    /// Keeps the bytes, and writes down in one transaction that they are there and whose they are.
    async fn keep(
        &self,
        upload: UploadId,
        received: &Received,
        file: &FileFacts,
        flags: &BTreeSet<FileFlag>,
    ) -> Result<(), UploadError> {
        let now = self.now();
        self.blobs().keep(self.database(), received, now).await?;
        let mut tx = self.database().begin().await?;
        let is_there = blobs::settle(&mut tx, &file.sha256, now).await?;
        let is_taken = is_there && uploads::complete(&mut tx, upload, file, flags, now).await?;
        if !is_taken {
            tx.roll_back().await?;
            return Err(if is_there { UploadError::NotFound } else { gone().into() });
        }
        Ok(tx.commit().await?)
    }

    /// Inspects received bytes beside the tasks that serve requests, a bounded number of files at a time.
    async fn look_into(&self, received: &Received, name: &str, declared: Option<&str>) -> Result<Inspection, UploadError> {
        let lost = |error: &dyn std::fmt::Display| AppError::Lost(error.to_string());
        let place = self.inner.inspections.clone().acquire_owned().await.map_err(|error| lost(&error))?;
        let file = received.open()?;
        let (name, declared) = (name.to_owned(), declared.map(str::to_owned));
        let inspected = tokio::task::spawn_blocking(move || {
            // Held until the work is done, also when nobody waits for it any more.
            let _place = place;
            inspect(file, &Claimed { name: &name, media_type: declared.as_deref() })
        });
        inspected.await.map_err(|error| lost(&error))?.map_err(|error| match error {
            InspectError::Refused(refusal) => UploadError::File(refusal),
            InspectError::Unreadable(error) => StoreError::Files(error).into(),
        })
    }

    /// Forgets an upload that no document uses: at once if its bytes have not arrived, else before long.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn upload_forget(&self, id: UploadId) -> Result<(), AppError> {
        let mut conn = self.database().write().await?;
        Ok(uploads::forget(&mut conn, id, self.now() + TimeDelta::hours(FORGET_HOURS)).await?)
    }
}

impl From<BlobError> for UploadError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::TooLarge => Self::File(FileRefusal::TooLarge),
            BlobError::Broken => Self::Broken,
            BlobError::Store(error) => error.into(),
        }
    }
}

/// Kept bytes were cleared away before anything referred to them: what takes longer than the clearing's age.
fn gone() -> StoreError {
    StoreError::Contention("the bytes were cleared away before their upload was complete".to_owned())
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The last component of a name, without what could make it another: no control, no direction marks, no separators.
fn clean_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next()?.trim();
    let is_odd =
        |c: char| c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let fits = !last.is_empty() && last != "." && last != ".." && last.chars().count() <= MAX_NAME_CHARS;
    (fits && !last.chars().any(is_odd)).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn names_are_data_without_paths_and_tricks() {
        assert_eq!(clean_name("Umowa z klientem.pdf").as_deref(), Some("Umowa z klientem.pdf"));
        assert_eq!(clean_name("../../etc/passwd.txt").as_deref(), Some("passwd.txt"));
        assert_eq!(clean_name("C:\\Users\\anna\\sow.docx").as_deref(), Some("sow.docx"));
        for bad in ["", "  ", "..", "a/", "evil\u{202E}fdp.exe", "nul\0.pdf", &"x".repeat(201)] {
            assert_eq!(clean_name(bad), None, "{bad:?}");
        }
    }
}
