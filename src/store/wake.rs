//! Waking the other servers of a database: LISTEN and NOTIFY, each wake-up only a hint to look.
//!
//! A NOTIFY inside a write transaction would make commits wait for each other; here one connection sends it after the commits, once
//! for all that happened meanwhile. Whoever waits must look now and then all the same: a hint may be lost.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::connect::Driven;
use super::database::Database;

/// The channel of the wake-ups.
const CHANNEL: &str = "cpor_feed";
/// How long wake-ups are gathered before one is sent for all of them.
const GATHER: Duration = Duration::from_millis(5);
/// How long to wait before connecting again.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);
/// How often to see whether the connection is still there when nothing arrives on it.
const CHECK_EVERY: Duration = Duration::from_secs(5);

/// Wakes, and is woken by, the servers of a database. Cloning shares it.
#[derive(Clone, Default)]
pub struct Waker {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    outgoing: Notify,
    incoming: Notify,
}

impl Waker {
    /// A waker that wakes nobody until [`Waker::run`] runs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for a wake-up of all servers of the database, soon. Never waits.
    pub fn wake(&self) {
        self.inner.outgoing.notify_one();
    }

    /// Waits for a wake-up; one that came while nobody waited counts. For one waiter a server.
    pub async fn woken(&self) {
        self.inner.incoming.notified().await;
    }

    /// Listens and sends until stopped, over a connection of its own, connecting again whenever it is lost.
    pub async fn run(self, database: Database, stop: CancellationToken) {
        tokio::select! {
            never = self.serve(&database) => match never {},
            () = stop.cancelled() => {}
        }
    }

    async fn serve(&self, database: &Database) -> Infallible {
        loop {
            match database.address().connect().await {
                Ok(driven) => {
                    if let Err(error) = self.converse(driven).await {
                        tracing::warn!(%error, "wake-ups are interrupted");
                    }
                }
                Err(error) => tracing::warn!(%error, "wake-ups need a connection to the database"),
            }
            tokio::time::sleep(RECONNECT_PAUSE).await;
        }
    }

    async fn converse(&self, mut driven: Driven) -> Result<(), tokio_postgres::Error> {
        driven.client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        let own: i32 = driven.client.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
        // What happened while nobody listened must be looked for.
        self.inner.incoming.notify_one();
        while !driven.is_closed.load(Ordering::Acquire) {
            tokio::select! {
                notification = driven.notifications.recv() => match notification {
                    // Whoever asked for a wake-up has looked already.
                    Some(notification) if notification.process_id() == own => {}
                    Some(_) => self.inner.incoming.notify_one(),
                    None => break,
                },
                () = self.inner.outgoing.notified() => {
                    tokio::time::sleep(GATHER).await;
                    driven.client.batch_execute(&format!("NOTIFY {CHANNEL}")).await?;
                }
                () = tokio::time::sleep(CHECK_EVERY) => {}
            }
        }
        Ok(())
    }
}
