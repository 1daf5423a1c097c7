//! Checkpoints: nothing for you up to here; and where a stream without a cursor begins.

use std::time::Duration;

use cpor::app::{CHECKPOINT_ENTRIES, WatchFilter};
use cpor::domain::ids::ClaimId;
use cpor::graphql::id::encode;
use serde_json::json;

use super::{NEVER, checkpoint, comment, event, follow, number, watch};
use crate::api::Api;
use crate::support::cluster::execute;
use crate::support::world::World;

/// Short enough for a test to wait for.
const SOON: Option<Duration> = Some(Duration::from_millis(5));

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_stands_says_so_and_tells_in_silence_how_far_it_is() {
    let world = World::new().await;
    let clara = world.viewer("clara").await;
    follow(&world).await;
    let mut stories = watch(&world.app, &clara, None, WatchFilter::default(), SOON);
    let first = checkpoint(&mut stories).await;
    assert_eq!(first, world.app.newest_cursor(&clara).await.unwrap());

    world.submitted("anna", 1, &["TEAMS"]).await;
    number(&world).await;
    follow(&world).await;
    let second = checkpoint(&mut stories).await;
    assert_ne!(first, second, "only when there is something new to say");
    assert_eq!(second, world.app.newest_cursor(&clara).await.unwrap());

    let own = world.submitted("clara", 2, &["TEAMS"]).await;
    number(&world).await;
    drop(stories);
    let mut resumed = watch(&world.app, &clara, Some(&second), WatchFilter::default(), NEVER);
    assert_eq!(event(&mut resumed).await.1.owner.id, own, "what came before is not told again, what came after is not lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_ends_with_a_checkpoint_after_the_last_event() {
    let world = World::new().await;
    let anna = world.viewer("anna").await;
    let start = world.app.newest_cursor(&anna).await.unwrap();
    world.submitted("anna", 1, &["TEAMS"]).await;
    number(&world).await;
    let missed = world.app.changes_since(&anna, Some(&start), &WatchFilter::default(), 100).await.unwrap().items.len();
    // A replay needs no follower; to go on live does.
    let mut stories = watch(&world.app, &anna, Some(&start), WatchFilter::default(), NEVER);
    let mut last = String::new();
    for _ in 0..missed {
        last = event(&mut stories).await.0;
    }
    world.submitted("clara", 2, &["TEAMS"]).await;
    number(&world).await;
    follow(&world).await;
    let standing = checkpoint(&mut stories).await;
    assert_ne!(standing, last);
    assert_eq!(standing, world.app.newest_cursor(&anna).await.unwrap(), "also what the follower had passed over when it began");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_replay_with_nothing_to_tell_tells_checkpoints_on_its_way() {
    let world = World::new().await;
    let (anna, claim) = (world.viewer("anna").await, world.draft("anna", 1, &["TEAMS"]).await);
    number(&world).await;
    follow(&world).await;
    let start = world.app.newest_cursor(&anna).await.unwrap();
    // The feed at its full length, with the one entry of history that is allowed to be repeated: none is looked at.
    let many = format!(
        "ALTER TABLE feed DROP CONSTRAINT IF EXISTS feed_claim_id_seq_key;
         INSERT INTO feed (position, claim_id, seq)
         SELECT (SELECT max(position) FROM feed) + n, '{}', 1 FROM generate_series(1, {}) n",
        claim.0,
        CHECKPOINT_ENTRIES + 1_000
    );
    execute(world.database.url(), &many).await.unwrap();
    let elsewhere = WatchFilter { claims: vec![ClaimId::fresh()], ..WatchFilter::default() };
    let mut stories = watch(&world.app, &anna, Some(&start), elsewhere, NEVER);
    let (way, end) = (checkpoint(&mut stories).await, checkpoint(&mut stories).await);
    assert_ne!(way, end);
    assert_eq!(end, world.app.newest_cursor(&anna).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_hears_checkpoints_and_events_by_their_types() {
    let api = Api::new().await;
    let claim = api.world.submitted("anna", 1, &["TEAMS"]).await;
    number(&api.world).await;
    follow(&api.world).await;
    let feed = "subscription ($after: Cursor) { claimFeed(after: $after) { __typename cursor ... on ClaimEvent { kind claim { id } } } }";
    let mut stream = api.as_("anna").listen(feed, json!({})).await;
    let standing = stream.next().await["claimFeed"].take();
    assert_eq!(standing["__typename"], "ClaimCheckpoint");
    comment(&api.world, "anna", claim, "So?").await;
    number(&api.world).await;
    for mut stream in [stream, api.as_("anna").listen(feed, json!({ "after": standing["cursor"] })).await] {
        follow(&api.world).await;
        let event = stream.next().await["claimFeed"].take();
        assert_eq!((&event["__typename"], &event["kind"]), (&json!("ClaimEvent"), &json!("COMMENTED")));
        assert_eq!(event["claim"]["id"], json!(encode(claim)));
        assert_eq!(stream.last_id(), event["cursor"].as_str(), "what a browser sends when it comes back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_now_on_leaves_out_what_has_its_place_and_loses_nothing_that_has_none_yet() {
    let world = World::new().await;
    let (anna, claim) = (world.viewer("anna").await, world.submitted("anna", 1, &["TEAMS"]).await);
    number(&world).await;
    follow(&world).await;
    comment(&world, "anna", claim, "committed, and without a place").await;
    let mut stories = watch(&world.app, &anna, None, WatchFilter::default(), NEVER);
    checkpoint(&mut stories).await;
    comment(&world, "anna", claim, "later").await;
    number(&world).await;
    follow(&world).await;
    for body in ["committed, and without a place", "later"] {
        assert!(event(&mut stories).await.1.body.contains(body), "{body}");
    }
}
