//! Internal notes of reviewers: nothing of them reaches a partner, in whatever number, date or order.

use cpor::domain::command::Command;
use cpor::domain::ids::NoteId;
use cpor::graphql::id::encode;
use cpor::store::feed;
use serde_json::json;

use crate::api::{Api, codes};
use crate::support::world::World;

const EVERYTHING: &str = "{
    claims { totalCount nodes { ...All } pageInfo { startCursor endCursor } }
    viewer { claimCounts { status count } claims { nodes { number } } }
}
fragment All on Claim {
    id number version updatedAt status availableActions editableFields
    notes { totalCount nodes { body } }
    comments { totalCount nodes { id at body } pageInfo { endCursor } }
    history { totalCount nodes { sequence at kind version text } pageInfo { endCursor } }
    documents { totalCount }
    deadlines { kind expiresAt }
    statusFacts { waitsFor isOverdue }
}";

async fn feed_grows(world: &World) {
    let mut tx = world.app.database().begin().await.unwrap();
    feed::sequence(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_changes_nothing_that_a_partner_can_see() {
    let world = World::new().await;
    let first = world.under_review("anna", 1, &["TEAMS"]).await;
    world.under_review("anna", 2, &["TEAMS"]).await;
    feed_grows(&world).await;
    let (anna, clock) = (world.viewer("anna").await, world.clock.clone());
    let cursor = world.app.newest_cursor(&anna).await.unwrap();
    let api = Api::of(world);
    let before = api.as_("anna").ask(EVERYTHING, json!({})).await;
    assert!(before["claims"]["nodes"][0]["notes"].is_null(), "{before}");

    // A minute later: an order by the last change would show it. No deadline has fewer days left.
    clock.set(clock.now() + chrono::TimeDelta::minutes(1));
    let add = "mutation ($input: NoteAddInput!) { noteAdd(input: $input) { note { id sequence } claim { version } userErrors { code } } }";
    let input = json!({ "claimId": encode(first), "body": "The signature looks odd." });
    let done = api.as_("rita").ask(add, json!({ "input": input })).await;
    assert_eq!(done["noteAdd"]["note"]["sequence"], 1, "{done}");
    feed_grows(&api.world).await;

    assert_eq!(api.as_("anna").ask(EVERYTHING, json!({})).await, before);
    let since = api.world.app.changes_since(&anna, Some(&cursor), &Default::default(), 10).await.unwrap();
    assert_eq!((since.items.len(), since.cursor), (0, cursor), "not even a gap in the feed");

    let seen = api.as_("aude").ask(EVERYTHING, json!({})).await;
    let notes = seen["claims"]["nodes"].as_array().unwrap().iter().map(|claim| claim["notes"]["totalCount"].as_i64().unwrap());
    assert_eq!(notes.sum::<i64>(), 1, "the auditor reads it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_writes_no_note_and_learns_nothing_of_notes_from_trying() {
    let world = World::new().await;
    let (with, without) = (world.under_review("anna", 1, &["TEAMS"]).await, world.under_review("anna", 2, &["TEAMS"]).await);
    world.done("rita", with, Command::AddNote { id: NoteId::fresh(), body: "Hm.".to_owned() }).await;
    let api = Api::of(world);
    let add = "mutation ($input: NoteAddInput!) { noteAdd(input: $input) { note { id } userErrors { code message path } } }";
    let input = |id| json!({ "input": { "claimId": encode(id), "body": "?" } });
    let tried = api.as_("anna").answer(add, input(with)).await;
    assert_eq!(tried, api.as_("anna").answer(add, input(without)).await);
    assert_eq!(codes(&tried["data"]["noteAdd"]), ["FORBIDDEN"]);
}
