//! An event on its way to all who watch on this server: what it needs is loaded once, whatever their number.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;

use super::App;
use crate::auth::viewer::Viewer;
use crate::store::claims::{self, ClaimRow, StoredClaim};
use crate::store::errors::StoreError;
use crate::store::feed::FeedEntry;

/// How long to wait before asking again while the database is away.
pub(super) const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// An event, and what is loaded for it when somebody asks first.
#[derive(Debug)]
pub struct Happening {
    /// What the feed says of it.
    pub entry: FeedEntry,
    claim: OnceCell<Option<Arc<StoredClaim>>>,
}

impl Happening {
    /// An event for which nothing was loaded yet.
    #[must_use]
    pub fn new(entry: FeedEntry) -> Self {
        Self { entry, claim: OnceCell::new() }
    }

    /// The event's claim, no older than the event, as far as the viewer may read it. While the database is away it waits: an event is
    /// rather late than without its claim.
    ///
    /// # Errors
    /// What does not pass by itself.
    pub async fn claim(&self, app: &App, viewer: &Viewer) -> Result<Option<ClaimRow>, StoreError> {
        let stored = self.claim.get_or_try_init(|| self.load(app)).await?;
        Ok(stored.as_ref().and_then(|stored| stored.seen_by(viewer)))
    }

    async fn load(&self, app: &App) -> Result<Option<Arc<StoredClaim>>, StoreError> {
        loop {
            match claims::stored(app.database(), &[self.entry.owner.id]).await {
                Err(error) if error.is_retryable() => {
                    tracing::warn!(%error, "a claim cannot be loaded for its watchers now");
                    tokio::time::sleep(RETRY_PAUSE).await;
                }
                loaded => return Ok(loaded?.pop().map(Arc::new)),
            }
        }
    }
}

impl App {
    /// Tells what was read from the feed to those whom it concerns. The claims that somebody hears of are loaded at once for all entries;
    /// if that fails, whoever needs one loads it.
    pub async fn tell(&self, entries: Vec<FeedEntry>) {
        let concerning = entries.iter().filter(|entry| self.live().concerns(entry));
        let ids: BTreeSet<_> = concerning.map(|entry| entry.owner.id).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let loaded = if ids.is_empty() { Ok(Vec::new()) } else { claims::stored(self.database(), &ids).await };
        let loaded = loaded.unwrap_or_default().into_iter().map(|claim| (claim.id(), Arc::new(claim)));
        let loaded: HashMap<_, _> = loaded.collect();
        for entry in entries {
            let claim = loaded.get(&entry.owner.id).cloned();
            let claim = claim.map_or_else(OnceCell::new, |claim| OnceCell::new_with(Some(Some(claim))));
            self.live().tell(Happening { entry, claim });
        }
    }
}
