//! What one watcher listens with: its rights, its filter, and a bounded queue of what it has not taken yet.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use super::feed::{WatchFilter, may_see};
use super::happening::Happening;
use crate::auth::viewer::{ClaimScope, Viewer};
use crate::domain::ids::ClaimId;
use crate::store::feed::FeedEntry;

/// Events that may wait for one reader before its stream is closed as too slow.
pub const BACKLOG_EVENTS: usize = 1_024;

/// The reader left more than [`BACKLOG_EVENTS`] events waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflowed;

/// A watcher's ear. Only events that its viewer may see and its filter admits come in.
pub struct Ear {
    scope: ClaimScope,
    reads_whole: bool,
    filter: WatchFilter,
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    queue: VecDeque<Arc<Happening>>,
    is_overflowed: bool,
    waker: Option<Waker>,
}

impl Ear {
    /// The ear of a viewer for what a filter admits.
    #[must_use]
    pub fn new(viewer: &Viewer, filter: WatchFilter) -> Self {
        Self { scope: viewer.scope(), reads_whole: viewer.reads_whole(), filter, heard: Mutex::default() }
    }

    /// An ear for the same that has heard nothing yet.
    pub(super) fn renewed(&self) -> Self {
        let (scope, filter) = (self.scope.clone(), self.filter.clone());
        Self { scope, reads_whole: self.reads_whole, filter, heard: Mutex::default() }
    }

    /// Whether an event is for this ear.
    #[must_use]
    pub fn admits(&self, entry: &FeedEntry) -> bool {
        may_see(&self.scope, self.reads_whole, &self.filter, entry)
    }

    /// The claims that the filter names.
    pub(super) fn claims(&self) -> &[ClaimId] {
        &self.filter.claims
    }

    /// What the viewer may read.
    pub(super) fn scope(&self) -> &ClaimScope {
        &self.scope
    }

    /// Puts an event that concerns the ear into its queue and wakes its reader. A full queue is given up: whoever reads it must resume.
    pub fn tell(&self, happening: &Arc<Happening>) {
        if !self.admits(&happening.entry) {
            return;
        }
        let mut heard = self.heard();
        if heard.is_overflowed {
            return;
        }
        if heard.queue.len() == BACKLOG_EVENTS {
            heard.queue = VecDeque::new();
            heard.is_overflowed = true;
        } else {
            heard.queue.push_back(Arc::clone(happening));
        }
        let waker = heard.waker.take();
        drop(heard);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits for the next event. May be dropped while it waits without losing one; for one reader.
    ///
    /// # Errors
    /// [`Overflowed`], for good: what had been waiting is gone.
    pub async fn next(&self) -> Result<Arc<Happening>, Overflowed> {
        poll_fn(|context| {
            let mut heard = self.heard();
            if heard.is_overflowed {
                return Poll::Ready(Err(Overflowed));
            }
            if let Some(happening) = heard.queue.pop_front() {
                if heard.queue.is_empty() {
                    // A reader that has caught up holds no memory.
                    heard.queue = VecDeque::new();
                }
                return Poll::Ready(Ok(happening));
            }
            heard.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Events that wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.heard().queue.len()
    }

    /// Whether more was told than may wait.
    pub(super) fn is_overflowed(&self) -> bool {
        self.heard().is_overflowed
    }

    /// Whether the reader has taken all that was told.
    pub(super) fn is_empty(&self) -> bool {
        let heard = self.heard();
        heard.queue.is_empty() && !heard.is_overflowed
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
