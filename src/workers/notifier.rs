//! Pays the outbox: several lanes, so that a slow receiver holds up one of them at most.

use std::time::Duration;

use chrono::Utc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::notify::Notifier;

/// Deliveries tried at a time by this server.
const LANES: usize = 4;
/// How often to look when there was nothing to do.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Starts the notifier's tasks.
pub(super) fn start(tracker: &TaskTracker, notifier: &Notifier, stop: &CancellationToken) {
    tracker.spawn(address(notifier.clone(), stop.clone()));
    for _ in 0..LANES {
        tracker.spawn(deliver(notifier.clone(), stop.clone()));
    }
}

async fn address(notifier: Notifier, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match notifier.address(Utc::now()).await {
            Ok(0) => {}
            Ok(notices) => {
                tracing::info!(notices, "addressed notices");
                continue;
            }
            Err(error) => tracing::warn!(%error, "notices cannot be addressed now"),
        }
        pause(&stop).await;
    }
}

async fn deliver(notifier: Notifier, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match notifier.deliver_next(Utc::now()).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "notices cannot be delivered now"),
        }
        pause(&stop).await;
    }
}

async fn pause(stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(LOOK_EVERY) => {}
        () = stop.cancelled() => {}
    }
}
