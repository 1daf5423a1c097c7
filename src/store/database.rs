//! The database: connections that readers share, two pools of others, and a count of the statements that went over them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::{Object, Pool, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use futures_util::FutureExt;

use super::connect::{Address, STATEMENT_TIMEOUT};
use super::errors::StoreError;
use super::facts::KeptProgramme;
use super::pipelines::Pipelines;
use super::session::{Plans, Session, is_reusable};

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
    by_key: Pipelines,
    lists: Pipelines,
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
        let session = Session { address: address.clone(), statement_timeout, statements: Arc::clone(&statements) };
        let pool = |size| {
            Pool::builder(manager(session.clone()))
                .max_size(size)
                .build()
                .map_err(|error| StoreError::Unavailable(error.to_string()))
        };
        let pipelines = |plans| Pipelines::new(&session, plans, sizes.shared);
        let (by_key, lists) = (pipelines(Plans::Generic), pipelines(Plans::Auto));
        let (reads, writes) = (pool(sizes.reads)?, pool(sizes.writes)?);
        Ok(Self { by_key, lists, reads, writes, address, statements, programme: Arc::default() })
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

fn manager(session: Session) -> AsyncDieselConnectionManager<AsyncPgConnection> {
    let mut config = ManagerConfig::default();
    config.custom_setup = Box::new(move |_| {
        let session = session.clone();
        async move { Ok(session.open(Plans::Auto).await?.0) }.boxed()
    });
    config.recycling_method = RecyclingMethod::CustomFunction(Box::new(|connection| {
        let result = if is_reusable(connection) { Ok(()) } else { Err(diesel::result::Error::BrokenTransactionManager) };
        std::future::ready(result).boxed()
    }));
    AsyncDieselConnectionManager::new_with_config(String::new(), config)
}
