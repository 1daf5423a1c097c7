//! Signs heads of history, so that what was there cannot be changed or removed unseen.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::store::heads::{Sealed, Sealer};

/// How often to look: what came since the last head can still be changed unseen.
const SEAL_EVERY: Duration = Duration::from_secs(10);

pub(super) async fn run(app: App, sealer: Arc<Sealer>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if seal(&app, &sealer).await {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(SEAL_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
    // Once more, so that a server that is stopped leaves little behind that nobody signed.
    seal(&app, &sealer).await;
}

/// Makes a head if there is something new; answers whether more is waiting.
async fn seal(app: &App, sealer: &Sealer) -> bool {
    match sealer.seal(app.database(), Utc::now()).await {
        Ok(Sealed::Head { mark, is_full }) => {
            tracing::debug!(%mark, "signed a head of history");
            is_full
        }
        Ok(Sealed::Nothing | Sealed::LockedByAnother) => false,
        Err(error) => {
            tracing::error!(%error, "history cannot be signed now");
            false
        }
    }
}
