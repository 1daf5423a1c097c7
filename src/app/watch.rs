//! Streams of events: what a viewer has missed from the feed's table, then what the follower hears, without a seam.
//!
//! The table is the truth. A wake-up is only a hint to look; positions are contiguous, so that a gap is seen and filled from the table.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::broadcast;

use super::App;
use super::feed::{FeedItem, WatchError, WatchFilter, is_full, may_see};
use crate::auth::viewer::Viewer;
use crate::store::feed::FeedEntry;

/// How long a stream waits before it asks again while the database is away.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// Where a stream begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchFrom {
    /// With what happens from now on.
    Now,
    /// With what happened after this cursor.
    After(String),
}

impl App {
    /// The events that the viewer may see, from a point on, without end and without a gap.
    ///
    /// The stream ends with an error, and then for good.
    pub fn watch(
        &self,
        viewer: Arc<Viewer>,
        from: WatchFrom,
        filter: WatchFilter,
    ) -> impl Stream<Item = Result<FeedItem, WatchError>> + Send + use<> {
        let heard = self.live().subscribe();
        let watch = Watch { app: self.clone(), viewer, filter, heard, phase: Phase::Beginning(from) };
        unfold(watch, |mut watch| async move { watch.next().await.map(|item| (item, watch)) })
    }
}

/// One stream.
struct Watch {
    app: App,
    viewer: Arc<Viewer>,
    filter: WatchFilter,
    heard: broadcast::Receiver<Arc<FeedEntry>>,
    phase: Phase,
}

enum Phase {
    /// Nothing was looked at yet.
    Beginning(WatchFrom),
    /// Reading the table after `position`; what was read waits in `page`.
    Replaying { position: i64, page: std::vec::IntoIter<FeedEntry>, is_last_page: bool },
    /// Hearing the follower.
    Listening { position: i64 },
    /// Over.
    Ended,
}

impl Watch {
    async fn next(&mut self) -> Option<Result<FeedItem, WatchError>> {
        loop {
            let step = match std::mem::replace(&mut self.phase, Phase::Ended) {
                Phase::Ended => return None,
                Phase::Beginning(from) => self.begin(from).await,
                Phase::Replaying { position, page, is_last_page } => self.replay(position, page, is_last_page).await,
                Phase::Listening { position } => self.listen(position).await,
            };
            match step {
                Step::On(phase) => self.phase = phase,
                Step::Tell(entry, phase) => {
                    self.phase = phase;
                    if may_see(&self.viewer, &self.filter, &entry) {
                        return Some(Ok(FeedItem { cursor: self.app.cursor(&self.viewer, entry.position), entry }));
                    }
                }
                Step::End(error) => return Some(Err(error)),
            }
        }
    }

    async fn begin(&self, from: WatchFrom) -> Step {
        let position = match from {
            WatchFrom::Now => self.app.head().await,
            WatchFrom::After(cursor) => self.app.open_cursor(&self.viewer, &cursor),
        };
        match position {
            Ok(position) => Step::On(replay_after(position)),
            Err(error) => Step::End(error),
        }
    }

    async fn replay(&self, position: i64, mut page: std::vec::IntoIter<FeedEntry>, is_last_page: bool) -> Step {
        if let Some(entry) = page.next() {
            let position = entry.position;
            return Step::Tell(Arc::new(entry), Phase::Replaying { position, page, is_last_page });
        }
        if is_last_page {
            return Step::On(Phase::Listening { position });
        }
        match self.app.page_after(position).await {
            Ok(entries) => {
                let is_last_page = !is_full(&entries);
                Step::On(Phase::Replaying { position, page: entries.into_iter(), is_last_page })
            }
            Err(_) => {
                tokio::time::sleep(RETRY_PAUSE).await;
                Step::On(replay_after(position))
            }
        }
    }

    async fn listen(&mut self, position: i64) -> Step {
        match self.heard.recv().await {
            Ok(entry) if entry.position <= position => Step::On(Phase::Listening { position }),
            Ok(entry) if entry.position == position + 1 => {
                let position = entry.position;
                Step::Tell(entry, Phase::Listening { position })
            }
            // A gap: the table knows what was between.
            Ok(_) => Step::On(replay_after(position)),
            Err(broadcast::error::RecvError::Lagged(_)) => {
                Step::End(WatchError::SlowConsumer { cursor: self.app.cursor(&self.viewer, position) })
            }
            Err(broadcast::error::RecvError::Closed) => Step::End(WatchError::Unavailable),
        }
    }
}

fn replay_after(position: i64) -> Phase {
    Phase::Replaying { position, page: Vec::new().into_iter(), is_last_page: false }
}

enum Step {
    On(Phase),
    Tell(Arc<FeedEntry>, Phase),
    End(WatchError),
}
