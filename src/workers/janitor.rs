//! Forgets what has served its time: answers kept for retries, uploads that no document took.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::store::errors::StoreError;
use crate::store::{idempotency, scans, uploads};

/// How often to clean.
const CLEAN_EVERY: Duration = Duration::from_secs(600);
/// How long an answer is kept for retries, in hours.
pub const ANSWERS_KEPT_HOURS: i64 = 48;

/// How long what a virus scanner said of bytes is kept when nothing refers to them, in hours of real time.
const VERDICTS_KEPT_HOURS: i64 = 48;

pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = clean(&app).await {
            tracing::warn!(%error, "cannot clean up now");
        }
        tokio::select! {
            () = tokio::time::sleep(CLEAN_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}

async fn clean(app: &App) -> Result<(), StoreError> {
    let mut conn = app.database().write().await?;
    let now = app.now();
    idempotency::forget_before(&mut conn, now - TimeDelta::hours(ANSWERS_KEPT_HOURS)).await?;
    let forgotten = uploads::forget_expired(&mut conn, now).await?;
    let unused = uploads::unused_of(&mut conn, &forgotten).await?;
    for sha256 in unused {
        app.blobs().remove(&sha256).await?;
    }
    app.blobs().remove_abandoned().await?;
    scans::forget_unused(&mut conn, Utc::now() - TimeDelta::hours(VERDICTS_KEPT_HOURS)).await?;
    Ok(())
}
