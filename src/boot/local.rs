//! The PostgreSQL underneath: ours, watched and revived, or the user's.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::postgres::{LocalOptions, LocalPostgres, PostgresError};

/// How often to look whether our PostgreSQL still runs.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A PostgreSQL to work with.
pub(super) struct Postgres {
    url: String,
    local: Option<LocalPostgres>,
}

/// Our PostgreSQL under watch. Ends with the server in hand, or with why it could not be revived.
pub(super) type Watched = JoinHandle<Result<Option<LocalPostgres>, PostgresError>>;

impl Postgres {
    /// The user's.
    pub fn remote(url: &str) -> Self {
        Self { url: url.to_owned(), local: None }
    }

    /// Ours.
    pub async fn local(options: LocalOptions) -> anyhow::Result<Self> {
        let local = LocalPostgres::start(options).await?;
        Ok(Self { url: local.url().to_owned(), local: Some(local) })
    }

    /// Where it is; may hold a password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops it, if it is ours.
    pub async fn stop(self) -> anyhow::Result<()> {
        match self.local {
            Some(local) => Ok(local.stop().await?),
            None => Ok(()),
        }
    }

    /// Watches it until `stop`, and starts it again when it dies. If that fails, `failed` is cancelled.
    pub fn watch(self, stop: CancellationToken, failed: CancellationToken) -> Watched {
        tokio::spawn(async move {
            let Some(mut local) = self.local else { return Ok(None) };
            while !stop.is_cancelled() {
                if !local.is_running() {
                    tracing::error!("PostgreSQL has ended; starting it again");
                    local = local.revived().await.inspect_err(|_| failed.cancel())?;
                }
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = stop.cancelled() => {}
                }
            }
            Ok(Some(local))
        })
    }
}
