//! What an event costs does not grow with the number of those who hear of it.

use cpor::app::WatchFilter;
use cpor::graphql::id::encode;
use futures_util::future::join_all;
use serde_json::json;

use super::{NEVER, checkpoint, comment, follow, number, watch};
use crate::api::{Api, Listening};
use crate::support::world::World;

const FEED: &str = "subscription ($ids: [ID!]) { claimFeed(filter: { claimIds: $ids }) { cursor ... on ClaimEvent {
    kind entry { sequence text actor { person { name } } }
    claim { id name version customerName organization { name } assignee { name } } } } }";

/// The statements for one event that so many hear.
async fn statements(readers: usize) -> u64 {
    let api = Api::new().await;
    let world = &api.world;
    let claim = world.under_review("anna", 1, &["TEAMS"]).await;
    number(world).await;
    follow(world).await;
    let mut streams = Vec::new();
    for _ in 0..readers {
        let mut stream = api.as_("anna").listen(FEED, json!({ "ids": [encode(claim)] })).await;
        stream.next().await;
        streams.push(stream);
    }
    comment(world, "rita", claim, "So?").await;
    number(world).await;
    let before = world.app.database().statements();
    follow(world).await;
    let heard: Vec<_> = join_all(streams.iter_mut().map(Listening::next)).await;
    assert!(heard.iter().all(|event| *event == heard[0]), "one viewer, one answer: {heard:#?}");
    let event = &heard[0]["claimFeed"];
    assert_eq!((&event["entry"]["text"], &event["claim"]["id"]), (&json!("So?"), &json!(encode(claim))));
    world.app.database().statements() - before
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_event_needs_is_loaded_once_for_all_its_watchers() {
    assert_eq!(statements(15).await, statements(1).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_waits_in_the_ears_of_those_alone_whom_it_concerns() {
    let world = World::new().await;
    let (anna, clara, aude) = (world.viewer("anna").await, world.viewer("clara").await, world.viewer("aude").await);
    let (claim, other) = (world.submitted("anna", 1, &["TEAMS"]).await, world.submitted("anna", 2, &["TEAMS"]).await);
    number(&world).await;
    follow(&world).await;
    let of = |claims: Vec<_>| WatchFilter { claims, ..WatchFilter::default() };
    let none = WatchFilter::default;
    let concerned = [(&anna, none()), (&anna, of(vec![claim])), (&anna, of(vec![other, claim])), (&aude, none())];
    let others = [(&anna, of(vec![other])), (&clara, none()), (&clara, of(vec![claim]))];
    let mut readers = Vec::new();
    for (viewer, filter) in concerned.iter().chain(&others) {
        let mut stories = watch(&world.app, viewer, None, filter.clone(), NEVER);
        checkpoint(&mut stories).await;
        readers.push(stories);
    }
    comment(&world, "anna", claim, "So?").await;
    number(&world).await;
    follow(&world).await;
    assert_eq!(world.app.live().waiting(), concerned.len() + 1, "once under each of its topics that hears of it");
    drop(readers);
}
