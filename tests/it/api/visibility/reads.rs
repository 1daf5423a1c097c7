//! Reading: by id, by number, in lists, and the bytes of documents.

use cpor::domain::ids::ClaimId;
use cpor::graphql::id::encode;
use serde_json::{Value, json};

use super::{Hidden, unknown_inputs};
use crate::api::Api;
use crate::support::world::{World, tenant};

const NODE: &str = "query ($id: ID!) { node(id: $id) { __typename id } }";
const NODES: &str = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
const BY_NUMBER: &str = "query ($number: String!) { claim(number: $number) { id version history { totalCount } } }";
const ALL: &str = "query ($filter: ClaimFilterInput) { claims(filter: $filter) { totalCount nodes { id number locationId } }
    viewer { claimCounts { status count } claims { totalCount } } }";

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_hidden_id_is_answered_like_one_that_leads_nowhere() {
    let hidden = Hidden::new().await;
    for (stranger, client) in hidden.strangers().await {
        for (kind, there, nowhere) in hidden.ids() {
            let seen = client.answer(NODE, json!({ "id": there })).await;
            assert_eq!(seen, client.answer(NODE, json!({ "id": nowhere })).await, "{stranger}: {kind}");
            assert_eq!(seen, json!({ "data": { "node": null } }), "{stranger}: {kind}");
        }
        let ids: Vec<Value> = hidden.ids().into_iter().flat_map(|(_, there, nowhere)| [there, nowhere]).collect();
        let nodes = client.ask(NODES, json!({ "ids": ids })).await;
        assert_eq!(nodes["nodes"], json!(vec![Value::Null; 10]), "{stranger}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_claim_is_found_by_no_number_list_count_or_filter() {
    let hidden = Hidden::new().await;
    let number = hidden.claim.number.to_string();
    for (stranger, client) in hidden.strangers().await {
        let seen = client.answer(BY_NUMBER, json!({ "number": number })).await;
        assert_eq!(seen, client.answer(BY_NUMBER, json!({ "number": "CPOR-999999" })).await, "{stranger}");
        for filter in [json!({ "search": number }), json!({ "tenantIds": [tenant(1)] })] {
            let found = client.ask(ALL, json!({ "filter": filter })).await;
            assert_eq!(found["claims"], json!({ "totalCount": 0, "nodes": [] }), "{stranger}: {filter}");
        }
        let all = client.ask(ALL, json!({})).await;
        let own = if stranger.starts_with("a customer") { 1 } else { all["claims"]["totalCount"].as_i64().unwrap() };
        assert_eq!(all["claims"]["totalCount"], own, "{stranger}");
        let ids = all["claims"]["nodes"].as_array().unwrap().iter().map(|node| &node["id"]);
        assert!(ids.into_iter().all(|id| *id != json!(encode(hidden.claim.id))), "{stranger}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_may_see_a_claim_find_all_of_it_and_partners_all_but_the_notes() {
    let hidden = Hidden::new().await;
    for who in ["anna", "rita", "ravi", "lena", "aude"] {
        for (kind, there, _) in hidden.ids() {
            let node = hidden.api.as_(who).ask(NODE, json!({ "id": there })).await;
            let expected = if who == "anna" && kind == "note" { Value::Null } else { there };
            assert_eq!(node["node"].get("id").unwrap_or(&Value::Null), &expected, "{who}: {kind}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_other_kinds_and_garbage_are_told_apart_from_what_is_not_there() {
    let api = Api::new().await;
    let (line, _, _) = unknown_inputs();
    for id in [line, json!(""), json!("CPOR-100001"), json!("QQ"), json!("A".repeat(5_000))] {
        assert_eq!(api.as_("anna").code(NODE, json!({ "id": id })).await, "BAD_ID", "{id:.60}");
        assert_eq!(api.as_("anna").code(NODES, json!({ "ids": [id] })).await, "BAD_ID", "{id:.60}");
    }
    let many: Vec<_> = (0..101).map(|_| encode(ClaimId::fresh())).collect();
    assert_eq!(api.as_("anna").code(NODES, json!({ "ids": many })).await, "ARGUMENT_TOO_LONG");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_of_a_document_are_for_those_who_may_see_the_claim() {
    let hidden = Hidden::new().await;
    let there = format!("/documents/{}", hidden.claim.documents[0].id);
    for (stranger, client) in hidden.strangers().await {
        assert_eq!(client.get(&there).await, 404, "{stranger}");
        assert_eq!(client.get(&format!("/documents/{}", uuid::Uuid::now_v7())).await, 404, "{stranger}");
    }
    for who in ["anna", "rita", "aude"] {
        assert_eq!(hidden.api.as_(who).get(&there).await, 200, "{who}");
    }
    assert_eq!(hidden.api.with("nobody".to_owned()).get(&there).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_some_locations_sees_their_claims_and_no_others() {
    let world = World::new().await;
    let (elsewhere, own) = (world.submitted("anna", 1, &["TEAMS"]).await, world.draft("ben", 2, &["TEAMS"]).await);
    let api = Api::of(world);
    let seen = api.as_("ben").ask(ALL, json!({})).await;
    assert_eq!(seen["claims"]["totalCount"], 1);
    assert_eq!(seen["claims"]["nodes"][0]["id"], json!(encode(own)));
    assert_eq!(seen["viewer"]["claimCounts"], json!([{ "status": "EDITING", "count": 1 }]));
    assert_eq!(api.as_("ben").ask(NODE, json!({ "id": encode(elsewhere) })).await["node"], Value::Null);
    let places = "{ viewer { locations { mpnId } organization { locations { mpnId } } } }";
    let places = api.as_("ben").ask(places, json!({})).await;
    let only = json!([{ "mpnId": "1000002" }]);
    assert_eq!((&places["viewer"]["locations"], &places["viewer"]["organization"]["locations"]), (&only, &only));
    assert_eq!(api.as_("anna").ask(ALL, json!({})).await["claims"]["totalCount"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewer_who_belongs_to_a_partner_does_not_see_its_claims() {
    let world = World::new().await;
    world.submitted("anna", 1, &["TEAMS"]).await;
    let other = world.submitted("clara", 2, &["TEAMS"]).await;
    let api = Api::of(world);
    let seen = api.as_("nora").ask(ALL, json!({})).await;
    assert_eq!(seen["claims"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(seen["claims"]["nodes"][0]["id"], json!(encode(other)));
}

#[tokio::test(flavor = "multi_thread")]
async fn partners_know_neither_each_other_nor_each_others_people() {
    let api = Api::new().await;
    let me = "{ viewer { person { id } organization { id } } }";
    let clara = api.as_("clara").ask(me, json!({})).await;
    for (what, name) in [("person", "a person"), ("organization", "an organization")] {
        let id = &clara["viewer"][what]["id"];
        assert!(id.is_string());
        let seen = api.as_("anna").ask(NODE, json!({ "id": id })).await;
        assert_eq!(seen["node"], Value::Null, "{name}");
        assert_eq!(&api.as_("lena").ask(NODE, json!({ "id": id })).await["node"]["id"], id, "{name}");
    }
    for who in ["anna", "rita", "aude", "elig", "otto"] {
        let seen = api.as_(who).ask("{ reviewers { id } }", json!({})).await;
        assert_eq!(seen["reviewers"], json!([]), "only leads assign, not {who}");
    }
}
