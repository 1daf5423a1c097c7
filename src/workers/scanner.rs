//! Gets verdicts on files that wait for the virus scanner.

use std::time::Duration;

use chrono::Utc;
use tokio_util::sync::CancellationToken;

use crate::app::{App, AppError};

/// How often to look when there was nothing to do.
const LOOK_EVERY: Duration = Duration::from_secs(2);

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut is_queued = false;
    while !stop.is_cancelled() {
        match work(&app, &mut is_queued).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "files cannot be scanned now"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// One batch of what came before there was a scanner, or one file; answers whether there was something to do.
async fn work(app: &App, is_queued: &mut bool) -> Result<bool, AppError> {
    if !*is_queued {
        *is_queued = app.queue_unscanned(Utc::now()).await? == 0;
        return Ok(true);
    }
    app.scan_next(Utc::now()).await
}
