//! The root of subscriptions: what happens, as it happens.

use std::sync::Arc;

use async_graphql::{Context, ID, Result, Subscription};
use futures_util::{Stream, StreamExt};

use super::claim_event::{ClaimEvent, ClaimEventFilter, failed};
use super::context::{Ask, AskExt, ResumeCursor};
use super::id::decode;
use super::scalars::Cursor;
use crate::app::{WatchFilter, WatchFrom};

/// The root of subscriptions.
#[derive(Default)]
pub struct Subscription;

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

fn watch(ctx: &Context<'_>, from: WatchFrom, filter: WatchFilter) -> Result<impl Stream<Item = Result<ClaimEvent>> + use<>> {
    let ask: &Ask = ctx.ask()?;
    let events = ask.app.watch(Arc::clone(&ask.viewer), from, filter);
    let loaded = ask.loaded_so_far();
    Ok(events.map(move |event| {
        // An event's claim is read anew: an earlier event of the stream saw an earlier claim.
        loaded.forget();
        event.map(ClaimEvent).map_err(failed)
    }))
}
