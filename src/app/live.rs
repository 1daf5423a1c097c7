//! What happens, as it happens: one follower a server reads the feed, every stream hears it from memory.

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

use crate::store::feed::FeedEntry;

/// Entries that a stream may lie behind the follower before it is closed as too slow.
const BACKLOG_ENTRIES: usize = 8_192;

/// Ears and mouth of the streams of one server.
#[derive(Clone)]
pub struct Live {
    committed: Arc<Notify>,
    grown: Arc<Notify>,
    heard: broadcast::Sender<Arc<FeedEntry>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { committed: Arc::default(), grown: Arc::default(), heard: broadcast::channel(BACKLOG_ENTRIES).0 }
    }
}

impl Live {
    /// Something was committed: the sequencer had better look.
    pub fn hint(&self) {
        self.committed.notify_one();
    }

    /// Waits for a hint.
    pub async fn hinted(&self) {
        self.committed.notified().await;
    }

    /// The feed grew: the follower had better look.
    pub fn grew(&self) {
        self.grown.notify_one();
    }

    /// Waits until the feed has grown.
    pub async fn grown(&self) {
        self.grown.notified().await;
    }

    /// Hears what the follower tells from now on.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Arc<FeedEntry>> {
        self.heard.subscribe()
    }

    /// Tells every stream of this server of an entry that the follower read.
    pub fn tell(&self, entry: FeedEntry) {
        // Without streams there is nobody to tell.
        let _nobody = self.heard.send(Arc::new(entry));
    }
}
