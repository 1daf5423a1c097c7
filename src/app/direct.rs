//! Uploads by the bucket: the client sends the bytes there, the server reads them back through the same pipe before it believes them.

use std::time::Duration;

use chrono::TimeDelta;

use super::App;
use super::uploads::{DirectTicket, UploadError, UploadTicket};
use crate::auth::viewer::Viewer;
use crate::domain::ids::UploadId;
use crate::store::upload_state;
use crate::store::upload_state::UploadRow;

/// How long a bucket takes bytes at a signed address.
const DIRECT_VALID: Duration = Duration::from_secs(3_600);

impl App {
    /// Prepares an upload whose bytes the client sends to the bucket itself, where the store offers that; else one like any other.
    ///
    /// # Errors
    /// As [`App::upload_create`].
    pub async fn upload_create_direct(&self, viewer: &Viewer, name: &str) -> Result<UploadTicket, UploadError> {
        if !self.blobs().is_direct() {
            return self.upload_create(viewer, name).await;
        }
        let expires_at = self.now() + TimeDelta::from_std(DIRECT_VALID).unwrap_or_default();
        let ticket = self.new_upload(viewer, name, Some(expires_at)).await?;
        let target = self.blobs().direct_target(ticket.id, DIRECT_VALID).await?;
        Ok(UploadTicket { direct: target.map(|target| DirectTicket { target, expires_at }), ..ticket })
    }

    /// Takes in what the client sent to the bucket. What is attached later are the bytes that were read here: the client may overwrite
    /// those in the bucket, and nobody looks at them again.
    ///
    /// # Errors
    /// [`UploadError::NotFound`] if the upload is not the viewer's, is no direct one, or waits no longer; [`UploadError::Broken`] if
    /// nothing was sent; and as [`App::upload_receive`].
    pub async fn upload_complete(&self, viewer: &Viewer, id: UploadId) -> Result<UploadRow, UploadError> {
        let waiting = upload_state::own_direct(self.database(), viewer, id, self.now()).await?.ok_or(UploadError::NotFound)?;
        let bytes = self.blobs().open_direct(id).await?.ok_or(UploadError::Broken)?;
        let taken = self.take_in(&waiting, None, bytes).await;
        if !matches!(taken, Err(UploadError::App(_) | UploadError::Broken)) {
            // Read and judged: taken or refused, it is of no more use. What comes after it is cleared away once the address has ended.
            self.blobs().discard_direct(id).await?;
        }
        taken?;
        self.upload(viewer, id).await?.ok_or(UploadError::NotFound)
    }
}
