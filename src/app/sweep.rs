//! What the sweeper of this server is told, and what it tells: hints to look, and how far it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// Shared with the sweeper. Cloning shares everything.
#[derive(Clone, Debug, Default)]
pub struct Sweep(Arc<State>);

#[derive(Debug, Default)]
struct State {
    hint: Notify,
    recorded: AtomicU64,
    due: AtomicU64,
}

impl Sweep {
    /// Time has jumped: the sweeper had better look.
    pub fn hint(&self) {
        self.0.hint.notify_one();
    }

    /// Waits for a hint.
    pub async fn hinted(&self) {
        self.0.hint.notified().await;
    }

    /// The sweeper found this many claims that are due in one look.
    pub fn found(&self, claims: usize) {
        self.0.due.store(claims as u64, Ordering::Relaxed);
    }

    /// The sweeper recorded what was due of one claim.
    pub fn recorded(&self) {
        self.0.recorded.fetch_add(1, Ordering::Relaxed);
        // The gauge falls while the batch is worked off; it never goes below zero.
        let _at_zero = self.0.due.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |due| due.checked_sub(1));
    }

    /// Claims whose expiries this server recorded since it started.
    #[must_use]
    pub fn recorded_total(&self) -> u64 {
        self.0.recorded.load(Ordering::Relaxed)
    }

    /// Claims that were due at the last look and are not recorded yet, at most one batch.
    #[must_use]
    pub fn due(&self) -> u64 {
        self.0.due.load(Ordering::Relaxed)
    }
}
