//! The root of subscriptions: what happens, as it happens.

use async_graphql::{Context, Description, Error, ID, InputObject, Object, Result, Subscription};
use futures_util::{Stream, StreamExt};
use std::sync::Arc;

use super::claim::Claim;
use super::context::{Ask, AskExt, ResumeCursor};
use super::enums::ClaimStatus;
use super::errors::Failure;
use super::history::{HistoryEntry, HistoryKind};
use super::id::decode;
use super::scalars::{Cursor, DateTime};
use crate::app::{FeedItem, WatchError, WatchFilter, WatchFrom};
use crate::store::claim_filter::MAX_FILTER_ITEMS;
use crate::store::cursor::Position;
use crate::store::page::{Direction, Page};

/// The root of subscriptions.
#[derive(Default)]
pub struct Subscription;

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

/// What is heard of claims, live. A stream ends with an error when its credential does, and when it is read too slowly: then the
/// error's `extensions.cursor` says from where to resume.
#[Subscription]
impl Subscription {
    /// What happens to the claims that the viewer may read. With `after`, what happened since that cursor comes first, then live
    /// events go on: nothing is lost and nothing comes twice, over reconnects and restarts of server and database.
    async fn claim_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor of the last event that was seen; none means from now on.")] after: Option<Cursor>,
        #[graphql(desc = "Which events; none means all.")] filter: Option<ClaimEventFilter>,
    ) -> Result<impl Stream<Item = Result<ClaimEvent>> + use<>> {
        let resume = ctx.data_opt::<ResumeCursor>().map(|cursor| cursor.0.clone());
        let from = after.map(|cursor| cursor.0).or(resume).map_or(WatchFrom::Now, WatchFrom::After);
        watch(ctx, from, filter.unwrap_or_default().filter()?)
    }

    /// Each change of the status of one claim, from now on. For a claim that the viewer may not read, nothing ever comes.
    async fn claim_status_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The claim.")] claim_id: ID,
    ) -> Result<impl Stream<Item = Result<ClaimEvent>> + use<>> {
        let resume = ctx.data_opt::<ResumeCursor>().map(|cursor| cursor.0.clone());
        let claims = vec![decode(&claim_id, "claimId")?];
        let filter = WatchFilter { claims, only_status_changes: true, ..WatchFilter::default() };
        watch(ctx, resume.map_or(WatchFrom::Now, WatchFrom::After), filter)
    }
}

impl ClaimEventFilter {
    fn filter(self) -> Result<WatchFilter, Failure> {
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

fn watch(ctx: &Context<'_>, from: WatchFrom, filter: WatchFilter) -> Result<impl Stream<Item = Result<ClaimEvent>> + use<>> {
    let ask: &Ask = ctx.ask()?;
    let events = ask.app.watch(Arc::clone(&ask.viewer), from, filter);
    let loaded = ask.loaded_so_far();
    Ok(events.map(move |event| {
        // An event's claim is read anew: an earlier event of the stream saw an earlier claim.
        loaded.forget();
        event.map(ClaimEvent).map_err(ended)
    }))
}

/// Why a stream ended, for its reader.
fn ended(error: WatchError) -> Error {
    match error {
        WatchError::BadCursor => Failure::BadCursor { argument: "after" }.into(),
        WatchError::SlowConsumer { cursor } => Failure::slow_consumer(&cursor),
        WatchError::Unavailable => Failure::Unavailable.into(),
    }
}

/// Something that happened to a claim.
#[derive(Description)]
pub struct ClaimEvent(FeedItem);

#[Object(use_type_description)]
impl ClaimEvent {
    /// Where to resume after this event.
    async fn cursor(&self) -> Cursor {
        Cursor(self.0.cursor.clone())
    }

    /// When it happened. A deadline that passed is dated at the deadline.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.0.entry.at)
    }

    /// What happened.
    async fn kind(&self) -> Option<HistoryKind> {
        HistoryKind::of_code(&self.0.entry.kind)
    }

    /// The claim's version after it.
    async fn claim_version(&self) -> i32 {
        self.0.entry.version
    }

    /// Where the claim stood after it.
    async fn status(&self) -> ClaimStatus {
        self.0.entry.status.into()
    }

    /// Whether the status before it was another.
    async fn changes_status(&self) -> bool {
        self.0.entry.changes_status
    }

    /// The entry of the claim's history. Hidden from customers.
    async fn entry(&self, ctx: &Context<'_>) -> Option<Result<HistoryEntry>> {
        self.history_entry(ctx).await.transpose()
    }

    /// The claim as it is now: it may have moved on since.
    async fn claim(&self, ctx: &Context<'_>) -> Option<Result<Claim>> {
        Claim::load(ctx, self.0.entry.owner.id).await.transpose()
    }
}

impl ClaimEvent {
    /// The one entry after its predecessor.
    async fn history_entry(&self, ctx: &Context<'_>) -> Result<Option<HistoryEntry>> {
        let (claim, seq) = (self.0.entry.owner.id, self.0.entry.seq);
        let predecessor = Position { key: Some(i64::from(seq) - 1), id: claim.0 };
        let page = Page { limit: 1, direction: Direction::Forward, after: Some(predecessor), before: None };
        let ask = ctx.ask()?;
        let slice = ask.loaded(ask.loaders().history(claim, page).await)?;
        let entry = slice.items.iter().map(|item| &item.row).find(|row| row.seq == seq);
        Ok(entry.map(|row| HistoryEntry(Arc::clone(row))))
    }
}
