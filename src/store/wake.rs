//! Waking the other servers of a database when the feed has grown: a hint, never the truth.
//!
//! The notification is sent by a connection of its own, never inside a write transaction: there it would make commits wait for each
//! other. Hints that come while one is being sent go with the next.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::connect::Driven;
use super::database::Database;

/// How long to wait before connecting anew.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);

/// Sends and hears wake-ups. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Waker {
    to_send: Arc<Notify>,
    heard: Arc<Notify>,
}

impl Waker {
    /// Wakes the other servers, soon.
    pub fn wake(&self) {
        self.to_send.notify_one();
    }

    /// Waits until another server woke us.
    pub async fn woken(&self) {
        self.heard.notified().await;
    }

    /// Keeps the connection until `stop` is cancelled; connects anew when it is lost.
    pub async fn run(self, database: Database, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match database.address().connect().await {
                Ok(driven) => self.listen(driven, &stop).await,
                Err(error) => tracing::debug!(%error, "no connection for wake-ups; polling goes on"),
            }
            // What was missed while there was no connection is looked for.
            self.heard.notify_one();
            tokio::select! {
                () = tokio::time::sleep(RECONNECT_PAUSE) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn listen(&self, mut driven: Driven, stop: &CancellationToken) {
        if driven.client.batch_execute("LISTEN cpor_feed").await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                heard = driven.notifications.recv() => match heard {
                    Some(_) => self.heard.notify_one(),
                    None => return,
                },
                () = self.to_send.notified() => {
                    if driven.client.batch_execute("NOTIFY cpor_feed").await.is_err() {
                        return;
                    }
                }
                () = stop.cancelled() => return,
            }
        }
    }
}
