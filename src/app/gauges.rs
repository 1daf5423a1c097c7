//! What an operator may want to see of a running server, as numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use crate::store::database::PoolUse;
use crate::store::gauges::backlog;

/// How long the database has to count what is owed.
const COUNT_TIMEOUT: Duration = Duration::from_secs(2);

/// What the workers of this server tell of themselves. Cloning shares everything.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_sequencer: AtomicBool,
    numbered: AtomicU64,
}

impl Pulse {
    /// The sequencer held the lock, and numbered so many events; or another server holds it.
    pub fn sequenced(&self, numbered: Option<usize>) {
        self.0.is_sequencer.store(numbered.is_some(), Ordering::Relaxed);
        self.0.numbered.fetch_add(numbered.unwrap_or(0) as u64, Ordering::Relaxed);
    }
}

/// What an operator may want to see.
#[derive(Clone, Debug)]
pub struct Gauges {
    /// The pools of connections, by name.
    pub pools: [(&'static str, PoolUse); 2],
    /// Statements sent since the start.
    pub statements: u64,
    /// Whether this server was the one that numbers, at the last look.
    pub is_sequencer: bool,
    /// Events that this server gave a position since the start.
    pub numbered: u64,
    /// Claims whose passed deadlines this server recorded since the start.
    pub swept: u64,
    /// Claims with passed deadlines that were found and are not recorded yet, one batch at most.
    pub due: u64,
    /// What is owed; `None` while the database does not tell.
    pub owed: Option<Owed>,
}

/// Work that is owed, by whichever server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Events without a position.
    pub unnumbered: i64,
    /// How long the oldest of them has waited, in the claims' time.
    pub unnumbered_for: TimeDelta,
    /// The feed's newest position.
    pub feed_head: i64,
    /// Positions that the streams of this server have not been told yet.
    pub feed_behind: i64,
    /// Notices without recipients.
    pub unaddressed: i64,
    /// Deliveries that wait.
    pub undelivered: i64,
    /// How long the most urgent of them is overdue.
    pub overdue_for: TimeDelta,
    /// Deliveries that were given up.
    pub dead: i64,
    /// Uploads that no document uses yet, by state.
    pub uploads: Vec<(String, i64)>,
}

impl App {
    /// What the workers of this server tell of themselves.
    #[must_use]
    pub fn pulse(&self) -> &Pulse {
        &self.inner.pulse
    }

    /// The numbers as they are now.
    pub async fn gauges(&self) -> Gauges {
        let owed = tokio::time::timeout(COUNT_TIMEOUT, self.owed()).await.ok().flatten();
        let pulse = &self.pulse().0;
        Gauges {
            pools: self.database().pools(),
            statements: self.database().statements(),
            is_sequencer: pulse.is_sequencer.load(Ordering::Relaxed),
            numbered: pulse.numbered.load(Ordering::Relaxed),
            swept: self.sweep().recorded_total(),
            due: self.sweep().due(),
            owed,
        }
    }

    async fn owed(&self) -> Option<Owed> {
        let counted = async { backlog(&mut *self.database().read().await?).await };
        let backlog = counted.await.inspect_err(|error| tracing::warn!(%error, "what is owed cannot be counted now")).ok()?;
        Some(Owed {
            unnumbered: backlog.unnumbered,
            unnumbered_for: waited(backlog.unnumbered_since, self.now()),
            feed_head: backlog.feed_head,
            feed_behind: self.live().reached().map_or(0, |reached| (backlog.feed_head - reached).max(0)),
            unaddressed: backlog.unaddressed,
            undelivered: backlog.undelivered,
            overdue_for: waited(backlog.undelivered_since, Utc::now()),
            dead: backlog.dead,
            uploads: backlog.uploads,
        })
    }
}

fn waited(since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> TimeDelta {
    since.map_or(TimeDelta::zero(), |since| (now - since).max(TimeDelta::zero()))
}
