//! Clearing away: bytes that nothing refers to, and what was left half-way by servers that died.

use std::io;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use object_store::ObjectStoreExt;
use tokio::fs;

use super::place::Place;
use super::{Blobs, failed, ledger};
use crate::store::database::Database;
use crate::store::errors::StoreError;
use crate::store::upload_state;

/// Files of each kind cleared away in one round at most.
const BATCH: i64 = 500;
/// How long the store may take to remove one file: shorter than a transaction may wait for us.
const REMOVE_TIMEOUT: Duration = Duration::from_secs(10);

impl Blobs {
    /// Clears away what nothing refers to and nobody is about to use: bytes that last came `age` ago or more, parts and incoming files
    /// that were begun then, and what clients sent to the bucket under addresses that ended then. A bounded number of each.
    ///
    /// # Errors
    /// [`StoreError::Files`] and what the database says. What was cleared away stays so.
    pub async fn sweep(&self, database: &Database, now: DateTime<Utc>, age: Duration) -> Result<(), StoreError> {
        let before = TimeDelta::from_std(age).ok().and_then(|age| now.checked_sub_signed(age)).unwrap_or(DateTime::UNIX_EPOCH);
        self.remove_unused(database, before).await?;
        self.abort_parts(database, before).await?;
        self.remove_direct(database, before).await?;
        self.remove_incoming(age).await
    }

    async fn remove_unused(&self, database: &Database, before: DateTime<Utc>) -> Result<(), StoreError> {
        let marked = ledger::mark_unused(&mut *database.write().await?, before, BATCH).await?;
        for sha256 in marked {
            // The row stays locked until the bytes are gone, so that the same bytes come again only afterwards.
            let mut tx = database.begin().await?;
            if ledger::take_marked(&mut tx, &sha256).await? {
                self.remove(&self.key(&sha256)).await?;
                ledger::forget(&mut tx, &sha256).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    async fn abort_parts(&self, database: &Database, before: DateTime<Utc>) -> Result<(), StoreError> {
        let Place::Bucket(bucket) = &self.inner.place else { return Ok(()) };
        let abandoned = ledger::abandoned_parts(&mut *database.write().await?, before, BATCH).await?;
        for (sha256, id) in abandoned {
            match bucket.store.abort_multipart(&self.key(&sha256), &id).await {
                // Put together after all, or thrown away by somebody else.
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(failed(error)),
            }
            ledger::end_parts(&mut *database.write().await?, &sha256, &id).await?;
        }
        Ok(())
    }

    async fn remove_direct(&self, database: &Database, before: DateTime<Utc>) -> Result<(), StoreError> {
        let ended = upload_state::direct_ended(&mut *database.write().await?, before, BATCH).await?;
        for id in ended {
            self.remove(&self.direct_key(id)).await?;
            upload_state::forget_direct(&mut *database.write().await?, id).await?;
        }
        Ok(())
    }

    /// Removes from the store. What is not there is no error.
    pub(super) async fn remove(&self, key: &object_store::path::Path) -> Result<(), StoreError> {
        let removed = tokio::time::timeout(REMOVE_TIMEOUT, self.inner.place.store().delete(key)).await;
        match removed.map_err(|_| StoreError::Timeout("the store did not remove a file".to_owned()))? {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// Removes what was left half-way in on this machine.
    async fn remove_incoming(&self, age: Duration) -> Result<(), StoreError> {
        let mut entries = fs::read_dir(&self.inner.incoming).await?;
        while let Some(entry) = entries.next_entry().await? {
            let removed = async {
                let changed = entry.metadata().await?.modified()?;
                let is_young = SystemTime::now().duration_since(changed).map_or(true, |since| since < age);
                if is_young { Ok(()) } else { fs::remove_file(entry.path()).await }
            };
            match removed.await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }
}
