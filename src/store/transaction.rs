//! A write transaction: commits when told to, and only then.

use std::ops::{Deref, DerefMut};

use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, try_join_all};

use super::database::{Conn, Database, Pooled};
use super::errors::StoreError;
use super::sql::Sql;

/// An open transaction. Dropped without a commit, its connection is thrown away and the database rolls back.
pub struct Transaction {
    /// `None` once the transaction has ended well, or is being thrown away.
    connection: Option<Pooled>,
}

/// Statements that are sent together, in their order: one round trip, however many.
#[derive(Default)]
pub struct Writes {
    statements: Vec<Sql<'static>>,
}

impl Writes {
    /// Adds a statement behind all others.
    pub(super) fn push(&mut self, statement: Sql<'static>) {
        self.statements.push(statement);
    }
}

impl Database {
    /// Begins a write transaction (READ COMMITTED: every rule that spans rows is held by a lock taken first).
    ///
    /// # Errors
    /// [`StoreError::Timeout`] or [`StoreError::Unavailable`] if no connection is to be had.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        let transaction = self.about_to_begin().await?;
        begin(&transaction).await?;
        Ok(transaction)
    }

    /// A transaction whose first statement must be [`begin`], so that the beginning can travel with what follows it.
    pub(super) async fn about_to_begin(&self) -> Result<Transaction, StoreError> {
        Ok(Transaction { connection: Some(self.write().await?) })
    }
}

/// The beginning, as a statement like any other: prepared once, and never ahead of what was sent before it.
pub(super) fn begin(conn: &AsyncPgConnection) -> BoxFuture<'_, Result<(), StoreError>> {
    send(conn, Sql::new("BEGIN"))
}

fn send<'a>(mut conn: &'a AsyncPgConnection, statement: Sql<'static>) -> BoxFuture<'a, Result<(), StoreError>> {
    async move { Ok(statement.execute(&mut conn).await.map(drop)?) }.boxed()
}

impl Transaction {
    /// Commits.
    ///
    /// # Errors
    /// If the database refuses, or is lost on the way: then it is not known whether it took effect.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.commit_with(Writes::default()).await
    }

    /// Writes and commits, in one round trip. If a statement fails, nothing is written: the database ends a transaction that has
    /// failed by rolling it back, whatever it is told.
    ///
    /// # Errors
    /// What the database says of the first statement that failed; otherwise as [`Self::commit`].
    pub async fn commit_with(mut self, mut writes: Writes) -> Result<(), StoreError> {
        writes.push(Sql::new("COMMIT"));
        // Sent in this order: each takes its place in the connection's queue when it is first polled.
        try_join_all(writes.statements.into_iter().map(|statement| send(&self, statement))).await?;
        drop(self.connection.take());
        Ok(())
    }

    /// Rolls back, so that the connection can be used again at once.
    ///
    /// # Errors
    /// If the connection is lost; the database rolls back then, too.
    pub async fn roll_back(mut self) -> Result<(), StoreError> {
        send(&self, Sql::new("ROLLBACK")).await?;
        drop(self.connection.take());
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // Out of the pool: closing it is what rolls back.
            drop(Pooled::take(connection));
        }
    }
}

/// Why the connection is there: it is taken by what ends the transaction alone, which consumes it.
const OPEN: &str = "a transaction that has not ended";

impl Deref for Transaction {
    type Target = Conn;

    #[expect(clippy::expect_used, reason = "whatever takes the connection consumes the transaction")]
    fn deref(&self) -> &Conn {
        self.connection.as_ref().expect(OPEN)
    }
}

impl DerefMut for Transaction {
    #[expect(clippy::expect_used, reason = "whatever takes the connection consumes the transaction")]
    fn deref_mut(&mut self) -> &mut Conn {
        self.connection.as_mut().expect(OPEN)
    }
}
