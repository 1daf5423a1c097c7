//! A write transaction: commits when told to, and only then.

use std::ops::{Deref, DerefMut};

use diesel_async::{AnsiTransactionManager, TransactionManager};

use super::database::{Conn, Database, Pooled};
use super::errors::StoreError;

/// An open transaction. Dropped without a commit, its connection is thrown away and the database rolls back.
pub struct Transaction {
    connection: Pooled,
}

impl Database {
    /// Begins a write transaction (READ COMMITTED: every rule that spans rows is held by a lock taken first).
    ///
    /// # Errors
    /// [`StoreError::Timeout`] or [`StoreError::Unavailable`] if no connection is to be had.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        let mut connection = self.write().await?;
        AnsiTransactionManager::begin_transaction(&mut *connection).await?;
        Ok(Transaction { connection })
    }
}

impl Transaction {
    /// Commits.
    ///
    /// # Errors
    /// If the database refuses, or is lost on the way: then it is not known whether it took effect.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        AnsiTransactionManager::commit_transaction(&mut *self.connection).await?;
        Ok(())
    }

    /// Rolls back, so that the connection can be used again at once.
    ///
    /// # Errors
    /// If the connection is lost; the database rolls back then, too.
    pub async fn roll_back(mut self) -> Result<(), StoreError> {
        AnsiTransactionManager::rollback_transaction(&mut *self.connection).await?;
        Ok(())
    }
}

impl Deref for Transaction {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.connection
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.connection
    }
}
