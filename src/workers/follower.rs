//! Reads the feed once for all streams of this server.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::{App, REPLAY_ENTRIES};
use crate::store::errors::StoreError;
use crate::store::feed;

/// How long to wait for a wake-up before looking all the same: the table is the truth.
const LOOK_EVERY: Duration = Duration::from_millis(250);

pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match follow(&app).await {
            Ok(is_behind) if is_behind => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the feed cannot be followed now"),
        }
        tokio::select! {
            () = app.live().grown() => {}
            () = app.waker().woken_beyond(app.live().reached().unwrap_or_default()) => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Tells what came since it last looked, at first nothing; answers whether there may be more.
async fn follow(app: &App) -> Result<bool, StoreError> {
    let mut conn = app.database().read().await?;
    let Some(position) = app.live().reached() else {
        app.live().begin(feed::head(&mut conn).await?);
        return Ok(false);
    };
    let entries = feed::after(&mut conn, position, REPLAY_ENTRIES).await?;
    drop(conn);
    let is_behind = i64::try_from(entries.len()).is_ok_and(|read| read >= REPLAY_ENTRIES);
    app.tell(entries).await;
    Ok(is_behind)
}
