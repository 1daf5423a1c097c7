//! Keeping received bytes under their hash, once.

use chrono::{DateTime, Utc};
use object_store::path::Path as Key;
use object_store::{MultipartId, ObjectStoreExt, PutPayload};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::place::{Bucket, Place};
use super::spool::Received;
use super::{Blobs, failed, ledger};
use crate::store::database::Database;
use crate::store::errors::StoreError;

/// Bytes of a part: what one file on its way into a bucket holds in memory. Buckets ask for 5 MiB at least.
pub(super) const PART_BYTES: usize = 8 * 1024 * 1024;

impl Blobs {
    /// Keeps received bytes under their hash; what is there under the same hash are the same bytes, and stays. Nothing may refer to them
    /// before [`super::settle`] was asked in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::Files`] from the store, [`StoreError::Contention`] while the same bytes are about to be removed, and what the
    /// database says.
    pub async fn keep(&self, database: &Database, received: &Received, now: DateTime<Utc>) -> Result<(), StoreError> {
        let size_bytes = received.size_bytes;
        ledger::announce(&mut *database.write().await?, &received.sha256, size_bytes, now).await?;
        let key = self.key(&received.sha256);
        if self.holds(&key, size_bytes).await? {
            return Ok(());
        }
        match &self.inner.place {
            Place::Folder(folder) => {
                // On the same disk: the very file moves, and its new name is durable when this returns.
                let from = Key::from_iter([super::INCOMING, received.file_name().as_str()]);
                folder.rename(&from, &key).await.map_err(failed)
            }
            Place::Bucket(bucket) => {
                // Closed is what a semaphore never gets here.
                let _place = self.inner.bucket_writes.acquire().await;
                let upload = BucketUpload { bucket, key, sha256: received.sha256, database, now };
                upload.send(received).await
            }
        }
    }

    /// Whether the store has an object of this name and size.
    async fn holds(&self, key: &Key, size_bytes: i64) -> Result<bool, StoreError> {
        match self.inner.place.store().head(key).await {
            Ok(found) => Ok(i64::try_from(found.size).is_ok_and(|size| size == size_bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }
}

/// A file on its way into a bucket.
struct BucketUpload<'a> {
    bucket: &'a Bucket,
    key: Key,
    sha256: [u8; 32],
    database: &'a Database,
    now: DateTime<Utc>,
}

impl BucketUpload<'_> {
    async fn send(&self, received: &Received) -> Result<(), StoreError> {
        let mut file = File::from_std(received.open()?);
        let first = part(&mut file).await?;
        if i64::try_from(first.content_length()).is_ok_and(|size| size == received.size_bytes) {
            self.bucket.store.put(&self.key, first).await.map_err(failed)?;
            return Ok(());
        }
        let id = self.bucket.store.create_multipart(&self.key).await.map_err(failed)?;
        // Before the first part is sent: a server that dies leaves a row by which the parts are thrown away.
        ledger::begin_parts(&mut *self.database.write().await?, &self.sha256, &id, self.now).await?;
        let sent = self.send_parts(&id, first, &mut file).await;
        if sent.is_err() {
            // What cannot be thrown away now has its row, and is thrown away later.
            self.bucket.store.abort_multipart(&self.key, &id).await.map_err(failed)?;
        }
        ledger::end_parts(&mut *self.database.write().await?, &self.sha256, &id).await?;
        sent
    }

    async fn send_parts(&self, id: &MultipartId, first: PutPayload, file: &mut File) -> Result<(), StoreError> {
        let (mut parts, mut next) = (Vec::new(), first);
        while next.content_length() > 0 {
            let sent = self.bucket.store.put_part(&self.key, id, parts.len(), next).await;
            parts.push(sent.map_err(failed)?);
            next = part(file).await?;
        }
        self.bucket.store.complete_multipart(&self.key, id, parts).await.map_err(failed)?;
        Ok(())
    }
}

/// The next part of a file; empty at its end.
async fn part(file: &mut File) -> Result<PutPayload, StoreError> {
    let mut bytes = Vec::with_capacity(PART_BYTES);
    file.take(PART_BYTES as u64).read_to_end(&mut bytes).await?;
    Ok(bytes.into())
}
