//! Files by what they hold: each is named by the SHA-256 of its bytes, written once, never changed.
//!
//! ```text
//! folder/incoming/<uuid>       bytes on their way in: measured and hashed on this machine's disk, whatever the store
//! <store>/ab/abcdef…           kept bytes, by their hash: in the same folder, or in a bucket
//! <bucket>/incoming/<upload>   what a client sent to the bucket itself: believed by nobody until it was read back
//! ```
//!
//! A ledger in the database is written before the store, so that bytes whose server died are known and cleared away.

mod bucket;
mod direct;
mod keep;
mod ledger;
mod place;
mod read;
mod spool;
mod sweep;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::path::Path as Key;
use tokio::fs;
use tokio::sync::Semaphore;

use super::errors::StoreError;

pub use self::bucket::{BucketError, BucketUrl, Provider};
pub use self::direct::{DirectTarget, PutSigner};
pub use self::ledger::settle;
pub use self::place::{Bucket, BucketStore};
pub use self::read::{BlobReader, Measured};
pub use self::spool::Received;

use self::place::Place;

/// Where bytes wait until they are complete.
const INCOMING: &str = "incoming";
/// Files written into a bucket at a time: each holds a part of [`keep::PART_BYTES`] in memory.
const BUCKET_WRITES_AT_ONCE: usize = 4;

/// The files. Cloning shares the store.
#[derive(Clone)]
pub struct Blobs {
    inner: Arc<Inner>,
}

struct Inner {
    /// Bytes on their way in.
    incoming: PathBuf,
    place: Place,
    bucket_writes: Semaphore,
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

impl Blobs {
    /// The files in this folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub async fn open_folder(folder: &Path) -> Result<Self, StoreError> {
        let incoming = made(folder).await?;
        Ok(Self::of(incoming, Place::folder(folder)?))
    }

    /// The files in a bucket; `folder`, which is made if it is not there, takes them on their way in.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub async fn open_bucket(bucket: Bucket, folder: &Path) -> Result<Self, StoreError> {
        let incoming = made(folder).await?;
        Ok(Self::of(incoming, Place::Bucket(bucket)))
    }

    fn of(incoming: PathBuf, place: Place) -> Self {
        let bucket_writes = Semaphore::new(BUCKET_WRITES_AT_ONCE);
        Self { inner: Arc::new(Inner { incoming, place, bucket_writes }) }
    }

    /// The name of kept bytes: made of their hash alone.
    fn key(&self, sha256: &[u8; 32]) -> Key {
        let name: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        self.inner.place.key(&[&name[..2], &name])
    }
}

impl fmt::Debug for Blobs {
    /// The place without what opens it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blobs({})", self.inner.place)
    }
}

async fn made(folder: &Path) -> Result<PathBuf, StoreError> {
    let incoming = folder.join(INCOMING);
    fs::create_dir_all(&incoming).await?;
    Ok(incoming)
}

/// What the store says, as a failure of files.
fn failed(error: object_store::Error) -> StoreError {
    StoreError::Files(error.into())
}
