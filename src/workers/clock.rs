//! Keeps the demo's clock as far ahead as the database says, so that all servers of a demo agree.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;

/// How often to look.
const LOOK_EVERY: Duration = Duration::from_secs(1);

pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = app.read_demo_clock().await {
            tracing::warn!(%error, "the demo's clock cannot be read now");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}
