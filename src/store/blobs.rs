//! Files by what they hold: each is named by the SHA-256 of its bytes, written once, never changed.
//!
//! ```text
//! folder/incoming/<uuid>     bytes on their way in
//! folder/ab/abcdef…          kept bytes, by their hash
//! ```

use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::errors::StoreError;

/// Where bytes wait until they are complete.
const INCOMING: &str = "incoming";
/// Files this young are not removed: their bytes may have come again and be about to be used.
const YOUNG: Duration = Duration::from_secs(3_600);

/// Bytes on their way out, read piece by piece.
pub type BlobReader = File;

/// The files. Cloning shares the folder.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: Arc<Path>,
}

/// Why bytes were not received.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// More bytes came than are allowed.
    #[error("more bytes than allowed")]
    TooLarge,
    /// The sender broke off.
    #[error("the sender broke off")]
    Broken,
    /// Our own failure.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        Self::Store(StoreError::Files(error))
    }
}

/// Bytes that were received, measured, and are not yet kept. Dropped, they are removed.
#[derive(Debug)]
pub struct Received {
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// How many bytes.
    pub size_bytes: i64,
    incoming: Incoming,
    target: PathBuf,
}

/// A file that is removed unless it is moved away first.
#[derive(Debug)]
struct Incoming(PathBuf);

impl Drop for Incoming {
    fn drop(&mut self) {
        // Gone already when it was kept; what cannot be removed now is removed as abandoned later.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Blobs {
    /// The files in this folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub async fn open_folder(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder.join(INCOMING)).await?;
        Ok(Self { folder: folder.into() })
    }

    /// Takes bytes in, hashing and counting them on the way; at most `max_bytes`.
    ///
    /// # Errors
    /// [`BlobError`]; then nothing is left of the bytes.
    pub async fn receive<E>(
        &self,
        bytes: impl Stream<Item = Result<Bytes, E>> + Send,
        max_bytes: u64,
    ) -> Result<Received, BlobError> {
        let incoming = Incoming(self.folder.join(INCOMING).join(Uuid::now_v7().simple().to_string()));
        let mut file = OpenOptions::new().write(true).create_new(true).open(&incoming.0).await?;
        let mut hash = Sha256::new();
        let mut size = 0_u64;
        let mut bytes = pin!(bytes);
        while let Some(chunk) = bytes.next().await {
            let chunk = chunk.map_err(|_| BlobError::Broken)?;
            size += chunk.len() as u64;
            if size > max_bytes {
                return Err(BlobError::TooLarge);
            }
            hash.update(&chunk);
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        file.sync_all().await?;
        let sha256: [u8; 32] = hash.finalize().into();
        let size_bytes = i64::try_from(size).map_err(|_| BlobError::TooLarge)?;
        Ok(Received { sha256, size_bytes, incoming, target: self.path(&sha256) })
    }

    /// Opens kept bytes for reading.
    ///
    /// # Errors
    /// [`StoreError::Files`], also if they are not there.
    pub async fn open(&self, sha256: &[u8; 32]) -> Result<BlobReader, StoreError> {
        Ok(File::open(self.path(sha256)).await?)
    }

    /// Removes kept bytes that nothing refers to, unless they came within the last hour. Removing what is not there is no error.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub async fn remove(&self, sha256: &[u8; 32]) -> Result<(), StoreError> {
        remove_unless_young(&self.path(sha256)).await
    }

    /// Removes what was left half-way in, an hour ago or more.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub async fn remove_abandoned(&self) -> Result<(), StoreError> {
        let mut entries = fs::read_dir(self.folder.join(INCOMING)).await?;
        while let Some(entry) = entries.next_entry().await? {
            remove_unless_young(&entry.path()).await?;
        }
        Ok(())
    }

    fn path(&self, sha256: &[u8; 32]) -> PathBuf {
        let name: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(&name[..2]).join(name)
    }
}

impl Received {
    /// Opens the bytes, to look into them before they are kept.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn open(&self) -> Result<std::fs::File, StoreError> {
        Ok(std::fs::File::open(&self.incoming.0)?)
    }

    /// Keeps the bytes under their hash. What is there under the same hash are the same bytes; it becomes young again.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub async fn keep(self) -> Result<(), StoreError> {
        let folder = self.target.parent().map(Path::to_path_buf).unwrap_or_default();
        fs::create_dir_all(&folder).await?;
        fs::rename(&self.incoming.0, &self.target).await?;
        // The name is on disk only when its folder is.
        File::open(&folder).await?.sync_all().await?;
        if let Some(parent) = folder.parent() {
            File::open(parent).await?.sync_all().await?;
        }
        Ok(())
    }
}

async fn remove_unless_young(path: &Path) -> Result<(), StoreError> {
    let removed = async {
        let changed = fs::metadata(path).await?.modified()?;
        let is_young = SystemTime::now().duration_since(changed).is_ok_and(|age| age < YOUNG);
        if is_young { Ok(()) } else { fs::remove_file(path).await }
    };
    match removed.await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
