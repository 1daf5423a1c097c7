//! The database: two pools of connections, and a count of the statements that went over them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use diesel::ConnectionError;
use diesel::connection::{DebugQuery, Instrumentation, InstrumentationEvent};
use diesel_async::pooled_connection::deadpool::{Object, Pool, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use futures_util::FutureExt;
use tracing::Span;

use super::connect::{Address, IDLE_IN_TRANSACTION_TIMEOUT, STATEMENT_TIMEOUT};
use super::errors::StoreError;
use super::facts::KeptProgramme;

/// A connection, inside or outside a transaction.
pub type Conn = AsyncPgConnection;
/// A connection taken from a pool; it goes back when dropped.
pub type Pooled = Object<AsyncPgConnection>;

/// Connections for reads: few, since each request pipelines its statements.
pub const DEFAULT_READ_CONNECTIONS: usize = 8;
/// Connections for writes: many enough that the database can commit several at once.
pub const DEFAULT_WRITE_CONNECTIONS: usize = 16;
/// How long a request waits for a connection before it is told that the server is busy.
pub const CHECKOUT_TIMEOUT: Duration = Duration::from_secs(5);

/// The role the server works as, if the migrations could create it: it owns nothing.
const SERVER_ROLE: &str = "cpor_server";

/// How many connections to keep.
#[derive(Clone, Copy, Debug)]
pub struct PoolSizes {
    /// For reads.
    pub reads: usize,
    /// For writes.
    pub writes: usize,
}

impl Default for PoolSizes {
    fn default() -> Self {
        Self { reads: DEFAULT_READ_CONNECTIONS, writes: DEFAULT_WRITE_CONNECTIONS }
    }
}

/// The bounds of the database's use.
#[derive(Clone, Copy, Debug)]
pub struct DatabaseSettings {
    /// How many connections to keep.
    pub pools: PoolSizes,
    /// How long one statement may run, unless its caller says otherwise.
    pub statement_timeout: Duration,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self { pools: PoolSizes::default(), statement_timeout: STATEMENT_TIMEOUT }
    }
}

/// How a pool is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// Connections that it may open.
    pub most: usize,
    /// Connections that are open.
    pub open: usize,
    /// Those of them that nobody uses.
    pub idle: usize,
    /// Who waits for a connection.
    pub waiting: usize,
}

impl PoolUse {
    fn of(pool: &Pool<AsyncPgConnection>) -> Self {
        let status = pool.status();
        Self { most: status.max_size, open: status.size, idle: status.available, waiting: status.waiting }
    }
}

/// The database. Cloning shares the pools.
#[derive(Clone)]
pub struct Database {
    address: Address,
    reads: Pool<AsyncPgConnection>,
    writes: Pool<AsyncPgConnection>,
    statements: Arc<AtomicU64>,
    programme: Arc<KeptProgramme>,
}

impl Database {
    /// Prepares the pools; connections are opened when they are needed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the address cannot be read.
    pub fn new(url: &str, pools: PoolSizes) -> Result<Self, StoreError> {
        Self::within(url, DatabaseSettings { pools, ..DatabaseSettings::default() })
    }

    /// The same within other bounds.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the address cannot be read.
    pub fn within(url: &str, settings: DatabaseSettings) -> Result<Self, StoreError> {
        let address = Address::parse(url)?;
        let statements = Arc::new(AtomicU64::new(0));
        let DatabaseSettings { pools: sizes, statement_timeout } = settings;
        let pool = |size| {
            Pool::builder(manager(&address, statement_timeout, &statements))
                .max_size(size)
                .build()
                .map_err(|error| StoreError::Unavailable(error.to_string()))
        };
        Ok(Self { reads: pool(sizes.reads)?, writes: pool(sizes.writes)?, address, statements, programme: Arc::default() })
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// [`StoreError::Timeout`] after [`CHECKOUT_TIMEOUT`]; [`StoreError::Unavailable`] if none can be opened.
    pub async fn read(&self) -> Result<Pooled, StoreError> {
        checkout(&self.reads).await
    }

    /// A connection for writing.
    ///
    /// # Errors
    /// [`StoreError::Timeout`] after [`CHECKOUT_TIMEOUT`]; [`StoreError::Unavailable`] if none can be opened.
    pub async fn write(&self) -> Result<Pooled, StoreError> {
        checkout(&self.writes).await
    }

    /// Statements sent so far over both pools, beginnings and ends of transactions included.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// How the pools are used now, by name.
    #[must_use]
    pub fn pools(&self) -> [(&'static str, PoolUse); 2] {
        [("read", PoolUse::of(&self.reads)), ("write", PoolUse::of(&self.writes))]
    }

    /// The programme as this server last read it.
    pub(super) fn programme(&self) -> &KeptProgramme {
        &self.programme
    }

    /// Where the database is.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Closes the pools: connections in use end when they are given back.
    pub fn close(&self) {
        self.reads.close();
        self.writes.close();
    }
}

async fn checkout(pool: &Pool<AsyncPgConnection>) -> Result<Pooled, StoreError> {
    match tokio::time::timeout(CHECKOUT_TIMEOUT, pool.get()).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(PoolError::Backend(error))) => Err(StoreError::Unavailable(error.to_string())),
        Ok(Err(error)) => Err(StoreError::Unavailable(error.to_string())),
        Err(_) => Err(StoreError::Timeout(format!("no connection was free within {CHECKOUT_TIMEOUT:?}"))),
    }
}

fn manager(
    address: &Address,
    statement_timeout: Duration,
    statements: &Arc<AtomicU64>,
) -> AsyncDieselConnectionManager<AsyncPgConnection> {
    let mut config = ManagerConfig::default();
    let (address, statements) = (address.clone(), Arc::clone(statements));
    config.custom_setup = Box::new(move |_| {
        let (address, statements) = (address.clone(), Arc::clone(&statements));
        async move { set_up(&address, statement_timeout, statements).await }.boxed()
    });
    config.recycling_method = RecyclingMethod::CustomFunction(Box::new(|connection| {
        let result = if is_reusable(connection) { Ok(()) } else { Err(diesel::result::Error::BrokenTransactionManager) };
        std::future::ready(result).boxed()
    }));
    AsyncDieselConnectionManager::new_with_config(String::new(), config)
}

async fn set_up(
    address: &Address,
    statement_timeout: Duration,
    statements: Arc<AtomicU64>,
) -> Result<AsyncPgConnection, ConnectionError> {
    let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(error.to_string());
    let driven = address.connect().await.map_err(bad)?;
    driven
        .client
        .batch_execute(&format!(
            "SET statement_timeout = {}; SET idle_in_transaction_session_timeout = {};
             SELECT set_config('role', rolname, false) FROM pg_roles
             WHERE rolname = '{SERVER_ROLE}' AND pg_has_role(current_user, oid, 'MEMBER')",
            statement_timeout.as_millis(),
            IDLE_IN_TRANSACTION_TIMEOUT.as_millis()
        ))
        .await
        .map_err(bad)?;
    let mut connection = AsyncPgConnection::try_from(driven.client).await?;
    connection.set_instrumentation(Watch { statements, running: VecDeque::new(), is_closed: driven.is_closed });
    Ok(connection)
}

/// Watches one connection: counts what is asked, and knows whether all was answered.
struct Watch {
    statements: Arc<AtomicU64>,
    /// Statements that were not answered yet, the first one first.
    running: VecDeque<Span>,
    is_closed: Arc<AtomicBool>,
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                self.statements.fetch_add(1, Ordering::Relaxed);
                self.running.push_back(statement_span(query));
            }
            InstrumentationEvent::FinishQuery { .. } => drop(self.running.pop_front()),
            _ => {}
        }
    }
}

/// The span of a statement, where somebody records it: its text, never the values bound to it.
fn statement_span(query: &dyn DebugQuery) -> Span {
    // What workers ask every moment belongs to nobody's trace.
    if Span::current().is_none() || !tracing::enabled!(tracing::Level::DEBUG) {
        return Span::none();
    }
    let with_values = query.to_string();
    let text = with_values.split(" -- binds:").next().unwrap_or_default();
    tracing::debug_span!("statement", sql = text)
}

/// Whether the next user may have the connection: it is open, and no statement of a dropped request still runs on it.
/// Costs no round trip, so a connection that broke just now is found by its user.
fn is_reusable(connection: &mut AsyncPgConnection) -> bool {
    connection
        .instrumentation()
        .downcast_ref::<Watch>()
        .is_none_or(|watch| watch.running.is_empty() && !watch.is_closed.load(Ordering::Acquire))
}
