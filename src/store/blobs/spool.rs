//! Bytes on their way in: hashed, counted and written to this machine's disk as they come, never held whole in memory.

use std::fs::File;
use std::io::{self, Write};
use std::mem;
use std::path::PathBuf;
use std::pin::pin;

use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

use super::{BlobError, Blobs};
use crate::store::errors::StoreError;

/// Bytes hashed and written at a time, while the next ones arrive: what one upload holds in memory is twice this.
const BATCH_BYTES: usize = 512 * 1024;

/// Bytes that were received, measured, and are not yet kept. Dropped, they are removed.
#[derive(Debug)]
pub struct Received {
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// How many bytes.
    pub size_bytes: i64,
    incoming: Incoming,
}

impl Received {
    /// Opens the complete bytes, to be looked into before they are kept.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn open(&self) -> Result<File, StoreError> {
        Ok(File::open(&self.incoming.0)?)
    }

    /// What the file is called among the incoming ones.
    pub(super) fn file_name(&self) -> String {
        self.incoming.0.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
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
    /// Takes bytes in, hashing and counting them on the way; at most `max_bytes`.
    ///
    /// # Errors
    /// [`BlobError`]; then nothing is left of the bytes.
    pub async fn receive<E>(
        &self,
        bytes: impl Stream<Item = Result<Bytes, E>> + Send,
        max_bytes: u64,
    ) -> Result<Received, BlobError> {
        let incoming = Incoming(self.inner.incoming.join(Uuid::now_v7().simple().to_string()));
        let mut writer = Writer::new(File::create_new(&incoming.0)?);
        let (mut size, mut batch) = (0_u64, Batch::default());
        let mut bytes = pin!(bytes);
        while let Some(chunk) = bytes.next().await {
            let chunk = chunk.map_err(|_| BlobError::Broken)?;
            size += chunk.len() as u64;
            if size > max_bytes {
                return Err(BlobError::TooLarge);
            }
            batch.size += chunk.len();
            batch.chunks.push(chunk);
            if batch.size >= BATCH_BYTES {
                writer.write(mem::take(&mut batch)).await?;
            }
        }
        writer.write(batch).await?;
        // A bucket makes the bytes durable itself; a folder takes this very file.
        let sha256 = writer.finish(self.inner.place.is_folder()).await?;
        let size_bytes = i64::try_from(size).map_err(|_| BlobError::TooLarge)?;
        Ok(Received { sha256, size_bytes, incoming })
    }
}

#[derive(Default)]
struct Batch {
    chunks: Vec<Bytes>,
    size: usize,
}

/// The file with the hash of what was written to it.
struct Sink {
    file: File,
    hash: Context,
}

impl Sink {
    fn take(mut self, batch: &Batch) -> io::Result<Self> {
        for chunk in &batch.chunks {
            self.hash.update(chunk);
            self.file.write_all(chunk)?;
        }
        Ok(self)
    }

    fn finish(self, durable: bool) -> io::Result<[u8; 32]> {
        if durable {
            self.file.sync_all()?;
        }
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(self.hash.finish().as_ref());
        Ok(sha256)
    }
}

/// Writes one batch on a thread that may wait for the disk, while the caller waits for the next. No thread is held between batches.
struct Writer {
    task: JoinHandle<io::Result<Sink>>,
}

impl Writer {
    fn new(file: File) -> Self {
        let sink = Sink { file, hash: Context::new(&SHA256) };
        Self { task: spawn_blocking(move || Ok(sink)) }
    }

    async fn idle(&mut self) -> Result<Sink, StoreError> {
        Ok((&mut self.task).await.map_err(io::Error::other)??)
    }

    async fn write(&mut self, batch: Batch) -> Result<(), StoreError> {
        let sink = self.idle().await?;
        self.task = spawn_blocking(move || sink.take(&batch));
        Ok(())
    }

    async fn finish(mut self, durable: bool) -> Result<[u8; 32], StoreError> {
        let sink = self.idle().await?;
        Ok(spawn_blocking(move || sink.finish(durable)).await.map_err(io::Error::other)??)
    }
}
