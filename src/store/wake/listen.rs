//! Over LISTEN and NOTIFY.
//!
//! A NOTIFY inside a write transaction would make commits wait for each other; here one connection sends it after the commits, once
//! for all that happened meanwhile.

use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::Waker;
use crate::store::connect::Driven;
use crate::store::database::Database;

/// The channel of the wake-ups.
const CHANNEL: &str = "cpor_feed";
/// The least time between two wake-ups: the first goes out at once, what comes within this time after it goes out together.
const GATHER: Duration = Duration::from_millis(5);
/// How long to wait before connecting again.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);
/// How often to see whether the connection is still there when nothing arrives on it.
const CHECK_EVERY: Duration = Duration::from_secs(5);

/// Listens and tells, over a connection of its own.
pub(super) async fn serve(waker: &Waker, database: &Database) -> Infallible {
    loop {
        match database.address().connect().await {
            Ok(driven) => {
                if let Err(error) = converse(waker, driven).await {
                    tracing::warn!(%error, "wake-ups are interrupted");
                }
            }
            Err(error) => tracing::warn!(%error, "wake-ups need a connection to the database"),
        }
        tokio::time::sleep(RECONNECT_PAUSE).await;
    }
}

async fn converse(waker: &Waker, mut driven: Driven) -> Result<(), tokio_postgres::Error> {
    driven.client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
    let own: i32 = driven.client.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
    let mut telling = waker.telling();
    let mut quiet_until = Instant::now();
    while !driven.is_closed.load(Ordering::Acquire) {
        tokio::select! {
            notification = driven.notifications.recv() => match notification {
                // Whoever told the others has looked already.
                Some(notification) if notification.process_id() == own => {}
                Some(notification) => waker.hear(notification.payload()),
                None => break,
            },
            () = news_after(quiet_until, &mut telling) => {
                let position = *telling.borrow_and_update();
                driven.client.batch_execute(&format!("NOTIFY {CHANNEL}, '{position}'")).await?;
                quiet_until = Instant::now() + GATHER;
            }
            () = tokio::time::sleep(CHECK_EVERY) => {}
        }
    }
    Ok(())
}

/// Waits until there is something to tell and it may go out. May be dropped while it waits without losing anything.
async fn news_after(quiet_until: Instant, telling: &mut watch::Receiver<i64>) {
    tokio::time::sleep_until(quiet_until).await;
    // The sender lives in the waker, as long as anybody waits here.
    let _ = telling.changed().await;
}
