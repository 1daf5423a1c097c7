//! One temporary PostgreSQL for the whole test process, and a database of its own for each test.
//!
//! PostgreSQL ends and its folder is removed when the process ends, in whatever way: the launcher's
//! watchdog sees to it, nothing here has to run for that.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use cpor::postgres::{LocalOptions, LocalPostgres, Mode};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::scratch;

/// Many tests at once, a few connections each.
const MAX_CONNECTIONS: u16 = 300;

/// What is shared by all tests of the process. Bound to no runtime: each test has its own.
struct Shared {
    postgres: LocalPostgres,
    dropped: UnboundedSender<String>,
}

/// The failure is kept as well: all tests then fail alike, without trying again.
static SHARED: OnceLock<Result<Shared, String>> = OnceLock::new();
/// The databases that others are copied from, by name; each is made once.
static TEMPLATES: Mutex<BTreeMap<&str, Template>> = Mutex::new(BTreeMap::new());

/// Whether a template could be made, once that was tried.
type Template = Arc<OnceLock<Result<(), String>>>;
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

/// A new database, copied from a template. Each template is made once in the process: the first caller's `migrate` for this
/// `template` gets its URL, on a multi-threaded runtime, and must close its connections.
pub async fn fresh_database<M, F>(template: &'static str, migrate: M) -> TestDatabase
where
    M: FnOnce(String) -> F + Send + 'static,
    F: Future<Output = ()>,
{
    // Waiting for the first caller must not block the runtime of the others.
    let shared = tokio::task::spawn_blocking(move || {
        let shared = SHARED.get_or_init(|| on_own_thread(start)).as_ref().map_err(Clone::clone)?;
        let made = Arc::clone(TEMPLATES.lock().unwrap().entry(template).or_default());
        made.get_or_init(|| on_own_thread(move || fill(template, shared, migrate))).clone()?;
        Ok::<_, String>(shared)
    });
    let shared = shared.await.unwrap().unwrap_or_else(|error: String| panic!("{error}"));
    let name = format!("t_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let copy = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log");
    execute(&shared.postgres.url_of("postgres"), &copy).await.unwrap();
    TestDatabase { url: shared.postgres.url_of(&name), name }
}

/// A thread of its own, because a runtime cannot be entered from within another one.
fn on_own_thread<T, M, F>(work: M) -> Result<T, String>
where
    T: Send,
    M: FnOnce() -> F + Send,
    F: Future<Output = Result<T, String>>,
{
    thread::scope(|scope| {
        let started = scope.spawn(|| {
            let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(work())
        });
        started.join().unwrap_or_else(|_| Err("the tests' PostgreSQL or a template in it could not be made".to_owned()))
    })
}

async fn start() -> Result<Shared, String> {
    let mut options = LocalOptions::new(scratch::path(), Mode::Scratch);
    options.max_connections = MAX_CONNECTIONS;
    options.progress = true;
    let postgres = LocalPostgres::start(options).await.map_err(|error| error.to_string())?;
    let admin = postgres.url_of("postgres");
    let (dropped, names) = unbounded_channel();
    thread::spawn(move || clean_up(&admin, names));
    Ok(Shared { postgres, dropped })
}

async fn fill<M, F>(template: &str, shared: &Shared, migrate: M) -> Result<(), String>
where
    M: FnOnce(String) -> F,
    F: Future<Output = ()>,
{
    let create = format!("CREATE DATABASE {template}");
    execute(&shared.postgres.url_of("postgres"), &create).await.map_err(|error| error.to_string())?;
    migrate(shared.postgres.url_of(template)).await;
    Ok(())
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
