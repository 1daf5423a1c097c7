//! What happens, as it happens: one follower a server reads the feed and tells those whom an event concerns, and no one else.
//!
//! Who watches registers under topics: the claims that the filter names, else what the viewer's rights are limited to. Telling looks
//! up an event's topics, so that ten thousand watchers of other claims are not even woken.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::ear::Ear;
use super::happening::Happening;
use crate::auth::viewer::ClaimScope;
use crate::domain::ids::{ClaimId, OrganizationId};
use crate::store::feed::FeedEntry;

/// Ears and mouth of the streams of one server. Cloning shares them.
#[derive(Clone, Default)]
pub struct Live {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    committed: Notify,
    grown: Notify,
    begun: Notify,
    audience: Mutex<Audience>,
}

#[derive(Default)]
struct Audience {
    /// Up to which position everything was told, or was there before the follower began; `None` before it began.
    reached: Option<i64>,
    ears: BTreeMap<(Topic, u64), Arc<Ear>>,
    /// Tells ears of one topic apart.
    next: u64,
}

impl Audience {
    /// The ears that may be concerned.
    fn of(&self, entry: &FeedEntry) -> impl Iterator<Item = &Arc<Ear>> + use<'_> {
        let topics = [Topic::Claim(entry.owner.id), Topic::Organization(entry.owner.organization), Topic::Everything];
        topics.into_iter().flat_map(move |topic| self.ears.range((topic, 0)..=(topic, u64::MAX))).map(|(_, ear)| ear)
    }
}

/// Where an event looks for ears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    Everything,
    Organization(OrganizationId),
    Claim(ClaimId),
}

impl Topic {
    /// The topics under which an ear hears all that may concern it, and as little else as possible.
    fn of(ear: &Ear) -> Vec<Self> {
        match (ear.claims(), ear.scope()) {
            (_, ClaimScope::Nothing) => Vec::new(),
            (claims, _) if !claims.is_empty() => claims.iter().copied().map(Self::Claim).collect(),
            (_, ClaimScope::Customer { claim }) => vec![Self::Claim(*claim)],
            (_, ClaimScope::Organization { id, .. }) => vec![Self::Organization(*id)],
            (_, ClaimScope::All | ClaimScope::AllBut(_) | ClaimScope::Assessed) => vec![Self::Everything],
        }
    }
}

impl Live {
    /// Something was committed: the sequencer had better look.
    pub fn hint(&self) {
        self.inner.committed.notify_one();
    }

    /// Waits for a hint.
    pub async fn hinted(&self) {
        self.inner.committed.notified().await;
    }

    /// The feed grew: the follower had better look.
    pub fn grew(&self) {
        self.inner.grown.notify_one();
    }

    /// Waits until the feed has grown.
    pub async fn grown(&self) {
        self.inner.grown.notified().await;
    }

    /// The follower stands here: it tells what comes after.
    pub fn begin(&self, position: i64) {
        self.audience().reached.get_or_insert(position);
        self.inner.begun.notify_waiters();
    }

    /// Tells an event that the follower read; each follows the one before.
    pub fn tell(&self, happening: Happening) {
        let happening = Arc::new(happening);
        let mut audience = self.audience();
        audience.of(&happening.entry).for_each(|ear| ear.tell(&happening));
        audience.reached = Some(happening.entry.position);
    }

    /// Whether somebody may hear of an event.
    pub(super) fn concerns(&self, entry: &FeedEntry) -> bool {
        self.audience().of(entry).next().is_some()
    }

    /// Up to which position everything was told; `None` before the follower began.
    #[must_use]
    pub fn reached(&self) -> Option<i64> {
        self.audience().reached
    }

    /// Lets an ear hear what is told from now on.
    pub(super) fn register(&self, ear: Ear) -> Hearing {
        let (topics, ear) = (Topic::of(&ear), Arc::new(ear));
        let mut audience = self.audience();
        let since = audience.reached;
        let number = audience.next;
        audience.next += 1;
        for topic in &topics {
            audience.ears.insert((*topic, number), Arc::clone(&ear));
        }
        drop(audience);
        Hearing { live: self.clone(), topics: topics.into(), number, since, ear }
    }

    /// Waits until the follower has begun.
    pub(super) async fn begun(&self) {
        let begun = self.inner.begun.notified();
        tokio::pin!(begun);
        // Waits from here on, so that a beginning between the look and the wait is not missed.
        begun.as_mut().enable();
        if self.reached().is_none() {
            begun.await;
        }
    }

    /// How many ears are registered, counted once for each of their topics.
    #[must_use]
    pub fn registered(&self) -> usize {
        self.audience().ears.len()
    }

    /// How many events wait in them, counted likewise: at most [`super::ear::BACKLOG_EVENTS`] each.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.audience().ears.values().map(|ear| ear.waiting()).sum()
    }

    fn audience(&self) -> MutexGuard<'_, Audience> {
        self.inner.audience.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An ear that hears, for as long as this is kept.
pub(super) struct Hearing {
    live: Live,
    topics: Box<[Topic]>,
    number: u64,
    /// What was told before it was registered: up to here the table has to be read. `None` if the follower had not begun then: it may
    /// pass over what came between.
    pub(super) since: Option<i64>,
    pub(super) ear: Arc<Ear>,
}

impl Hearing {
    /// Up to where there is nothing for this ear, if nothing waits in it.
    pub(super) fn silent_up_to(&self) -> Option<i64> {
        // In this order: what is told in between waits in the ear by the time it is looked at.
        let reached = self.live.reached()?;
        self.ear.is_empty().then_some(reached)
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        let mut audience = self.live.audience();
        for topic in &self.topics {
            audience.ears.remove(&(*topic, self.number));
        }
    }
}
