//! A PostgreSQL for a bench, in a folder of its own under `target/`.

use std::path::{Path, PathBuf};

use cpor::postgres::{LocalOptions, LocalPostgres, Mode};
use tokio_postgres::{Client, NoTls};

use super::process::{self, Usage};

/// Connections: two servers with their pools, and some by hand.
const MAX_CONNECTIONS: u16 = 200;

/// The folder of the benches.
pub fn folder() -> PathBuf {
    // Beside the profile's folder, whatever the target folder is called: target/<profile>/cpor.
    let program = Path::new(env!("CARGO_BIN_EXE_cpor"));
    program.ancestors().nth(2).unwrap_or(Path::new("target")).join("bench")
}

/// A running PostgreSQL.
pub struct Cluster {
    postgres: LocalPostgres,
    postmaster: u32,
}

impl Cluster {
    /// Starts the PostgreSQL of a folder, durable as in production; makes it if there is none.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let mut options = LocalOptions::new(folder, Mode::Serve);
        options.max_connections = MAX_CONNECTIONS;
        options.progress = true;
        let postgres = LocalPostgres::start(options).await?;
        let client = connect(postgres.url()).await?;
        let backend: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
        let postmaster = process::parent(u32::try_from(backend)?)?;
        Ok(Self { postgres, postmaster })
    }

    /// Where to connect.
    pub fn url(&self) -> &str {
        self.postgres.url()
    }

    /// What its backends used so far: the processes that serve connections, not those that tidy up behind them.
    pub fn usage(&self) -> anyhow::Result<Usage> {
        let backends = process::children(self.postmaster, |line| line.contains("[local]"))?;
        // One that ended between two looks is left out.
        Ok(backends.into_iter().filter_map(|backend| process::usage(backend).ok()).fold(Usage::default(), |sum, one| sum + one))
    }

    /// Stops it.
    pub async fn stop(self) -> anyhow::Result<()> {
        Ok(self.postgres.stop().await?)
    }
}

/// A connection whose input and output a task of its own drives.
pub async fn connect(url: &str) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
