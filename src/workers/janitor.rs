//! Forgets what has served its time: answers kept for retries, uploads that no document took, bytes that nothing refers to.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::store::errors::StoreError;
use crate::store::{idempotency, scans, uploads};

/// How long an answer is kept for retries, in hours.
pub const ANSWERS_KEPT_HOURS: i64 = 48;

/// How long what a virus scanner said of bytes is kept when nothing refers to them, in hours of real time.
const VERDICTS_KEPT_HOURS: i64 = 48;

/// When the janitor clears away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JanitorSettings {
    /// How often.
    pub every: Duration,
    /// What nothing refers to is left in peace for so long: somebody may be about to use it.
    pub unused_age: Duration,
}

impl Default for JanitorSettings {
    fn default() -> Self {
        Self { every: Duration::from_secs(600), unused_age: Duration::from_secs(3_600) }
    }
}

pub(super) async fn run(app: App, settings: JanitorSettings, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = clean(&app, settings).await {
            tracing::warn!(%error, "cannot clean up now");
        }
        tokio::select! {
            () = tokio::time::sleep(settings.every) => {}
            () = stop.cancelled() => {}
        }
    }
}

async fn clean(app: &App, settings: JanitorSettings) -> Result<(), StoreError> {
    let now = app.now();
    let mut conn = app.database().write().await?;
    idempotency::forget_before(&mut conn, now - TimeDelta::hours(ANSWERS_KEPT_HOURS)).await?;
    uploads::forget_expired(&mut conn, now).await?;
    scans::forget_unused(&mut conn, Utc::now() - TimeDelta::hours(VERDICTS_KEPT_HOURS)).await?;
    drop(conn);
    app.blobs().sweep(app.database(), now, settings.unused_age).await
}
