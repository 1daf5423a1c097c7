//! Reads the feed once for all streams of this server.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::{App, REPLAY_ENTRIES};
use crate::store::errors::StoreError;
use crate::store::feed;

/// How long to wait for a wake-up before looking all the same: the table is the truth.
const LOOK_EVERY: Duration = Duration::from_millis(250);

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut position = None;
    while !stop.is_cancelled() {
        match follow(&app, position).await {
            Ok(reached) if position.is_some() && position != Some(reached) => {
                position = Some(reached);
                continue;
            }
            Ok(reached) => position = Some(reached),
            Err(error) => tracing::warn!(%error, "the feed cannot be followed now"),
        }
        tokio::select! {
            () = app.live().grown() => {}
            () = app.waker().woken() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Tells what came after `position`, at first nothing; answers where it stands now.
async fn follow(app: &App, position: Option<i64>) -> Result<i64, StoreError> {
    let mut conn = app.database().read().await?;
    let Some(mut position) = position else {
        let head = feed::head(&mut conn).await?;
        app.pulse().followed(head);
        return Ok(head);
    };
    for entry in feed::after(&mut conn, position, REPLAY_ENTRIES).await? {
        position = entry.position;
        app.live().tell(entry);
    }
    app.pulse().followed(position);
    Ok(position)
}
