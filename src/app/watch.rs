//! Streams of events: what a viewer has missed from the feed's table, then what the follower tells, without a seam.
//!
//! A stream registers its ear first and reads the table then: what is told meanwhile waits in the ear. It listens only once the table
//! was read up to where the follower stood when the ear was registered; what the ear holds of that is passed over.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::unfold;

use super::App;
use super::ear::{Ear, Overflowed};
use super::feed::{FeedItem, WatchError, WatchFilter, is_full};
use super::happening::{Happening, RETRY_PAUSE};
use super::live::Hearing;
use crate::auth::viewer::Viewer;
use crate::store::feed::FeedEntry;

/// Entries that a replay passes over without a word before it tells a checkpoint.
pub const CHECKPOINT_ENTRIES: usize = 5_000;

/// Where a stream begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchFrom {
    /// With what happens from now on: what has its place in the feed already is not told. An event that was committed a moment
    /// before and has no place yet comes, too; one that is committed later always does.
    Now,
    /// With what happened after this cursor.
    After(String),
}

/// What a stream is to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watching {
    /// From where on.
    pub from: WatchFrom,
    /// Which events.
    pub filter: WatchFilter,
    /// How long the stream may be silent before it tells a checkpoint; `None`: it tells none.
    pub checkpoints: Option<Duration>,
}

/// What a stream tells.
#[derive(Clone, Debug)]
pub enum Told {
    /// Something happened.
    Event(FeedItem),
    /// Nothing for this viewer up to here.
    Checkpoint {
        /// Where to resume.
        cursor: String,
    },
}

impl App {
    /// The events that the viewer may see, from a point on, without end and without a gap.
    ///
    /// The stream ends with an error, and then for good.
    pub fn watch(&self, viewer: Arc<Viewer>, watching: Watching) -> impl Stream<Item = Result<Told, WatchError>> + Send + use<> {
        let Watching { from, filter, checkpoints } = watching;
        let watch =
            Watch { app: self.clone(), viewer, checkpoints, told: None, phase: Phase::Beginning(Box::new((from, filter))) };
        unfold(watch, |mut watch| async move { watch.next().await.map(|told| (told, watch)) })
    }
}

/// One stream. Most of them listen, most of the time: what only the others need is behind a box.
struct Watch {
    app: App,
    viewer: Arc<Viewer>,
    checkpoints: Option<Duration>,
    /// The position that was told last, as an event or a checkpoint.
    told: Option<i64>,
    phase: Phase,
}

enum Phase {
    /// Nothing was looked at yet.
    Beginning(Box<(WatchFrom, WatchFilter)>),
    /// Reading the table.
    Replaying(Box<Replay>),
    /// Hearing the follower; all up to `position` was told.
    Listening { hearing: Hearing, position: i64 },
    /// Over.
    Ended,
}

struct Replay {
    hearing: Hearing,
    /// All up to here was told.
    position: i64,
    /// What was read and not told yet.
    page: std::vec::IntoIter<FeedEntry>,
    is_last_page: bool,
    /// Entries passed over since something was told.
    passed: usize,
}

impl Replay {
    fn after(position: i64, hearing: Hearing) -> Self {
        Self { hearing, position, page: Vec::new().into_iter(), is_last_page: false, passed: 0 }
    }
}

impl Watch {
    async fn next(&mut self) -> Option<Result<Told, WatchError>> {
        loop {
            let step = match std::mem::replace(&mut self.phase, Phase::Ended) {
                Phase::Ended => return None,
                Phase::Beginning(start) => Box::pin(self.begin(start.0, start.1)).await,
                Phase::Replaying(replay) => Box::pin(self.replay(replay)).await,
                Phase::Listening { hearing, position } => self.listen(hearing, position).await,
            };
            let (told, phase) = match step {
                Step::On(phase) => (None, phase),
                Step::Tell(happening, phase) => (Some((happening.entry.position, Some(happening))), phase),
                Step::Mark(position, phase) => (Some((position, None)), phase),
                Step::End(error) => return Some(Err(error)),
            };
            self.phase = phase;
            if let Some((position, happening)) = told {
                self.told = Some(position);
                let cursor = self.app.cursor(&self.viewer, position);
                return Some(Ok(match happening {
                    Some(happening) => Told::Event(FeedItem { cursor, happening }),
                    None => Told::Checkpoint { cursor },
                }));
            }
        }
    }

    async fn begin(&self, from: WatchFrom, filter: WatchFilter) -> Step {
        let after = match from {
            WatchFrom::After(cursor) => self.app.open_cursor(&self.viewer, &cursor).map(Some),
            WatchFrom::Now => Ok(None),
        };
        let after = match after {
            Ok(after) => after,
            Err(error) => return Step::End(error),
        };
        let hearing = self.app.live().register(Ear::new(&self.viewer, filter));
        let position = match after {
            Some(position) => position,
            None => match self.app.head().await {
                Ok(head) => head,
                Err(error) => return Step::End(error),
            },
        };
        Step::On(Phase::Replaying(Box::new(Replay::after(position, hearing))))
    }

    async fn replay(&self, mut replay: Box<Replay>) -> Step {
        while let Some(entry) = replay.page.next() {
            replay.position = entry.position;
            if replay.hearing.ear.admits(&entry) {
                replay.passed = 0;
                return Step::Tell(Arc::new(Happening::new(entry)), Phase::Replaying(replay));
            }
            replay.passed += 1;
        }
        let since = replay.hearing.since.unwrap_or_default();
        if replay.is_last_page && replay.position >= since {
            return self.caught_up(replay.hearing, replay.position).await;
        }
        if self.checkpoints.is_some() && replay.passed >= CHECKPOINT_ENTRIES {
            replay.passed = 0;
            return Step::Mark(replay.position, Phase::Replaying(replay));
        }
        match self.app.page_after(replay.position).await {
            Ok(entries) => {
                // A replica may lag behind the follower.
                if entries.is_empty() && replay.position < since {
                    tokio::time::sleep(RETRY_PAUSE).await;
                }
                replay.is_last_page = !is_full(&entries);
                replay.page = entries.into_iter();
            }
            Err(_) => tokio::time::sleep(RETRY_PAUSE).await,
        }
        Step::On(Phase::Replaying(replay))
    }

    /// The table was read: live from here on, which a checkpoint says.
    async fn caught_up(&self, hearing: Hearing, position: i64) -> Step {
        if hearing.since.is_none() || hearing.ear.is_overflowed() {
            // Not the reader was slow, but the replay long or the follower late: what the ear has missed is in the table by now.
            self.app.live().begun().await;
            let hearing = self.app.live().register(hearing.ear.renewed());
            return Step::On(Phase::Replaying(Box::new(Replay::after(position, hearing))));
        }
        let is_new = self.checkpoints.is_some() && self.told != Some(position);
        let phase = Phase::Listening { hearing, position };
        if is_new { Step::Mark(position, phase) } else { Step::On(phase) }
    }

    async fn listen(&self, hearing: Hearing, position: i64) -> Step {
        let heard = match self.checkpoints {
            None => Some(hearing.ear.next().await),
            Some(interval) => tokio::time::timeout(interval, hearing.ear.next()).await.ok(),
        };
        match heard {
            Some(Ok(happening)) if happening.entry.position <= position => Step::On(Phase::Listening { hearing, position }),
            Some(Ok(happening)) => {
                let position = happening.entry.position;
                Step::Tell(happening, Phase::Listening { hearing, position })
            }
            Some(Err(Overflowed)) => Step::End(WatchError::SlowConsumer { cursor: self.app.cursor(&self.viewer, position) }),
            None => match hearing.silent_up_to() {
                Some(silent) if silent > position => Step::Mark(silent, Phase::Listening { hearing, position: silent }),
                _ => Step::On(Phase::Listening { hearing, position }),
            },
        }
    }
}

enum Step {
    On(Phase),
    Tell(Arc<Happening>, Phase),
    Mark(i64, Phase),
    End(WatchError),
}
