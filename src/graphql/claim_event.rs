//! What happened to claims, as streams tell it and polls answer it.

use std::sync::Arc;

use async_graphql::{Context, Description, Error, ID, InputObject, Interface, Object, Result, SimpleObject};

use super::claim::Claim;
use super::context::AskExt;
use super::enums::ClaimStatus;
use super::errors::Failure;
use super::history::{HistoryEntry, HistoryKind};
use super::id::decode;
use super::scalars::{Cursor, DateTime};
use crate::app::{FeedItem, Told, WatchError, WatchFilter};
use crate::store::claim_filter::MAX_FILTER_ITEMS;
use crate::store::feed::FeedEntry;
use crate::store::history::HistoryRow;
use crate::store::page::PageArgs;

/// The list that a poll pages through.
const LIST: &str = "feed";

/// Which events to hear of. Members that are given must all hold; of a list, one item must. Lists have 50 items at most.
#[derive(InputObject, Clone, Debug, Default)]
pub struct ClaimEventFilter {
    /// These claims.
    claim_ids: Option<Vec<ID>>,
    /// Events after which the claim stands in one of these statuses.
    statuses: Option<Vec<ClaimStatus>>,
    /// Events of these kinds.
    kinds: Option<Vec<HistoryKind>>,
    /// True: only events that changed the claim's status.
    only_status_changes: Option<bool>,
}

impl ClaimEventFilter {
    /// The filter, its ids and lists checked.
    ///
    /// # Errors
    /// [`Failure::BadId`] and [`Failure::TooLong`].
    pub fn filter(self) -> Result<WatchFilter, Failure> {
        let claims = bounded(self.claim_ids, "filter.claimIds")?;
        let statuses = bounded(self.statuses, "filter.statuses")?;
        let kinds = bounded(self.kinds, "filter.kinds")?;
        Ok(WatchFilter {
            claims: claims.iter().map(|id| decode(id, "filter.claimIds")).collect::<Result<_, _>>()?,
            statuses: statuses.into_iter().map(Into::into).collect(),
            kinds: kinds.into_iter().map(|kind| kind.code().to_owned()).collect(),
            only_status_changes: self.only_status_changes == Some(true),
        })
    }
}

fn bounded<T>(list: Option<Vec<T>>, argument: &'static str) -> Result<Vec<T>, Failure> {
    let list = list.unwrap_or_default();
    if list.len() > MAX_FILTER_ITEMS { Err(Failure::TooLong { argument, maximum: MAX_FILTER_ITEMS }) } else { Ok(list) }
}

/// Why a stream ended or a poll failed, for its reader.
pub fn failed(error: WatchError) -> Error {
    match error {
        WatchError::BadCursor => Failure::BadCursor { argument: "after" }.into(),
        WatchError::SlowConsumer { cursor } => Failure::slow_consumer(&cursor),
        WatchError::Unavailable => Failure::Unavailable.into(),
    }
}

/// Something that happened to a claim.
#[derive(Description)]
pub struct ClaimEvent {
    item: FeedItem,
    /// Whether others hear of it at the same time: then its claim is loaded once for all, else with the claims of its page.
    is_live: bool,
}

#[Object(use_type_description)]
impl ClaimEvent {
    /// Where to resume after this event.
    pub async fn cursor(&self) -> Cursor {
        Cursor(self.item.cursor.clone())
    }

    /// When it happened. A deadline that passed is dated at the deadline.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.entry_of_feed().at)
    }

    /// What happened.
    async fn kind(&self) -> Option<HistoryKind> {
        HistoryKind::of_code(&self.entry_of_feed().kind)
    }

    /// The claim's version after it.
    async fn claim_version(&self) -> i32 {
        self.entry_of_feed().version
    }

    /// Where the claim stood after it.
    async fn status(&self) -> ClaimStatus {
        self.entry_of_feed().status.into()
    }

    /// Whether the status before it was another.
    async fn changes_status(&self) -> bool {
        self.entry_of_feed().changes_status
    }

    /// The entry of the claim's history. Hidden from customers.
    async fn entry(&self, ctx: &Context<'_>) -> Option<Result<HistoryEntry>> {
        self.history_entry(ctx).transpose()
    }

    /// The claim, no older than the event: it may have moved on since.
    async fn claim(&self, ctx: &Context<'_>) -> Option<Result<Claim>> {
        match self.is_live {
            true => self.live_claim(ctx).await.transpose(),
            false => Claim::load(ctx, self.entry_of_feed().owner.id).await.transpose(),
        }
    }
}

impl ClaimEvent {
    /// An event on its way to all who watch.
    #[must_use]
    pub fn live(item: FeedItem) -> Self {
        Self { item, is_live: true }
    }

    fn polled(item: FeedItem) -> Self {
        Self { item, is_live: false }
    }

    fn entry_of_feed(&self) -> &FeedEntry {
        &self.item.happening.entry
    }

    async fn live_claim(&self, ctx: &Context<'_>) -> Result<Option<Claim>> {
        let ask = ctx.ask()?;
        let row = self.item.happening.claim(&ask.app, &ask.viewer).await.map_err(|cause| ask.failed(&cause))?;
        Ok(row.map(|row| Claim::alone(Arc::new(row))))
    }

    fn history_entry(&self, ctx: &Context<'_>) -> Result<Option<HistoryEntry>> {
        let ask = ctx.ask()?;
        let row = HistoryRow::of_feed(self.entry_of_feed(), &ask.viewer).map_err(|cause| ask.failed(&cause))?;
        Ok(row.map(|row| HistoryEntry(Arc::new(row))))
    }
}

/// Nothing happened for this viewer up to here.
#[derive(Description)]
pub struct ClaimCheckpoint(pub String);

#[Object(use_type_description)]
impl ClaimCheckpoint {
    /// Where to resume.
    pub async fn cursor(&self) -> Cursor {
        Cursor(self.0.clone())
    }
}

/// What the feed of claims tells. Whatever it is, its cursor is where to resume.
#[derive(Interface)]
#[graphql(field(name = "cursor", ty = "Cursor", desc = "Where to resume after it."))]
pub enum ClaimFeedItem {
    /// Something happened.
    Event(ClaimEvent),
    /// Nothing happened for this viewer up to here.
    Checkpoint(ClaimCheckpoint),
}

impl From<Told> for ClaimFeedItem {
    fn from(told: Told) -> Self {
        match told {
            Told::Event(item) => Self::Event(ClaimEvent::live(item)),
            Told::Checkpoint { cursor } => Self::Checkpoint(ClaimCheckpoint(cursor)),
        }
    }
}

/// What happened to claims since a cursor.
#[derive(SimpleObject)]
pub struct ClaimChanges {
    /// The events, in order: the very same that `claimEvents` tells after this cursor.
    events: Vec<ClaimEvent>,
    /// From where to ask next, whether there were events or not. It serves `claimEvents` as well.
    cursor: Cursor,
    /// Whether there may be more already: then ask again at once.
    has_more: bool,
}

impl ClaimChanges {
    /// The events after a cursor that the viewer may see; without a cursor, the one of now.
    ///
    /// # Errors
    /// A bad cursor, filter or length, and our own failures.
    pub async fn since(
        ctx: &Context<'_>,
        after: Option<Cursor>,
        first: Option<i32>,
        filter: Option<ClaimEventFilter>,
    ) -> Result<Self> {
        let ask = ctx.ask()?;
        let page = PageArgs { first, ..PageArgs::default() }.validate(ask.app.cursors(), LIST).map_err(Failure::from)?;
        let (after, filter) = (after.as_ref().map(|cursor| cursor.0.as_str()), filter.unwrap_or_default().filter()?);
        let found = ask.app.changes_since(&ask.viewer, after, &filter, page.limit).await.map_err(failed)?;
        let events = found.items.into_iter().map(ClaimEvent::polled).collect();
        Ok(Self { events, cursor: Cursor(found.cursor), has_more: found.has_more })
    }
}
