//! How far an upload is: written down while its bytes arrive, told to who prepared it.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::App;
use super::outcome::AppError;
use crate::auth::viewer::Viewer;
use crate::domain::ids::UploadId;
use crate::store::errors::StoreError;
use crate::store::upload_state::{self, UploadRow};

/// How often it is written down how many bytes have arrived: an upload quicker than this costs nothing.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

impl App {
    /// The viewer's own upload.
    ///
    /// # Errors
    /// Our own failures only; an upload that is not there and one that is somebody else's are both `None`.
    pub async fn upload(&self, viewer: &Viewer, id: UploadId) -> Result<Option<UploadRow>, AppError> {
        Ok(upload_state::own(self.database(), viewer, id, self.now()).await?)
    }

    /// The same bytes, counted; how many came is written down now and then.
    pub(super) fn watched<E: Send>(
        &self,
        upload: UploadId,
        bytes: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> impl Stream<Item = Result<Bytes, E>> + Send {
        let (mut received, mut told) = (0_i64, Instant::now());
        bytes.then(move |chunk| {
            received += chunk.as_ref().map_or(0, |chunk| i64::try_from(chunk.len()).unwrap_or(0));
            let due = (told.elapsed() >= PROGRESS_EVERY).then_some(received);
            if due.is_some() {
                told = Instant::now();
            }
            let app = self.clone();
            async move {
                if let Some(received) = due
                    && let Err(error) = app.tell_progress(upload, received).await
                {
                    tracing::debug!(%error, "the progress of an upload was not written down");
                }
                chunk
            }
        })
    }

    async fn tell_progress(&self, upload: UploadId, received: i64) -> Result<(), StoreError> {
        upload_state::progress(&mut *self.database().write().await?, upload, received, self.now()).await
    }
}
