//! Answers are shared by those alone who would get the same one.

use std::collections::{BTreeMap, BTreeSet};

use cpor::domain::command::Command;
use cpor::domain::reason::PartnerReason;
use cpor::graphql::id::encode;
use cpor::graphql::live::sharing::{OWN, SHARED};
use cpor::graphql::schema;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{follow, number};
use crate::api::visibility::customer;
use crate::api::{Api, Listening};

const INTROSPECTION: &str = "{ __schema { types { name possibleTypes { name } fields { name
    type { name ofType { name ofType { name ofType { name } } } } } } } }";

/// Where events begin.
const ROOTS: [&str; 2] = ["ClaimEvent", "ClaimFeedItem"];

/// The name within lists and non-nulls.
fn named(ty: &Value) -> &str {
    ty["name"].as_str().unwrap_or_else(|| named(&ty["ofType"]))
}

fn words(list: &str) -> BTreeSet<String> {
    list.split_ascii_whitespace().map(str::to_owned).collect()
}

#[tokio::test]
async fn every_field_of_an_event_is_known_to_be_shared_or_the_viewers_own() {
    let answer = schema().execute(INTROSPECTION).await.data.into_json().unwrap();
    let types: BTreeMap<_, _> =
        answer["__schema"]["types"].as_array().unwrap().iter().map(|ty| (ty["name"].as_str().unwrap(), ty)).collect();
    let mut reached: BTreeSet<&str> = ROOTS.into();
    let mut todo: Vec<&str> = ROOTS.into();
    let mut fields = words("__typename");
    while let Some(ty) = todo.pop() {
        let list = |member: &str| types[ty][member].as_array().map(Vec::as_slice).unwrap_or_default();
        fields.extend(list("fields").iter().map(|field| field["name"].as_str().unwrap().to_owned()));
        let further = list("fields").iter().map(|field| named(&field["type"])).chain(list("possibleTypes").iter().map(named));
        todo.extend(further.filter(|ty| reached.insert(ty)));
    }
    let (shared, own) = (words(SHARED), words(OWN));
    assert_eq!(shared.intersection(&own).collect::<Vec<_>>(), Vec::<&String>::new(), "in both lists");
    let listed: BTreeSet<_> = shared.union(&own).cloned().collect();
    let (unlisted, gone): (Vec<_>, Vec<_>) = (fields.difference(&listed).collect(), listed.difference(&fields).collect());
    assert!(unlisted.is_empty() && gone.is_empty(), "put into a list in graphql/live/sharing.rs: {unlisted:?}; remove: {gone:?}");
}

/// What an event and a query can both tell of a claim.
const CLAIM: &str = "id number status version name tags externalReference assessment assignee { name organization { name } }
    organization { name locations { name } } partnerContact { email } statusFacts { meaning nextDeadline { kind } }
    deadlines { kind } currentRequest { comment by { person { name } } } associations { code }";
/// What is made for each viewer.
const PERSONAL: &str = "availableActions editableFields comments { totalCount } notes { totalCount }";

/// Everybody hears of the end of an association; each is told the same as by a query, with a cursor of their own.
async fn everybody_is_told_the_same_live_and_asked(fields: &str) {
    let api = Api::new().await;
    let world = &api.world;
    let claim = world.under_review("anna", 1, &["TEAMS"]).await;
    world.done("rita", claim, Command::Approve { comment: None }).await;
    number(world).await;
    follow(world).await;
    let mut clients: Vec<_> = ["anna", "anna", "rita", "ravi", "lena", "aude"].iter().map(|who| api.as_(who)).collect();
    clients.push(customer(&api, claim).await);
    let feed = format!("subscription {{ claimFeed {{ cursor ... on ClaimEvent {{ claim {{ {fields} }} }} }} }}");
    let mut streams = Vec::new();
    for client in &clients {
        let mut stream = client.listen(&feed, json!({})).await;
        stream.next().await;
        streams.push(stream);
    }
    world.done("anna", claim, Command::Disassociate { reason: PartnerReason::WrongActivity, comment: None }).await;
    number(world).await;
    follow(world).await;
    let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on Claim {{ {fields} }} }} }}");
    let mut cursors = BTreeSet::new();
    for (client, mut heard) in clients.iter().zip(join_all(streams.iter_mut().map(Listening::next)).await) {
        let asked = client.ask(&query, json!({ "id": encode(claim) })).await;
        let mut heard = heard["claimFeed"].take();
        assert_eq!(heard["claim"], asked["node"]);
        let cursor = heard["cursor"].take().as_str().unwrap().to_owned();
        let since = "query ($after: Cursor) { changesSince(after: $after) { events { kind } } }";
        let since = client.ask(since, json!({ "after": cursor })).await;
        let mut further = since["changesSince"]["events"].as_array().unwrap().iter();
        assert!(further.all(|event| event["kind"] == "NOTICE_QUEUED"), "where this one ended: {since:#}");
        cursors.insert(cursor);
    }
    assert_eq!(cursors.len(), clients.len() - 1, "anna listens twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_is_told_what_a_query_would_tell_them() {
    everybody_is_told_the_same_live_and_asked(CLAIM).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_depends_on_the_viewer_is_told_to_each_apart() {
    everybody_is_told_the_same_live_and_asked(&format!("{CLAIM} {PERSONAL}")).await;
}
