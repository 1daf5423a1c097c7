//! The database: connections that readers share, two pools of others, and a count of the statements that went over them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use diesel::ConnectionError;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel_async::pooled_connection::deadpool::{Object, Pool, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use futures_util::FutureExt;

use super::connect::{Address, IDLE_IN_TRANSACTION_TIMEOUT, STATEMENT_TIMEOUT};
use super::errors::StoreError;
use super::pipelines::Pipelines;

/// A connection, inside or outside a transaction.
pub type Conn = AsyncPgConnection;
/// A connection taken from a pool; it goes back when dropped.
pub type Pooled = Object<AsyncPgConnection>;

/// Connections of each kind that all readers of the API share.
pub const DEFAULT_SHARED_CONNECTIONS: usize = 4;
/// Connections for reads that need one to themselves.
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
    /// Of each kind that all readers of the API share.
    pub shared: usize,
    /// For reads that need one to themselves.
    pub reads: usize,
    /// For writes.
    pub writes: usize,
}

impl Default for PoolSizes {
    fn default() -> Self {
        Self { shared: DEFAULT_SHARED_CONNECTIONS, reads: DEFAULT_READ_CONNECTIONS, writes: DEFAULT_WRITE_CONNECTIONS }
    }
}

/// The database. Cloning shares the pools.
#[derive(Clone)]
pub struct Database {
    address: Address,
    by_key: Pipelines,
    lists: Pipelines,
    reads: Pool<AsyncPgConnection>,
    writes: Pool<AsyncPgConnection>,
    statements: Arc<AtomicU64>,
}

impl Database {
    /// Prepares the pools; connections are opened when they are needed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the address cannot be read.
    pub fn new(url: &str, sizes: PoolSizes) -> Result<Self, StoreError> {
        let address = Address::parse(url)?;
        let statements = Arc::new(AtomicU64::new(0));
        let pool = |size| {
            Pool::builder(manager(&address, &statements))
                .max_size(size)
                .build()
                .map_err(|error| StoreError::Unavailable(error.to_string()))
        };
        let pipelines = |plans| Pipelines::new(&address, &statements, plans, sizes.shared);
        let (by_key, lists) = (pipelines(Plans::Generic), pipelines(Plans::Auto));
        Ok(Self { by_key, lists, reads: pool(sizes.reads)?, writes: pool(sizes.writes)?, address, statements })
    }

    /// The connections that readers share for what they read by key.
    pub(super) fn by_key(&self) -> &Pipelines {
        &self.by_key
    }

    /// The connections that readers share for lists.
    pub(super) fn lists(&self) -> &Pipelines {
        &self.lists
    }

    /// A connection for reading that nobody else uses meanwhile.
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

    /// Statements sent so far over all connections, beginnings and ends of transactions included.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Where the database is.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Closes the pools: connections in use end when they are given back.
    pub fn close(&self) {
        self.by_key.close();
        self.lists.close();
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

fn manager(address: &Address, statements: &Arc<AtomicU64>) -> AsyncDieselConnectionManager<AsyncPgConnection> {
    let mut config = ManagerConfig::default();
    let (address, statements) = (address.clone(), Arc::clone(statements));
    config.custom_setup = Box::new(move |_| {
        let (address, statements) = (address.clone(), Arc::clone(&statements));
        async move { Ok(set_up(&address, statements, Plans::Auto).await?.0) }.boxed()
    });
    config.recycling_method = RecyclingMethod::CustomFunction(Box::new(|connection| {
        let result = if is_reusable(connection) { Ok(()) } else { Err(diesel::result::Error::BrokenTransactionManager) };
        std::future::ready(result).boxed()
    }));
    AsyncDieselConnectionManager::new_with_config(String::new(), config)
}

/// How PostgreSQL plans what a connection prepares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plans {
    /// As it sees fit: anew for each run while that promises to pay.
    Auto,
    /// Once for all values: for what is read by key, where planning costs more than running and no value changes the plan.
    Generic,
}

impl Plans {
    /// The value of PostgreSQL's setting.
    fn mode(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Generic => "force_generic_plan",
        }
    }
}

/// Opens a connection; the flag becomes true when it ends.
pub(super) async fn set_up(
    address: &Address,
    statements: Arc<AtomicU64>,
    plans: Plans,
) -> Result<(AsyncPgConnection, Arc<AtomicBool>), ConnectionError> {
    let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(error.to_string());
    let driven = address.connect().await.map_err(bad)?;
    driven
        .client
        .batch_execute(&format!(
            "SET statement_timeout = {}; SET idle_in_transaction_session_timeout = {}; SET plan_cache_mode = {};
             SELECT set_config('role', rolname, false) FROM pg_roles
             WHERE rolname = '{SERVER_ROLE}' AND pg_has_role(current_user, oid, 'MEMBER')",
            STATEMENT_TIMEOUT.as_millis(),
            IDLE_IN_TRANSACTION_TIMEOUT.as_millis(),
            plans.mode()
        ))
        .await
        .map_err(bad)?;
    let mut connection = AsyncPgConnection::try_from(driven.client).await?;
    connection.set_instrumentation(Watch { statements, in_flight: 0, is_closed: Arc::clone(&driven.is_closed) });
    Ok((connection, driven.is_closed))
}

/// Watches one connection: counts what is asked, and knows whether all was answered.
struct Watch {
    statements: Arc<AtomicU64>,
    in_flight: u32,
    is_closed: Arc<AtomicBool>,
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => {
                self.statements.fetch_add(1, Ordering::Relaxed);
                self.in_flight += 1;
            }
            InstrumentationEvent::FinishQuery { .. } => self.in_flight = self.in_flight.saturating_sub(1),
            _ => {}
        }
    }
}

/// Whether the next user may have the connection: it is open, and no statement of a dropped request still runs on it.
/// Costs no round trip, so a connection that broke just now is found by its user.
fn is_reusable(connection: &mut AsyncPgConnection) -> bool {
    connection
        .instrumentation()
        .downcast_ref::<Watch>()
        .is_none_or(|watch| watch.in_flight == 0 && !watch.is_closed.load(Ordering::Acquire))
}
