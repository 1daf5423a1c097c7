//! Mutations: everything that is wrong at once, where and with facts; versions, retries, dry runs, clearing.

use chrono::TimeDelta;
use cpor::domain::command::Command;
use cpor::domain::ids::ClaimId;
use cpor::domain::reason::{Finding, FindingKind};
use cpor::graphql::id::encode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Api, Client, codes};
use crate::support::world::World;

/// Gives a mutation and answers its payload, with the facts of every type of error.
async fn give(client: &Client, name: &str, input: Value) -> Value {
    let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation ($input: {type_name}!) {{ {name}(input: $input) {{
            claim {{ id number version status name customerName tags externalReference customerContact {{ name title email }}
                customerDomain activities products {{ nodes {{ id code }} }} }}
            replayed warnings {{ code message path }}
            userErrors {{ __typename code message path
                ... on VersionConflictError {{ expectedVersion currentVersion claim {{ version status }} }}
                ... on StateConflictError {{ status }} ... on DeadlinePassedError {{ deadline expiredAt }}
                ... on AlreadyClaimedError {{ claimNumber claim {{ id }} }} ... on ProductsError {{ products {{ id code }} }}
                ... on LimitExceededError {{ limit }} }} }} }}"
    );
    client.ask(&query, json!({ "input": input })).await[name].take()
}

fn on(claim: ClaimId, mut input: Value) -> Value {
    input["claimId"] = json!(encode(claim));
    input
}

/// Where it is wrong, as one text each.
fn places(payload: &Value) -> Vec<String> {
    let errors = payload["userErrors"].as_array().unwrap().iter();
    let path = |error: &Value| {
        error["path"].as_array().unwrap().iter().map(|step| step.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(".")
    };
    errors.map(|error| format!("{} {}", error["code"].as_str().unwrap(), path(error))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_wrong_is_told_at_once_with_its_place_in_the_input() {
    let api = Api::new().await;
    let input = json!({
        "location": "12x", "tenantId": "no guid", "customerDomain": "no domain", "name": "n".repeat(1_000),
        "customerContact": { "email": "nowhere" }, "tags": ["a".repeat(1_000)],
        "products": [{ "product": "TEAMS" }, { "product": "ABACUS" }, { "product": "TEAMS" }, { "product": "SALES", "subscriptionId": "x" }],
    });
    let payload = give(&api.as_("anna"), "claimCreate", input).await;
    assert!(payload["claim"].is_null());
    let places = places(&payload);
    for expected in [
        "INVALID_FORMAT input.location",
        "INVALID_FORMAT input.tenantId",
        "INVALID_FORMAT input.customerDomain",
        "TOO_LONG input.name",
        "INVALID_FORMAT input.customerContact.email",
        "PRODUCT_NOT_ELIGIBLE input.products.1.product",
        "INVALID_FORMAT input.products.3.subscriptionId",
    ] {
        assert!(places.iter().any(|place| place == expected), "{expected} is missing in {places:#?}");
    }
    let limits = payload["userErrors"].as_array().unwrap().iter().filter(|error| error["code"] == "TOO_LONG");
    assert!(limits.clone().count() >= 1);
    assert!(limits.into_iter().all(|error| error["__typename"] == "LimitExceededError" && error["limit"].as_i64() > Some(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_what_a_submission_lacks_and_does_nothing() {
    let api = Api::new().await;
    let anna = api.as_("anna");
    let created = give(&anna, "claimCreate", json!({ "location": "1000001" })).await;
    let id = created["claim"]["id"].clone();
    let submit = json!({ "claimId": id, "attestationAccepted": false, "dryRun": true });
    let tried = give(&anna, "claimSubmit", submit.clone()).await;
    let fields = ["name", "tenantId", "customerName", "area", "activities", "customerContact", "partnerContact", "products"];
    let mut expected: Vec<_> = fields.iter().map(|field| format!("REQUIRED_FIELD_MISSING input.{field}")).collect();
    expected.extend(["POE_REQUIRED input.documents".to_owned(), "ATTESTATION_REQUIRED input.attestationAccepted".to_owned()]);
    let mut found = places(&tried);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!((&tried["claim"]["status"], &tried["claim"]["version"]), (&json!("EDITING"), &created["claim"]["version"]));

    let complete = api.world.draft("anna", 1, &["TEAMS"]).await;
    let dry = give(&anna, "claimSubmit", on(complete, json!({ "attestationAccepted": true, "dryRun": true }))).await;
    assert_eq!((codes(&dry), &dry["claim"]["status"]), (vec![], &json!("EDITING")));
    let done = give(&anna, "claimSubmit", on(complete, json!({ "attestationAccepted": true }))).await;
    assert_eq!((codes(&done), &done["claim"]["status"]), (vec![], &json!("SUBMITTED")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_version_is_answered_with_the_claim_as_it_is_now() {
    let world = World::new().await;
    let id = world.submitted("anna", 1, &["TEAMS"]).await;
    let api = Api::of(world);
    let seen =
        give(&api.as_("anna"), "claimUpdate", on(id, json!({ "tags": ["a"] }))).await["claim"]["version"].as_i64().unwrap();
    let next = give(&api.as_("anna"), "claimUpdate", on(id, json!({ "tags": ["b"], "expectedVersion": seen }))).await;
    assert_eq!((codes(&next), &next["claim"]["version"]), (vec![], &json!(seen + 1)));
    let stale = give(&api.as_("anna"), "claimUpdate", on(id, json!({ "tags": ["c"], "expectedVersion": seen }))).await;
    let error = &stale["userErrors"][0];
    assert_eq!(error["__typename"], "VersionConflictError");
    assert_eq!((&error["expectedVersion"], &error["currentVersion"]), (&json!(seen), &json!(seen + 1)));
    assert_eq!(error["claim"], json!({ "version": seen + 1, "status": "SUBMITTED" }));
    assert_eq!(error["path"], json!(["input", "expectedVersion"]));
    assert_eq!(stale["claim"]["tags"], json!(["b"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_types_of_errors_carry_the_facts_to_go_on() {
    let world = World::new().await;
    let first = world.under_review("anna", 1, &["TEAMS"]).await;
    let again = world.draft("anna", 1, &["TEAMS"]).await;
    let rival = world.under_review("clara", 1, &["TEAMS", "YAMMER"]).await;
    let api = Api::of(world);
    let (anna, rita) = (api.as_("anna"), api.as_("rita"));

    let state = give(&anna, "claimUpdate", on(first, json!({ "tags": [] }))).await;
    assert_eq!(
        (&state["userErrors"][0]["__typename"], &state["userErrors"][0]["status"]),
        (&json!("StateConflictError"), &json!("UNDER_REVIEW"))
    );

    let claimed = give(&anna, "claimSubmit", on(again, json!({ "attestationAccepted": true }))).await;
    let error = &claimed["userErrors"][0];
    assert_eq!((&error["__typename"], &error["claim"]["id"]), (&json!("AlreadyClaimedError"), &json!(encode(first))));
    assert!(error["claimNumber"].as_str().unwrap().starts_with("CPOR-"));

    api.world.done("rita", first, Command::Approve { comment: None }).await;
    let held = give(&rita, "claimApprove", on(rival, json!({}))).await;
    let error = &held["userErrors"][0];
    assert_eq!((&error["__typename"], &error["code"]), (&json!("ProductsError"), &json!("KEY_HELD")));
    let products: Vec<_> = error["products"].as_array().unwrap().iter().map(|product| &product["code"]).collect();
    assert_eq!(products, ["TEAMS"], "those that are held and no others");

    let findings = vec![Finding { kind: FindingKind::MissingAllPoe, product: None, words: None }];
    api.world.done("rita", rival, Command::RequestAction { comment: "More".to_owned(), findings }).await;
    api.world.pass(TimeDelta::days(30));
    let late = give(&api.as_("clara"), "claimResubmit", on(rival, json!({}))).await;
    let error = &late["userErrors"][0];
    assert_eq!((&error["__typename"], &error["deadline"]), (&json!("DeadlinePassedError"), &json!("PARTNER_RESPONSE")));
    assert!(error["expiredAt"].as_str().unwrap().starts_with("2021-09-21T00:00:00"), "{error}");
    assert_eq!(late["claim"]["status"], "REJECTED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_answers_byte_for_byte_what_the_first_time_answered() {
    let world = World::new().await;
    let id = world.submitted("anna", 1, &["TEAMS"]).await;
    let api = Api::of(world);
    let anna = api.as_("anna");
    let key = |number: u128| json!(Uuid::from_u128(number));
    let inputs = [
        ("claimUpdate", on(id, json!({ "tags": ["x"], "idempotencyKey": key(1) }))),
        ("claimUpdate", on(id, json!({ "name": "fixed", "tags": vec!["t"; 99], "idempotencyKey": key(2) }))),
        ("claimUpdate", on(id, json!({ "customerContact": { "name": "A" }, "expectedVersion": 99, "idempotencyKey": key(3) }))),
        ("claimUpdateProducts", on(id, json!({ "add": [{ "product": "ABACUS" }], "idempotencyKey": key(4) }))),
        ("commentAdd", on(id, json!({ "body": "", "idempotencyKey": key(5) }))),
        ("claimDispute", on(id, json!({ "justification": "j", "idempotencyKey": key(6) }))),
        (
            "claimUpdate",
            on(
                id,
                json!({ "customerContact": { "name": "A", "title": "B", "email": "a@elsewhere.example" }, "idempotencyKey": key(7) }),
            ),
        ),
        ("claimCreate", json!({ "location": "1000001", "name": "New", "idempotencyKey": key(8) })),
        ("claimCreate", json!({ "location": "x", "products": [{ "product": "?" }], "idempotencyKey": key(9) })),
        ("claimWithdraw", on(id, json!({ "reason": "OTHER", "comment": "c".repeat(20_000), "idempotencyKey": key(10) }))),
    ];
    for (name, input) in inputs {
        let first = give(&anna, name, input.clone()).await;
        assert_eq!(first["replayed"], false, "{name}: {first:#}");
        let mut again = give(&anna, name, input.clone()).await;
        assert_eq!(again["replayed"], true, "{name}: {input}");
        again["replayed"] = json!(false);
        assert_eq!(again.to_string(), first.to_string(), "{name}");
    }
    let other = give(&anna, "claimUpdate", on(id, json!({ "tags": ["y"], "idempotencyKey": key(1) }))).await;
    assert_eq!(codes(&other), ["IDEMPOTENCY_KEY_REUSED"]);
    let of_another = give(&api.as_("clara"), "claimCreate", json!({ "location": "2000001", "idempotencyKey": key(1) })).await;
    assert_eq!(codes(&of_another), [""; 0], "keys are each person's own");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_out_stays_and_null_clears() {
    let world = World::new().await;
    let id = world.draft("anna", 1, &["TEAMS"]).await;
    let api = Api::of(world);
    let anna = api.as_("anna");
    let all = json!({ "externalReference": "R-1", "tags": ["a", "b"], "customerDomain": "tailspin.example" });
    let set = give(&anna, "claimUpdate", on(id, all)).await["claim"].take();
    assert_eq!((&set["externalReference"], &set["tags"]), (&json!("R-1"), &json!(["a", "b"])));

    let renamed = give(&anna, "claimUpdate", on(id, json!({ "name": "Renamed" }))).await["claim"].take();
    for field in ["externalReference", "tags", "customerDomain", "customerName", "customerContact", "activities"] {
        assert_eq!(renamed[field], set[field], "{field} was left out");
    }
    let clears = json!({ "externalReference": null, "tags": null, "customerDomain": null, "customerName": null, "activities": null, "customerContact": null });
    let cleared = give(&anna, "claimUpdate", on(id, clears)).await;
    assert_eq!(codes(&cleared), [""; 0], "{cleared:#}");
    for field in ["externalReference", "customerDomain", "customerName", "customerContact"] {
        assert!(cleared["claim"][field].is_null(), "{field}");
    }
    assert_eq!((&cleared["claim"]["tags"], &cleared["claim"]["activities"]), (&json!([]), &json!([])));
    assert_eq!(cleared["claim"]["name"], "Renamed");
    let version = cleared["claim"]["version"].clone();
    let nothing = give(&anna, "claimUpdate", on(id, json!({}))).await;
    assert_eq!(nothing["claim"]["version"], version, "an update of nothing changes nothing");
    let no_place = give(&anna, "claimUpdate", on(id, json!({ "location": null }))).await;
    assert_eq!((places(&no_place), &no_place["claim"]["version"]), (vec!["INVALID_FORMAT input.location".to_owned()], &version));
}

#[tokio::test(flavor = "multi_thread")]
async fn products_are_added_replaced_and_removed_all_or_nothing() {
    let world = World::new().await;
    let id = world.draft("anna", 1, &["TEAMS", "YAMMER"]).await;
    let api = Api::of(world);
    let anna = api.as_("anna");
    let now = give(&anna, "claimUpdate", on(id, json!({}))).await["claim"]["products"]["nodes"].take();
    let (teams, yammer) = (now[0]["id"].clone(), now[1]["id"].clone());
    let bad = json!({ "remove": [teams], "replace": [{ "productId": yammer, "product": "ABACUS" }] });
    let refused = give(&anna, "claimUpdateProducts", on(id, bad)).await;
    assert_eq!(places(&refused), ["PRODUCT_NOT_ELIGIBLE input.replace.0.product"]);
    assert_eq!(refused["claim"]["products"]["nodes"], now);
    let good =
        json!({ "remove": [teams], "replace": [{ "productId": yammer, "product": "INTUNE" }], "add": [{ "product": "TEAMS" }] });
    let done = give(&anna, "claimUpdateProducts", on(id, good)).await["claim"]["products"]["nodes"].take();
    let codes: Vec<_> = done.as_array().unwrap().iter().map(|line| &line["code"]).collect();
    assert_eq!(codes, ["INTUNE", "TEAMS"]);
    assert_eq!(done[0]["id"], yammer, "a replaced product keeps its id");
    assert_ne!(done[1]["id"], teams);
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_do_not_block_and_name_no_other_partner() {
    let world = World::new().await;
    world.submitted("clara", 1, &["TEAMS"]).await;
    let id = world.draft("anna", 1, &["TEAMS"]).await;
    let api = Api::of(world);
    let contact = json!({ "name": "T", "title": "T", "email": "tom@elsewhere.example" });
    give(&api.as_("anna"), "claimUpdate", on(id, json!({ "customerContact": contact }))).await;
    let dry = give(&api.as_("anna"), "claimSubmit", on(id, json!({ "attestationAccepted": true, "dryRun": true }))).await;
    let found =
        |payload: &Value| payload["warnings"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect::<Vec<_>>();
    assert_eq!(found(&dry), ["CONTACT_DOMAIN_MISMATCH"], "a dry run never tells of another partner");
    let done = give(&api.as_("anna"), "claimSubmit", on(id, json!({ "attestationAccepted": true }))).await;
    assert_eq!(done["claim"]["status"], "SUBMITTED");
    let mut codes = found(&done);
    codes.sort_by_key(ToString::to_string);
    assert_eq!(codes, ["COMPETING_CLAIM", "CONTACT_DOMAIN_MISMATCH"]);
    assert!(!done.to_string().contains("abrikam"), "{done:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_another_kind_are_errors_of_the_request() {
    let world = World::new().await;
    let id = world.submitted("anna", 1, &["TEAMS"]).await;
    let document = super::visibility::stored(&world, id).await.documents[0].id;
    let api = Api::of(world);
    let query = "mutation ($id: ID!) { commentAdd(input: { claimId: $id, body: \"?\" }) { userErrors { code } } }";
    for wrong in [json!(encode(document)), json!("CPOR-100001"), json!("")] {
        assert_eq!(api.as_("anna").code(query, json!({ "id": wrong })).await, "BAD_ID", "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sentences_come_in_the_language_that_the_viewer_chose() {
    let world = World::new().await;
    let id = world.submitted("anna", 1, &["TEAMS"]).await;
    let api = Api::of(world);
    let sentence = async |who: &str| {
        let refused = give(&api.as_(who), "commentAdd", on(id, json!({ "body": "" }))).await;
        assert_eq!(places(&refused), ["REQUIRED_FIELD_MISSING input.body"], "{who}");
        refused["userErrors"][0]["message"].as_str().unwrap().to_owned()
    };
    let (polish, english) = (sentence("anna").await, sentence("rita").await);
    assert_eq!(english, "This field is required.");
    assert!(polish != english && polish.ends_with('.'), "{polish}");
}
