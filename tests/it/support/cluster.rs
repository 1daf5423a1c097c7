//! One temporary PostgreSQL for the whole test process, and a database of its own for each test.
//!
//! PostgreSQL ends and its folder is removed when the process ends, in whatever way: the launcher's
//! watchdog sees to it, nothing here has to run for that.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use cpor::postgres::{LocalOptions, LocalPostgres, Mode};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::scratch;

/// The database that the others are copied from.
const TEMPLATE: &str = "cpor_template";
/// Many tests at once, a few connections each.
const MAX_CONNECTIONS: u16 = 300;

/// What is shared by all tests of the process. Bound to no runtime: each test has its own.
struct Shared {
    postgres: LocalPostgres,
    dropped: UnboundedSender<String>,
}

/// The failure is kept as well: all tests then fail alike, without trying again.
static SHARED: OnceLock<Result<Shared, String>> = OnceLock::new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database that only one test uses; dropped, it is removed in the background.
pub struct TestDatabase {
    name: String,
    url: String,
}

impl TestDatabase {
    /// Where to connect.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(Ok(shared)) = SHARED.get() {
            // Without a cleaner the folder of the whole cluster is removed all the same.
            shared.dropped.send(std::mem::take(&mut self.name)).ok();
        }
    }
}

/// A new database, copied from the template. The template is made once in the process: the first
/// caller's `migrate` gets its URL, on a multi-threaded runtime, and must close its connections.
pub async fn fresh_database<M, F>(migrate: M) -> TestDatabase
where
    M: FnOnce(String) -> F + Send + 'static,
    F: Future<Output = ()>,
{
    // Waiting for the first caller must not block the runtime of the others.
    let shared = tokio::task::spawn_blocking(|| SHARED.get_or_init(|| on_own_thread(migrate)));
    let shared = shared.await.unwrap().as_ref().unwrap_or_else(|error| panic!("{error}"));
    let name = format!("t_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let copy = format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY wal_log");
    execute(&shared.postgres.url_of("postgres"), &copy).await.unwrap();
    TestDatabase { url: shared.postgres.url_of(&name), name }
}

/// A thread of its own, because a runtime cannot be entered from within another one.
fn on_own_thread<M, F>(migrate: M) -> Result<Shared, String>
where
    M: FnOnce(String) -> F + Send + 'static,
    F: Future<Output = ()>,
{
    let started = thread::spawn(|| {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(start(migrate))
    });
    started.join().unwrap_or_else(|_| Err("the template database could not be made".to_owned()))
}

async fn start<M, F>(migrate: M) -> Result<Shared, String>
where
    M: FnOnce(String) -> F,
    F: Future<Output = ()>,
{
    let mut options = LocalOptions::new(scratch::path(), Mode::Scratch);
    options.max_connections = MAX_CONNECTIONS;
    options.progress = true;
    let postgres = LocalPostgres::start(options).await.map_err(|error| error.to_string())?;
    let admin = postgres.url_of("postgres");
    let create = format!("CREATE DATABASE {TEMPLATE}");
    execute(&admin, &create).await.map_err(|error| error.to_string())?;
    migrate(postgres.url_of(TEMPLATE)).await;
    let (dropped, names) = unbounded_channel();
    thread::spawn(move || clean_up(&admin, names));
    Ok(Shared { postgres, dropped })
}

/// Removes the databases of finished tests, one after another, for as long as the process lives.
fn clean_up(admin: &str, mut names: UnboundedReceiver<String>) {
    let runtime: Runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        while let Some(name) = names.recv().await {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            if let Err(error) = execute(admin, &drop).await {
                eprintln!("the database {name} is left until the end: {error}");
            }
        }
    });
}

/// Statements without rows, on a connection of their own.
pub async fn execute(url: &str, statement: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let connection = tokio::spawn(connection);
    let outcome = client.batch_execute(statement).await;
    drop(client);
    connection.await.unwrap()?;
    outcome
}
