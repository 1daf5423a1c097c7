//! Where documents are kept, checked.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::{DocumentArgs, JanitorArgs};
use crate::store::blobs::{BucketError, BucketUrl};
use crate::workers::JanitorSettings;

/// The folder in the data directory for documents, and for those on their way into a bucket.
const FOLDER: &str = "documents";

/// Where documents are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentSettings {
    /// The folder that takes bytes on their way in, and keeps them unless there is a bucket.
    pub folder: PathBuf,
    /// The bucket, if any.
    pub bucket: Option<BucketUrl>,
    /// Whether clients may send to the bucket themselves.
    pub is_direct: bool,
}

/// Why documents cannot be kept so.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    /// The bucket.
    #[error("--documents: {0}")]
    Bucket(#[from] BucketError),
    /// A folder takes nothing from clients.
    #[error(
        "--documents-direct lets clients send to a bucket, and documents are kept in a folder: give --documents s3://…, or leave it out"
    )]
    DirectToFolder,
}

impl DocumentSettings {
    pub(super) fn new(args: DocumentArgs, data_dir: &Path) -> Result<Self, DocumentsError> {
        let in_data_dir = || data_dir.join(FOLDER);
        let place = args.documents.filter(|place| !place.is_empty());
        let (folder, bucket) = match place {
            Some(place) if place.contains("://") => (in_data_dir(), Some(place.parse()?)),
            Some(folder) => (PathBuf::from(folder), None),
            None => (in_data_dir(), None),
        };
        let is_direct = args.documents_direct;
        if is_direct && bucket.is_none() {
            return Err(DocumentsError::DirectToFolder);
        }
        Ok(Self { folder, bucket, is_direct })
    }
}

impl From<JanitorArgs> for JanitorSettings {
    fn from(args: JanitorArgs) -> Self {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        Self { every: seconds(args.clean_every), unused_age: seconds(args.unused_age) }
    }
}
