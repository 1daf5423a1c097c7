//! Clients that poll get the same events as those that listen, page by page.

use cpor::domain::command::Command;
use cpor::domain::ids::CommentId;
use cpor::graphql::id::encode;
use cpor::store::feed;
use serde_json::{Value, json};

use super::visibility::customer;
use super::{Api, Client};
use crate::support::world::World;

const EVENT: &str = "cursor occurredAt kind status claimVersion changesStatus claim { id name version } entry { sequence text }";

/// Numbers what was committed.
async fn number(world: &World) {
    let mut tx = world.app.database().begin().await.unwrap();
    feed::sequence(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// One poll.
async fn poll(client: &Client, after: Option<&str>, first: i32, filter: Value) -> Value {
    let query = format!(
        "query ($after: Cursor, $first: Int, $filter: ClaimEventFilter) {{
            changesSince(after: $after, first: $first, filter: $filter) {{ events {{ {EVENT} }} cursor hasMore }} }}"
    );
    client.ask(&query, json!({ "after": after, "first": first, "filter": filter })).await["changesSince"].take()
}

/// All that polls of two events each tell after a cursor.
async fn polled(client: &Client, mut after: String, filter: Value) -> Vec<Value> {
    let mut events = Vec::new();
    loop {
        let found = poll(client, Some(&after), 2, filter.clone()).await;
        events.extend(found["events"].as_array().unwrap().iter().cloned());
        after = found["cursor"].as_str().unwrap().to_owned();
        if found["hasMore"] == false {
            return events;
        }
    }
}

/// The first events that a stream tells after a cursor.
async fn streamed(client: &Client, after: &str, filter: Value, count: usize) -> Vec<Value> {
    let query = format!(
        "subscription ($after: Cursor, $filter: ClaimEventFilter) {{ claimEvents(after: $after, filter: $filter) {{ {EVENT} }} }}"
    );
    let mut stream = client.listen(&query, json!({ "after": after, "filter": filter })).await;
    let mut events = Vec::new();
    while events.len() < count {
        events.push(stream.next().await["claimEvents"].take());
    }
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_and_streams_give_the_same_events() {
    let api = Api::new().await;
    let world = &api.world;
    let before = poll(&api.as_("anna"), None, 20, json!(null)).await;
    assert_eq!((&before["events"], &before["hasMore"]), (&json!([]), &json!(false)));
    let after = before["cursor"].as_str().unwrap();
    let own = world.under_review("anna", 1, &["TEAMS"]).await;
    world.under_review("clara", 2, &["TEAMS"]).await;
    world.done("anna", own, Command::Comment { id: CommentId::fresh(), body: "So?".to_owned() }).await;
    number(world).await;
    for filter in [json!(null), json!({ "onlyStatusChanges": true }), json!({ "kinds": ["COMMENTED"] })] {
        let polled = polled(&api.as_("anna"), after.to_owned(), filter.clone()).await;
        assert!(!polled.is_empty() && polled.iter().all(|event| event["claim"]["id"] == json!(encode(own))), "{polled:#?}");
        assert_eq!(streamed(&api.as_("anna"), after, filter, polled.len()).await, polled);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_that_finds_nothing_moves_on_all_the_same() {
    let api = Api::new().await;
    let start = poll(&api.as_("clara"), None, 20, json!(null)).await["cursor"].take();
    api.world.under_review("anna", 1, &["TEAMS"]).await;
    number(&api.world).await;
    let found = poll(&api.as_("clara"), start.as_str(), 20, json!(null)).await;
    assert_eq!((&found["events"], &found["hasMore"]), (&json!([]), &json!(false)));
    assert_ne!(found["cursor"], start);
    assert_eq!(found["cursor"], poll(&api.as_("clara"), None, 20, json!(null)).await["cursor"], "up to now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_takes_the_viewers_own_cursors_alone() {
    let api = Api::new().await;
    let annas = poll(&api.as_("anna"), None, 20, json!(null)).await["cursor"].take();
    let query = "query ($after: Cursor, $first: Int) { changesSince(after: $after, first: $first) { cursor } }";
    for cursor in [annas.as_str().unwrap(), "AAAA", ""] {
        assert_eq!(api.as_("ben").code(query, json!({ "after": cursor })).await, "BAD_CURSOR", "{cursor}");
    }
    assert_eq!(api.as_("anna").code(query, json!({ "after": annas, "first": 101 })).await, "BAD_PAGE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_polls_for_changes_of_the_status_without_what_is_hidden() {
    let api = Api::new().await;
    let claim = api.world.under_review("anna", 1, &["TEAMS"]).await;
    api.world.done("rita", claim, Command::Approve { comment: Some("Well done".to_owned()) }).await;
    let client = customer(&api, claim).await;
    let after = poll(&client, None, 20, json!(null)).await["cursor"].take();
    number(&api.world).await;
    let found = poll(&client, after.as_str(), 20, json!(null)).await;
    let events = found["events"].as_array().unwrap();
    let statuses: Vec<_> = events.iter().map(|event| event["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["EDITING", "SUBMITTED", "UNDER_REVIEW", "APPROVED"]);
    for event in events {
        assert!(event["entry"].is_null() && event["claim"]["name"].is_null(), "{event:#}");
        assert_eq!(event["claim"]["id"], json!(encode(claim)));
    }
}
