//! Numbers events after their commit: contiguously, by one server at a time.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::store::errors::StoreError;
use crate::store::feed::{self, SEQUENCE_BATCH, Sequenced};

/// How long to wait for a hint before looking all the same: other servers' hints do not come here.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Least time between two numberings: under load, what is committed meanwhile is numbered together. Whoever is first never waits.
const SPACING: Duration = Duration::from_millis(10);
/// How long to wait when another server holds the lock: it may have looked before our commit.
const LOCKED_PAUSE: Duration = Duration::from_millis(3);

pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match sequence(&app).await {
            Ok(Sequenced::Moved { events: 0, .. }) => LOOK_EVERY,
            // A full batch may have left more.
            Ok(Sequenced::Moved { events, .. }) if events >= SEQUENCE_BATCH => continue,
            Ok(Sequenced::Moved { .. }) => {
                tokio::select! {
                    () = tokio::time::sleep(SPACING) => {}
                    () = stop.cancelled() => {}
                }
                // Whatever was committed since has left its hint.
                LOOK_EVERY
            }
            Ok(Sequenced::LockedByAnother) => LOCKED_PAUSE,
            Err(error) => {
                tracing::warn!(%error, "the feed cannot be numbered now");
                LOOK_EVERY
            }
        };
        tokio::select! {
            () = app.live().hinted() => {}
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => {}
        }
    }
}

async fn sequence(app: &App) -> Result<Sequenced, StoreError> {
    let mut tx = app.database().begin().await?;
    let done = feed::sequence(&mut tx).await?;
    tx.commit().await?;
    app.pulse().sequenced(match done {
        Sequenced::Moved { events, .. } => Some(events),
        Sequenced::LockedByAnother => None,
    });
    if let Sequenced::Moved { events: 1.., head } = done {
        app.live().grew();
        app.waker().wake(head);
    }
    Ok(done)
}
