//! Records expiries that nobody came to record: once each, dated at the deadline, in bounded batches.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::app::outcome::AppError;
use crate::store::due::due;

/// How often to look.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Claims looked up at a time; each is then recorded in a transaction of its own.
const BATCH_CLAIMS: i64 = 100;

pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match sweep(&app).await {
            Ok(0) => {}
            Ok(claims) => {
                tracing::info!(claims, "recorded deadlines that had passed");
                continue;
            }
            Err(error) => tracing::warn!(%error, "deadlines cannot be recorded now"),
        }
        tokio::select! {
            () = app.sweep().hinted() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// One batch; answers how many claims had something to record.
async fn sweep(app: &App) -> Result<usize, AppError> {
    let claims = {
        let mut conn = app.database().read().await?;
        due(&mut conn, app.now(), BATCH_CLAIMS).await?
    };
    app.sweep().found(claims.len());
    let mut recorded = 0;
    for claim in claims {
        if app.record_expiries(claim).await? {
            app.sweep().recorded();
            recorded += 1;
        }
    }
    Ok(recorded)
}
