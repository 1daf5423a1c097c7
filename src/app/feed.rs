//! The feed as viewers read it: what an event is to them, cursors of their own, and pages for those who poll.

use std::sync::Arc;

use super::App;
use super::ear::Ear;
use super::happening::Happening;
use crate::auth::viewer::{ClaimScope, Viewer};
use crate::domain::ids::ClaimId;
use crate::domain::status::Status;
use crate::store::cursor::Position;
use crate::store::feed::{self, FeedEntry};

/// Entries that are read from the table at a time.
pub const REPLAY_ENTRIES: i64 = 500;
/// Entries that one poll looks through at most; whoever sees few of them asks again from where it ended.
pub const POLL_ENTRIES: usize = 5_000;

/// What a stream or a poll is about; all members must agree.
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
    /// What happened, and the claim it is about.
    pub happening: Arc<Happening>,
}

/// What a poll found.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The events, in order.
    pub items: Vec<FeedItem>,
    /// From where to go on: up to it there is nothing more for this viewer.
    pub cursor: String,
    /// Whether the feed goes on beyond the cursor already.
    pub has_more: bool,
}

/// Why a stream ended, or a poll failed.
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

/// Whether an event is for a viewer of these rights under this filter. Who does not see claims whole learns of changes of the status
/// alone.
pub(super) fn may_see(scope: &ClaimScope, reads_whole: bool, filter: &WatchFilter, entry: &FeedEntry) -> bool {
    (reads_whole || entry.changes_status) && filter.admits(entry) && scope.admits(&entry.owner)
}

impl App {
    /// The events after a cursor that the viewer may see, as far as they are in the feed: the same as [`App::watch`] tells, for
    /// clients that poll. At most `limit` of them. Without a cursor none, but the cursor of now.
    ///
    /// # Errors
    /// [`WatchError::BadCursor`], or [`WatchError::Unavailable`].
    pub async fn changes_since(
        &self,
        viewer: &Viewer,
        after: Option<&str>,
        filter: &WatchFilter,
        limit: usize,
    ) -> Result<Changes, WatchError> {
        let Some(after) = after else {
            return Ok(Changes { items: Vec::new(), cursor: self.newest_cursor(viewer).await?, has_more: false });
        };
        let mut position = self.open_cursor(viewer, after)?;
        let ear = Ear::new(viewer, filter.clone());
        let (mut items, mut seen, mut has_more) = (Vec::new(), 0, true);
        while has_more && items.len() < limit && seen < POLL_ENTRIES {
            let page = self.page_after(position).await?;
            (seen, has_more) = (seen + page.len(), is_full(&page));
            for entry in page {
                if items.len() == limit {
                    has_more = true;
                    break;
                }
                position = entry.position;
                if ear.admits(&entry) {
                    items.push(FeedItem { cursor: self.cursor(viewer, position), happening: Arc::new(Happening::new(entry)) });
                }
            }
        }
        Ok(Changes { items, cursor: self.cursor(viewer, position), has_more })
    }

    /// The cursor of what is newest in the feed now.
    ///
    /// # Errors
    /// [`WatchError::Unavailable`].
    pub async fn newest_cursor(&self, viewer: &Viewer) -> Result<String, WatchError> {
        let head = self.head().await?;
        Ok(self.cursor(viewer, head))
    }

    pub(super) async fn head(&self) -> Result<i64, WatchError> {
        let mut conn = self.database().read().await.map_err(|_| WatchError::Unavailable)?;
        feed::head(&mut conn).await.map_err(|_| WatchError::Unavailable)
    }

    pub(super) async fn page_after(&self, position: i64) -> Result<Vec<FeedEntry>, WatchError> {
        let mut conn = self.database().read().await.map_err(|_| WatchError::Unavailable)?;
        feed::after(&mut conn, position, REPLAY_ENTRIES).await.map_err(|error| {
            tracing::error!(%error, "the feed cannot be read");
            WatchError::Unavailable
        })
    }

    /// Cursors are the viewer's own: another one's open nothing.
    pub(super) fn cursor(&self, viewer: &Viewer, position: i64) -> String {
        self.cursors().seal(&cursor_list(viewer), Position { key: Some(position), id: viewer.id() })
    }

    pub(super) fn open_cursor(&self, viewer: &Viewer, cursor: &str) -> Result<i64, WatchError> {
        let position = self.cursors().open(&cursor_list(viewer), cursor).map_err(|_| WatchError::BadCursor)?;
        position.key.ok_or(WatchError::BadCursor)
    }
}

/// Whether a page may have been cut off at its length.
pub(super) fn is_full(page: &[FeedEntry]) -> bool {
    i64::try_from(page.len()).is_ok_and(|read| read >= REPLAY_ENTRIES)
}

fn cursor_list(viewer: &Viewer) -> String {
    format!("feed/{}", viewer.id())
}
