//! Kept bytes on their way out: piece by piece, whole or a range of them.

use std::io;
use std::ops::Range;

use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::{GetOptions, GetRange, GetResultPayload};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::{Blobs, failed};
use crate::store::errors::StoreError;

/// Bytes read from a file at a time.
const READ_BYTES: usize = 256 * 1024;

/// Bytes on their way out, piece by piece.
pub type BlobReader = BoxStream<'static, io::Result<Bytes>>;

/// What kept bytes turn out to be when they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// How many.
    pub size_bytes: i64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

impl Blobs {
    /// Opens kept bytes for reading: all, or this range of them, which must lie within.
    ///
    /// # Errors
    /// [`StoreError::Files`], also if they are not there.
    pub async fn open(&self, sha256: &[u8; 32], range: Option<Range<u64>>) -> Result<BlobReader, StoreError> {
        self.open_key(&self.key(sha256), range).await
    }

    pub(super) async fn open_key(
        &self,
        key: &object_store::path::Path,
        range: Option<Range<u64>>,
    ) -> Result<BlobReader, StoreError> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.inner.place.store().get_opts(key, options).await.map_err(failed)?;
        match found.payload {
            GetResultPayload::File(file, _) => from_file(file.into(), found.range).await,
            GetResultPayload::Stream(bytes) => Ok(bytes.map_err(io::Error::from).boxed()),
        }
    }

    /// Reads kept bytes whole and measures them; `None` if they are not there.
    ///
    /// # Errors
    /// [`StoreError::Files`] if the store fails otherwise.
    pub async fn measure(&self, sha256: &[u8; 32]) -> Result<Option<Measured>, StoreError> {
        let mut bytes = match self.open(sha256, None).await {
            Err(StoreError::Files(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let (mut hash, mut size) = (Context::new(&SHA256), 0);
        while let Some(chunk) = bytes.try_next().await? {
            hash.update(&chunk);
            size += chunk.len();
        }
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(hash.finish().as_ref());
        Ok(Some(Measured { size_bytes: i64::try_from(size).unwrap_or(i64::MAX), sha256 }))
    }
}

async fn from_file(mut file: File, range: Range<u64>) -> Result<BlobReader, StoreError> {
    if range.start > 0 {
        file.seek(io::SeekFrom::Start(range.start)).await?;
    }
    Ok(ReaderStream::with_capacity(file.take(range.end - range.start), READ_BYTES).boxed())
}
