//! Streams of events: what a viewer has missed from the feed's table, then what the follower hears, without a seam.
//!
//! The table is the truth. A wake-up is only a hint to look; positions are contiguous, so that a gap is seen and filled from the table.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::broadcast;

use super::App;
use crate::auth::viewer::Viewer;
use crate::domain::ids::ClaimId;
use crate::domain::status::Status;
use crate::store::cursor::Position;
use crate::store::feed::{self, FeedEntry};

/// Entries that a replay reads from the table at a time.
pub const REPLAY_ENTRIES: i64 = 500;
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

/// What a stream is about; all members must agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchFilter {
    /// These claims; none named means all.
    pub claims: Vec<ClaimId>,
    /// Events after which the claim has one of these statuses; none named means all.
    pub statuses: Vec<Status>,
    /// Events of these kinds; none named means all.
    pub kinds: Vec<String>,
    /// Only events that changed the status.
    pub only_status_changes: bool,
}

/// An event on its way to a viewer who may see it.
#[derive(Clone, Debug)]
pub struct FeedItem {
    /// Where to resume after it.
    pub cursor: String,
    /// The event and the claim it is about.
    pub entry: Arc<FeedEntry>,
}

/// Why a stream ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WatchError {
    /// The cursor is not one of this viewer's.
    #[error("the cursor is not one of this viewer's")]
    BadCursor,
    /// The reader was too slow; nothing was skipped up to this cursor.
    #[error("the reader was too slow")]
    SlowConsumer {
        /// Where to resume.
        cursor: String,
    },
    /// The database is away.
    #[error("the database is away")]
    Unavailable,
}

impl WatchFilter {
    fn admits(&self, entry: &FeedEntry) -> bool {
        (self.claims.is_empty() || self.claims.contains(&entry.owner.id))
            && (self.statuses.is_empty() || self.statuses.contains(&entry.status))
            && (self.kinds.is_empty() || self.kinds.contains(&entry.kind))
            && (!self.only_status_changes || entry.changes_status)
    }
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

    /// The events after a cursor that the viewer may see, as far as they are in the feed: the same as [`App::watch`] for clients
    /// that poll. At most `limit` of them, and the cursor up to which there is nothing more for this viewer.
    ///
    /// # Errors
    /// [`WatchError::BadCursor`], or [`WatchError::Unavailable`].
    pub async fn events_after(
        &self,
        viewer: &Viewer,
        after: &str,
        filter: &WatchFilter,
        limit: usize,
    ) -> Result<(Vec<FeedItem>, String), WatchError> {
        let mut position = self.open_cursor(viewer, after)?;
        let mut items = Vec::new();
        loop {
            let page = self.page_after(position).await?;
            let read = page.len();
            for entry in page {
                position = entry.position;
                if may_see(viewer, filter, &entry) {
                    items.push(FeedItem { cursor: self.cursor(viewer, position), entry: Arc::new(entry) });
                }
                if items.len() == limit {
                    return Ok((items, self.cursor(viewer, position)));
                }
            }
            if i64::try_from(read).unwrap_or(0) < REPLAY_ENTRIES {
                return Ok((items, self.cursor(viewer, position)));
            }
        }
    }

    /// The cursor of what is newest in the feed now.
    ///
    /// # Errors
    /// [`WatchError::Unavailable`].
    pub async fn newest_cursor(&self, viewer: &Viewer) -> Result<String, WatchError> {
        let head = self.head().await?;
        Ok(self.cursor(viewer, head))
    }

    async fn head(&self) -> Result<i64, WatchError> {
        let mut conn = self.database().read().await.map_err(|_| WatchError::Unavailable)?;
        feed::head(&mut conn).await.map_err(|_| WatchError::Unavailable)
    }

    async fn page_after(&self, position: i64) -> Result<Vec<FeedEntry>, WatchError> {
        let mut conn = self.database().read().await.map_err(|_| WatchError::Unavailable)?;
        feed::after(&mut conn, position, REPLAY_ENTRIES).await.map_err(|error| {
            tracing::error!(%error, "the feed cannot be read");
            WatchError::Unavailable
        })
    }

    /// Cursors are the viewer's own: another one's open nothing.
    fn cursor(&self, viewer: &Viewer, position: i64) -> String {
        self.cursors().seal(&cursor_list(viewer), Position { key: Some(position), id: viewer.id() })
    }

    fn open_cursor(&self, viewer: &Viewer, cursor: &str) -> Result<i64, WatchError> {
        let position = self.cursors().open(&cursor_list(viewer), cursor).map_err(|_| WatchError::BadCursor)?;
        position.key.ok_or(WatchError::BadCursor)
    }
}

fn cursor_list(viewer: &Viewer) -> String {
    format!("feed/{}", viewer.id())
}

fn may_see(viewer: &Viewer, filter: &WatchFilter, entry: &FeedEntry) -> bool {
    let whole = viewer.reads_whole() || entry.changes_status;
    whole && viewer.scope().admits(&entry.owner) && filter.admits(entry)
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
                let is_last_page = i64::try_from(entries.len()).unwrap_or(0) < REPLAY_ENTRIES;
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
