//! The root of subscriptions: what happens, as it happens. Executed by [`super::live`], in two stages.

use std::time::Duration;

use async_graphql::{Context, ID, Result, Subscription};
use futures_util::Stream;
use futures_util::stream::iter;

use super::claim_event::{ClaimEvent, ClaimEventFilter, ClaimFeedItem};
use super::context::ResumeCursor;
use super::id::decode;
use super::live::staged;
use super::scalars::Cursor;
use crate::app::{Told, WatchFilter, WatchFrom, Watching};

/// How long `claimFeed` may be silent before it tells a checkpoint, if the feed has gone on since.
pub const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(20);

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
        let told = staged(ctx, || watching(ctx, after, filter, None))?;
        Ok(iter(told.and_then(event).map(Ok)))
    }

    /// The same as `claimEvents`, with checkpoints between the events: the first one when all that came before was told, later ones now
    /// and then while nothing happens for the viewer. A client that resumes from the last cursor has little to catch up on.
    async fn claim_feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last cursor that was seen; none means from now on.")] after: Option<Cursor>,
        #[graphql(desc = "Which events; none means all.")] filter: Option<ClaimEventFilter>,
    ) -> Result<impl Stream<Item = Result<ClaimFeedItem>> + use<>> {
        let told = staged(ctx, || watching(ctx, after, filter, Some(CHECKPOINT_INTERVAL)))?;
        Ok(iter(told.map(|told| Ok(told.into()))))
    }

    /// Each change of the status of one claim, from now on. For a claim that the viewer may not read, nothing ever comes.
    async fn claim_status_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The claim.")] claim_id: ID,
    ) -> Result<impl Stream<Item = Result<ClaimEvent>> + use<>> {
        let told = staged(ctx, || {
            let claims = vec![decode(&claim_id, "claimId")?];
            let filter = WatchFilter { claims, only_status_changes: true, ..WatchFilter::default() };
            Ok(Watching { from: from(ctx, None), filter, checkpoints: None })
        })?;
        Ok(iter(told.and_then(event).map(Ok)))
    }
}

fn watching(
    ctx: &Context<'_>,
    after: Option<Cursor>,
    filter: Option<ClaimEventFilter>,
    checkpoints: Option<Duration>,
) -> Result<Watching> {
    Ok(Watching { from: from(ctx, after), filter: filter.unwrap_or_default().filter()?, checkpoints })
}

/// Where to begin: where the client says, else where its transport says.
fn from(ctx: &Context<'_>, after: Option<Cursor>) -> WatchFrom {
    let resume = || ctx.data_opt::<ResumeCursor>().map(|cursor| cursor.0.clone());
    after.map(|cursor| cursor.0).or_else(resume).map_or(WatchFrom::Now, WatchFrom::After)
}

fn event(told: Told) -> Option<ClaimEvent> {
    match told {
        Told::Event(item) => Some(ClaimEvent::live(item)),
        Told::Checkpoint { .. } => None,
    }
}
