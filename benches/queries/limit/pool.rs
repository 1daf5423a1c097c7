//! Connections: few that many share for reading, more that one has at a time for writing.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, NoTls, Row, Statement};

use super::statements::Statements;

/// Connections for reading: two a core, each with many statements under way.
const READERS: usize = 4;
/// Connections for writing: one transaction each, so that the database can commit several at once.
const WRITERS: usize = 16;
/// Statements sent so far.
pub static SENT: AtomicU64 = AtomicU64::new(0);

/// Why there is no answer.
pub struct Failure(String);

impl<E: std::fmt::Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0).into_response()
    }
}

type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection with its statements.
pub struct Connection {
    client: Client,
    pub statements: Statements,
}

impl Connection {
    async fn open(url: &str) -> anyhow::Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let statements = Statements::prepare(&client).await?;
        Ok(Self { client, statements })
    }

    /// The one row of a statement.
    pub async fn one(&self, statement: &Statement, values: Values<'_>) -> Result<Row, Error> {
        SENT.fetch_add(1, Ordering::Relaxed);
        self.client.query_one(statement, values).await
    }

    /// The rows of a statement.
    pub async fn rows(&self, statement: &Statement, values: Values<'_>) -> Result<Vec<Row>, Error> {
        SENT.fetch_add(1, Ordering::Relaxed);
        self.client.query(statement, values).await
    }

    /// A statement without rows.
    pub async fn execute(&self, statement: &Statement, values: Values<'_>) -> Result<u64, Error> {
        SENT.fetch_add(1, Ordering::Relaxed);
        self.client.execute(statement, values).await
    }
}

/// All connections.
pub struct Pool {
    readers: Vec<Connection>,
    turn: AtomicUsize,
    writers: Mutex<Vec<Connection>>,
    free: Semaphore,
}

impl Pool {
    /// Opens them.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let (mut readers, mut writers) = (Vec::new(), Vec::new());
        for _ in 0..READERS {
            readers.push(Connection::open(url).await?);
        }
        for _ in 0..WRITERS {
            writers.push(Connection::open(url).await?);
        }
        Ok(Self { readers, turn: AtomicUsize::new(0), writers: Mutex::new(writers), free: Semaphore::new(WRITERS) })
    }

    /// A connection for reading, shared with others.
    pub fn reader(&self) -> &Connection {
        &self.readers[self.turn.fetch_add(1, Ordering::Relaxed) % READERS]
    }

    /// Runs a transaction on a connection that nobody else has meanwhile; rolls back what failed.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        let _free = self.free.acquire().await?;
        let taken = self.writers.lock().map_err(|_| Failure("a writer was lost".to_owned()))?.pop();
        let connection = taken.ok_or_else(|| Failure("no writer, though one is free".to_owned()))?;
        let outcome = work(&connection).await;
        if outcome.is_err() {
            connection.execute(&connection.statements.roll_back, &[]).await?;
        }
        self.writers.lock().map_err(|_| Failure("a writer was lost".to_owned()))?.push(connection);
        outcome
    }
}
