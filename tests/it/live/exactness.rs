//! Each watcher hears exactly the feed's slice, in order: over replays, hand-overs and reconnects, and when it is slow.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cpor::app::{App, BACKLOG_EVENTS, Happening, WatchError, WatchFilter};
use cpor::auth::viewer::Viewer;
use cpor::domain::ids::ClaimId;
use cpor::domain::status::Status;
use cpor::store::feed::{self, FeedEntry, Sequenced};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::{NEVER, PATIENCE, checkpoint, comment, event, follow, next, number, watch};
use crate::support::world::World;

/// Changes that are written while everybody watches.
const CHANGES: usize = 60;
/// Who write at the same time.
const WRITERS: usize = 4;
/// Whose the claims are.
const OWNERS: [&str; 4] = ["anna", "clara", "anna", "clara"];
/// How often to look whether something is done.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The cursors that somebody heard.
type Journal = Arc<Mutex<Vec<String>>>;

/// Who watches what, beginning anew after so many events.
fn watchers(claims: &[ClaimId]) -> Vec<(&'static str, WatchFilter, usize)> {
    let of = |claims: &[ClaimId]| WatchFilter { claims: claims.to_vec(), ..WatchFilter::default() };
    let kinds = WatchFilter { kinds: vec!["COMMENTED".to_owned()], ..WatchFilter::default() };
    let statuses = WatchFilter { statuses: vec![Status::Submitted], ..WatchFilter::default() };
    vec![
        ("anna", WatchFilter::default(), usize::MAX),
        ("anna", of(&claims[..1]), 7),
        ("ben", WatchFilter::default(), 3),
        ("clara", kinds, 5),
        ("clara", of(claims), usize::MAX),
        ("rita", of(&claims[1..3]), 11),
        ("rita", statuses, 1),
        ("nora", WatchFilter::default(), 4),
        ("lena", WatchFilter::default(), 13),
        ("aude", WatchFilter::default(), usize::MAX),
    ]
}

/// Writes down the cursors of what is heard, beginning anew after so many events, for ever.
async fn listen(app: App, viewer: Arc<Viewer>, mut after: String, filter: WatchFilter, renew: usize, heard: Journal) {
    loop {
        let mut stories = watch(&app, &viewer, Some(&after), filter.clone(), None);
        for _ in 0..renew {
            after = event(&mut stories).await.0;
            heard.lock().unwrap().push(after.clone());
        }
    }
}

/// Writes comments, by turns as anna and as clara on their claims.
async fn write(world: Arc<World>, claims: Vec<ClaimId>, part: usize) {
    for number in (part..CHANGES).step_by(WRITERS) {
        let place = number / WRITERS % claims.len();
        comment(&world, OWNERS[place], claims[place], &number.to_string()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_watcher_hears_exactly_its_part_of_the_feed_while_others_write() {
    let world = Arc::new(World::new().await);
    let stop = CancellationToken::new();
    let _end = stop.clone().drop_guard();
    drop(world.start_workers(&world.app, &stop));
    let mut claims = Vec::new();
    for (customer, who) in (1..).zip(OWNERS) {
        claims.push(world.submitted(who, customer, &["TEAMS"]).await);
    }
    let mut listeners = Vec::new();
    for (who, filter, renew) in watchers(&claims) {
        let viewer = world.viewer(who).await;
        let (start, heard) = (world.app.newest_cursor(&viewer).await.unwrap(), Journal::default());
        let task = listen(world.app.clone(), viewer.clone(), start.clone(), filter.clone(), renew, Arc::clone(&heard));
        listeners.push((viewer, filter, start, heard, AbortOnDropHandle::new(tokio::spawn(task))));
    }
    let writers = (0..WRITERS).map(|part| tokio::spawn(write(Arc::clone(&world), claims.clone(), part)));
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    while !is_numbered(&world).await {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    for (viewer, filter, start, heard, _task) in listeners {
        let found = world.app.changes_since(&viewer, Some(&start), &filter, usize::MAX).await.unwrap();
        let expected: Vec<_> = found.items.into_iter().map(|item| item.cursor).collect();
        let all = async {
            while heard.lock().unwrap().len() < expected.len() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::time::timeout(PATIENCE, all).await.unwrap_or_else(|_| panic!("{filter:?} misses something"));
        assert_eq!(*heard.lock().unwrap(), expected, "{filter:?}");
    }
}

/// Whether nothing waits for its place in the feed.
async fn is_numbered(world: &World) -> bool {
    let mut tx = world.app.database().begin().await.unwrap();
    let done = feed::sequence(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    matches!(done, Sequenced::Moved { events: 0, .. })
}

/// A world with one claim of anna's, and an entry of its history to tell again and again.
async fn told_often() -> (World, FeedEntry) {
    let world = World::new().await;
    world.draft("anna", 1, &["TEAMS"]).await;
    number(&world).await;
    follow(&world).await;
    let entry = {
        let mut conn = world.app.database().read().await.unwrap();
        feed::after(&mut conn, 0, 1).await.unwrap().remove(0)
    };
    (world, entry)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_slow_readers_hold_no_more_than_their_bound_and_are_told_where_to_resume() {
    let (world, mut entry) = told_often().await;
    let anna = world.viewer("anna").await;
    let reached = world.app.live().reached().unwrap();
    let (mut readers, mut cursor) = (Vec::new(), String::new());
    for _ in 0..1_000 {
        let mut reader = watch(&world.app, &anna, None, WatchFilter::default(), NEVER);
        cursor = checkpoint(&mut reader).await;
        readers.push(reader);
    }
    for told in 1..=BACKLOG_EVENTS as i64 {
        entry.position = reached + told;
        world.app.live().tell(Happening::new(entry.clone()));
        assert_eq!(world.app.live().waiting(), told as usize * 1_000);
    }
    entry.position += 1;
    world.app.live().tell(Happening::new(entry.clone()));
    assert_eq!(world.app.live().waiting(), 0, "whoever is closed holds nothing");

    for mut reader in readers {
        assert_eq!(next(&mut reader).await.unwrap_err(), WatchError::SlowConsumer { cursor: cursor.clone() });
    }
    assert_eq!(world.app.live().registered(), 0, "and its ear is gone");
}
