//! Bytes that a client sends to the bucket itself: into a place of the upload's own, from where the server reads them like any others.

use std::time::Duration;

use futures_util::future::BoxFuture;
use object_store::path::Path as Key;

use super::place::Place;
use super::read::BlobReader;
use super::{Blobs, INCOMING, failed};
use crate::domain::ids::UploadId;
use crate::store::errors::StoreError;

/// Signs addresses of a bucket with its credentials.
pub trait PutSigner: Send + Sync {
    /// An address that takes one object of this name for so long.
    fn put_url<'a>(&'a self, key: &'a Key, valid: Duration) -> BoxFuture<'a, Result<String, object_store::Error>>;
}

#[cfg(any(feature = "s3", feature = "azure", feature = "gcs"))]
impl<S: object_store::signer::Signer> PutSigner for S {
    fn put_url<'a>(&'a self, key: &'a Key, valid: Duration) -> BoxFuture<'a, Result<String, object_store::Error>> {
        Box::pin(async move { Ok(self.signed_url(object_store::signer::Method::PUT, key, valid).await?.into()) })
    }
}

/// Where a client may send bytes to without us.
#[derive(Clone, PartialEq, Eq)]
pub struct DirectTarget {
    /// The signed address, for one HTTP PUT. A secret.
    pub url: String,
    /// Headers that the bucket asks for.
    pub headers: &'static [(&'static str, &'static str)],
}

impl Blobs {
    /// Whether clients may send bytes to the bucket themselves.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        matches!(&self.inner.place, Place::Bucket(bucket) if bucket.signer.is_some())
    }

    /// An address of the bucket that takes the bytes of this upload for so long; `None` where the store has none to give.
    ///
    /// # Errors
    /// [`StoreError::Files`] if the bucket's credentials cannot be had.
    pub async fn direct_target(&self, upload: UploadId, valid: Duration) -> Result<Option<DirectTarget>, StoreError> {
        let Place::Bucket(bucket) = &self.inner.place else { return Ok(None) };
        let Some(signer) = &bucket.signer else { return Ok(None) };
        let url = signer.put_url(&self.direct_key(upload), valid).await.map_err(failed)?;
        Ok(Some(DirectTarget { url, headers: bucket.put_headers }))
    }

    /// What a client sent to the bucket for this upload; `None` if nothing came.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub async fn open_direct(&self, upload: UploadId) -> Result<Option<BlobReader>, StoreError> {
        match self.open_key(&self.direct_key(upload), None).await {
            Err(StoreError::Files(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            opened => opened.map(Some),
        }
    }

    /// Removes what a client sent to the bucket for this upload, if anything.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub async fn discard_direct(&self, upload: UploadId) -> Result<(), StoreError> {
        self.remove(&self.direct_key(upload)).await
    }

    pub(super) fn direct_key(&self, upload: UploadId) -> Key {
        self.inner.place.key(&[INCOMING, &upload.0.simple().to_string()])
    }
}
