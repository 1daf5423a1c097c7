//! The server's end, as requests, sockets and streams see it coming.

use axum::http::Extensions;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// What a request can know of the server's end. Without a serve loop, as in tests, it never comes.
#[derive(Debug, Clone, Default)]
pub(super) struct Closing {
    /// Readiness goes off.
    pub(super) draining: CancellationToken,
    /// Sockets and streams are to end.
    pub(super) closing: CancellationToken,
    pub(super) sockets: TaskTracker,
}

impl Closing {
    pub(super) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// Whether readiness is off.
    pub(super) fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }

    /// Waits until sockets and streams are to end.
    pub(super) async fn closed(&self) {
        self.closing.cancelled().await;
    }

    /// Holds the server's end up, but not beyond its time.
    pub(super) fn track(&self) -> TaskTrackerToken {
        self.sockets.token()
    }
}
