//! Proof of execution on its way out: for who may see the claim, by credential or by a link that holds for a short while.

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::App;
use super::outcome::AppError;
use crate::auth::download::DownloadGrant;
use crate::auth::viewer::Viewer;
use crate::domain::file::ScanState;
use crate::domain::ids::DocumentId;
use crate::domain::poe::FileFacts;
use crate::store::blobs::BlobReader;
use crate::store::loaders::Loaders;
use crate::store::scans;

/// How long a link to a document holds, in seconds.
pub const DOWNLOAD_LINK_SECONDS: i64 = 300;

/// A link to a document.
#[derive(Clone, PartialEq, Eq)]
pub struct DownloadLink {
    /// Its secret.
    pub token: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// What there is to download.
pub enum Downloaded {
    /// Nothing that this viewer may see.
    NotFound,
    /// A file that nobody may open: it waits for the virus scanner, or is infected.
    Held(ScanState),
    /// The file.
    File(FileFacts),
}

impl App {
    /// The file of a document, if the viewer may see it.
    ///
    /// # Errors
    /// Our own failures only; a document that is not there and one that is not for this viewer are both not found.
    pub async fn download(&self, viewer: &Arc<Viewer>, id: DocumentId) -> Result<Downloaded, AppError> {
        let loaders = Loaders::new(self.database().clone(), Arc::clone(viewer));
        let Some(found) = loaders.document(id).await? else { return Ok(Downloaded::NotFound) };
        let file = found.document.file.clone();
        let scan = scans::state(&mut *self.database().read().await?, &file.sha256).await?;
        Ok(if scan.is_open() { Downloaded::File(file) } else { Downloaded::Held(scan) })
    }

    /// A link by which the viewer, without further proof, can fetch a document for the next minutes; `None` for who is no person.
    #[must_use]
    pub fn download_link(&self, viewer: &Viewer, document: DocumentId) -> Option<DownloadLink> {
        let person = viewer.person()?.id;
        let expires_at = Utc::now().trunc_subsecs(0) + TimeDelta::seconds(DOWNLOAD_LINK_SECONDS);
        let token = self.inner.downloads.seal(&DownloadGrant { document, person, expires_at });
        Some(DownloadLink { token, expires_at })
    }

    /// The file behind a link, if whom it was made for may see the document now.
    ///
    /// # Errors
    /// Our own failures only; a link that is none, has ended, or leads nowhere is not found.
    pub async fn download_by_link(&self, token: &str) -> Result<Downloaded, AppError> {
        let Some(grant) = self.inner.downloads.open(token, Utc::now()) else { return Ok(Downloaded::NotFound) };
        let Some(viewer) = self.viewer_of_link(&grant).await? else { return Ok(Downloaded::NotFound) };
        self.download(&viewer, grant.document).await
    }

    /// The bytes of a file: all, or this range of them, which must lie within.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn bytes_of(&self, file: &FileFacts, range: Option<Range<u64>>) -> Result<BlobReader, AppError> {
        Ok(self.blobs().open(&file.sha256, range).await?)
    }
}
