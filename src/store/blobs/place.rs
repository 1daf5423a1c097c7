//! Where kept bytes lie: a folder of this machine, or a bucket.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::multipart::MultipartStore;
use object_store::path::Path as Key;

use super::direct::PutSigner;
use super::failed;
use crate::store::errors::StoreError;

/// Where kept bytes lie.
pub(super) enum Place {
    /// In a folder. Its files and their names are on disk when a write returns.
    Folder(LocalFileSystem),
    /// In a bucket.
    Bucket(Bucket),
}

/// What a bucket can do that a folder cannot.
pub trait BucketStore: ObjectStore + MultipartStore {}

impl<S: ObjectStore + MultipartStore> BucketStore for S {}

/// A bucket, and what all our names in it begin with.
pub struct Bucket {
    pub(super) store: Arc<dyn BucketStore>,
    pub(super) signer: Option<Arc<dyn PutSigner>>,
    pub(super) put_headers: &'static [(&'static str, &'static str)],
    prefix: Key,
}

impl Bucket {
    /// A bucket whose addresses nobody but us can use.
    #[must_use]
    pub fn new(store: Arc<dyn BucketStore>, prefix: Key) -> Self {
        Self { store, signer: None, put_headers: &[], prefix }
    }

    /// The same bucket, which signs addresses for clients; a PUT to one needs these headers.
    #[must_use]
    pub fn signing(self, signer: Arc<dyn PutSigner>, put_headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { signer: Some(signer), put_headers, ..self }
    }
}

impl Place {
    pub(super) fn folder(folder: &Path) -> Result<Self, StoreError> {
        Ok(Self::Folder(LocalFileSystem::new_with_prefix(folder).map_err(failed)?.with_fsync(true)))
    }

    pub(super) fn is_folder(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    pub(super) fn store(&self) -> &dyn ObjectStore {
        match self {
            Self::Folder(folder) => folder,
            Self::Bucket(bucket) => &*bucket.store,
        }
    }

    /// The name of an object, of these parts.
    pub(super) fn key(&self, parts: &[&str]) -> Key {
        let ours = parts.iter().copied();
        match self {
            Self::Folder(_) => Key::from_iter(ours),
            Self::Bucket(bucket) => bucket.prefix.parts().chain(ours.map(Into::into)).collect(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.fmt(f),
            Self::Bucket(bucket) => write!(f, "{} under {:?}", bucket.store, bucket.prefix.as_ref()),
        }
    }
}
