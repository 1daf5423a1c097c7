//! The feed as it is told live: to whom, once, in order, and at what cost.

mod checkpoints;
mod exactness;
mod fan_out;
mod sharing;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use cpor::app::{App, Told, WatchError, WatchFilter, WatchFrom, Watching};
use cpor::auth::viewer::Viewer;
use cpor::domain::command::Command;
use cpor::domain::ids::{ClaimId, CommentId};
use cpor::store::feed::{self, FeedEntry};
use futures_util::{Stream, StreamExt};

use crate::support::world::World;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// So long that a checkpoint that comes was told for another reason than silence.
const NEVER: Option<Duration> = Some(Duration::from_secs(3_600));

/// A stream, as a test holds it.
type Stories = Pin<Box<dyn Stream<Item = Result<Told, WatchError>> + Send>>;

/// What a viewer watches from a cursor on, or from now on.
fn watch(app: &App, viewer: &Arc<Viewer>, after: Option<&str>, filter: WatchFilter, checkpoints: Option<Duration>) -> Stories {
    let from = after.map_or(WatchFrom::Now, |cursor| WatchFrom::After(cursor.to_owned()));
    Box::pin(app.watch(Arc::clone(viewer), Watching { from, filter, checkpoints }))
}

/// What a stream tells next.
async fn next(stories: &mut Stories) -> Result<Told, WatchError> {
    tokio::time::timeout(PATIENCE, stories.next()).await.expect("nothing comes").expect("the stream ended without a word")
}

/// The cursor and the entry of the next event.
async fn event(stories: &mut Stories) -> (String, FeedEntry) {
    match next(stories).await.unwrap() {
        Told::Event(item) => (item.cursor, item.happening.entry.clone()),
        told @ Told::Checkpoint { .. } => panic!("{told:?}"),
    }
}

/// The cursor of the next checkpoint.
async fn checkpoint(stories: &mut Stories) -> String {
    match next(stories).await.unwrap() {
        Told::Checkpoint { cursor } => cursor,
        told @ Told::Event(_) => panic!("{told:?}"),
    }
}

/// Says something about a claim.
async fn comment(world: &World, who: &str, claim: ClaimId, body: &str) {
    world.done(who, claim, Command::Comment { id: CommentId::fresh(), body: body.to_owned() }).await;
}

/// Numbers what was committed, as the sequencer does.
async fn number(world: &World) {
    let mut tx = world.app.database().begin().await.unwrap();
    feed::sequence(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Tells what has been numbered, as the follower does: from where it stands, at first from now on.
async fn follow(world: &World) {
    let live = world.app.live();
    let mut conn = world.app.database().read().await.unwrap();
    match live.reached() {
        None => live.begin(feed::head(&mut conn).await.unwrap()),
        Some(reached) => world.app.tell(feed::after(&mut conn, reached, 10_000).await.unwrap()).await,
    }
}
