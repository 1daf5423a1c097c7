//! Waking the other servers of a database: each wake-up says how far the feed reaches, and is only a hint to look.
//!
//! The feed's table is the truth, so whatever carries the hints may lose them, repeat them or bring them out of order: positions are
//! contiguous, a gap is seen and filled from the table, and whoever waits looks now and then all the same.
//!
//! | bus | carries |
//! |---|---|
//! | [`Bus::Database`] | LISTEN and NOTIFY, over one connection a server |
//! | `Bus::Nats` | a NATS server, for fleets larger than LISTEN likes and where a pooler stands before the database (feature `nats`) |

mod listen;
#[cfg(feature = "nats")]
mod nats;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::database::Database;

/// What carries wake-ups from server to server. Shown without its URL, which may hold a password.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Bus {
    /// The database itself.
    #[default]
    Database,
    /// NATS servers, by their URL.
    #[cfg(feature = "nats")]
    Nats(String),
}

/// Why a bus cannot be used. Never shows its URL.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BusError {
    /// The URL is not one.
    #[error(
        "CPOR_BUS_URL (or --bus-url) cannot be read: give nats://HOST:PORT, or tls://USER:PASSWORD@HOST:PORT; several with commas"
    )]
    Url,
    /// This binary was built without it.
    #[error("--bus-url needs a cpor that was built with NATS, and this one was not: cargo build --release --features nats")]
    NotBuilt,
}

impl Bus {
    /// Reads `nats://HOST:PORT` or `tls://HOST:PORT`; several with commas.
    ///
    /// # Errors
    /// [`BusError::Url`]; [`BusError::NotBuilt`] without the feature `nats`.
    pub fn parse(url: &str) -> Result<Self, BusError> {
        let is_one = |server: &str| {
            let rest = server.strip_prefix("nats://").or_else(|| server.strip_prefix("tls://"));
            rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
        };
        if url.split(',').all(is_one) { Self::nats(url) } else { Err(BusError::Url) }
    }

    #[cfg(feature = "nats")]
    fn nats(url: &str) -> Result<Self, BusError> {
        nats::servers(url).map(|_| Self::Nats(url.to_owned()))
    }

    #[cfg(not(feature = "nats"))]
    fn nats(_: &str) -> Result<Self, BusError> {
        Err(BusError::NotBuilt)
    }
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("Database"),
            #[cfg(feature = "nats")]
            Self::Nats(_) => f.write_str("Nats(…)"),
        }
    }
}

/// Wakes, and is woken by, the servers of a database. Cloning shares it.
#[derive(Clone, Default)]
pub struct Waker {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    bus: Bus,
    /// How far the feed reaches, to tell the others: always the newest, so that a slow bus is never far behind.
    outgoing: watch::Sender<i64>,
    /// How far the others said that it reaches.
    heard: AtomicI64,
    incoming: Notify,
}

impl Waker {
    /// A waker over the database's own bus, that wakes nobody until [`Waker::run`] runs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same over a bus.
    #[must_use]
    pub fn over(bus: Bus) -> Self {
        Self { inner: Arc::new(Inner { bus, ..Inner::default() }) }
    }

    /// Tells all servers of the database, soon, that the feed reaches this position. Never waits.
    pub fn wake(&self, position: i64) {
        self.inner.outgoing.send_if_modified(|newest| {
            let is_newer = position > *newest;
            *newest = position.max(*newest);
            is_newer
        });
    }

    /// Waits until somebody says that the feed reaches beyond `position`. For one waiter a server.
    pub async fn woken_beyond(&self, position: i64) {
        loop {
            // Each hint is looked at once: a wrong one, too high, costs one look and no more.
            self.inner.incoming.notified().await;
            if self.inner.heard.load(Ordering::Acquire) > position {
                return;
            }
        }
    }

    /// Listens and tells until stopped, connecting again whenever the bus is lost.
    pub async fn run(self, database: Database, stop: CancellationToken) {
        let serve = async {
            match &self.inner.bus {
                Bus::Database => listen::serve(&self, &database).await,
                #[cfg(feature = "nats")]
                Bus::Nats(url) => nats::serve(&self, &database, url).await,
            }
        };
        tokio::select! {
            never = serve => match never {},
            () = stop.cancelled() => {}
        }
    }

    /// Somebody said how far the feed reaches. What is no position says nothing.
    fn hear(&self, told: &str) {
        if let Ok(position) = told.parse() {
            self.inner.heard.fetch_max(position, Ordering::AcqRel);
            self.inner.incoming.notify_one();
        }
    }

    /// What this server tells the others, from now on.
    fn telling(&self) -> watch::Receiver<i64> {
        self.inner.outgoing.subscribe()
    }
}
