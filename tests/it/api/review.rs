//! What helps a review: the checklist that both sides see, findings that come from it, and what changed since.

use cpor::domain::command::Command;
use cpor::graphql::id::encode;
use serde_json::{Value, json};

use super::{Api, codes};

const CHECKLIST: &str = "query($id: ID!) { claim: node(id: $id) { ... on Claim { lastReviewVersion poeChecklist {
    requirement product { code } state finding remedy blocksSubmission } } } }";
const REQUEST: &str = "mutation($input: ClaimRequestActionInput!) { claimRequestAction(input: $input) {
    userErrors { code path } claim { version currentRequest { findings { kind words remedy product { code } } } } } }";
const CHANGES: &str = "query($id: ID!) { claim: node(id: $id) { ... on Claim { lastReviewVersion changesSinceLastReview { ...C } all: changesSince(version: 1) { ...C } } } }
    fragment C on ClaimDifference { fromVersion toVersion isEmpty fields { field old new } products { old { code } new { code } }
    documents { document { name } supersedes { name } } comments { body } }";

#[tokio::test(flavor = "multi_thread")]
async fn the_partner_sees_before_submitting_what_a_reviewer_will_tick() {
    let api = Api::new().await;
    let id = api.world.draft("anna", 1, &["TEAMS", "EXCHANGE_ONLINE"]).await;
    let list = |data: Value| data["claim"]["poeChecklist"].as_array().unwrap().clone();
    let anna = list(api.as_("anna").ask(CHECKLIST, json!({ "id": encode(id) })).await);
    let told: Vec<_> = anna.iter().map(|item| (item["requirement"].as_str().unwrap(), item["state"].as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("RIGHT_FILE", "TO_JUDGE"),
            ("CUSTOMER_IDENTIFIED", "TO_JUDGE"),
            ("CUSTOMER_SIGNATURE", "TO_JUDGE"),
            ("RECENT_DATES", "SATISFIED"),
            ("WORK_DESCRIBED", "SATISFIED"),
            ("PRODUCT_NAMED", "TO_JUDGE"),
            ("PRODUCT_NAMED", "TO_JUDGE"),
        ]
    );
    assert_eq!((&anna[6]["product"]["code"], &anna[6]["finding"]), (&json!("EXCHANGE_ONLINE"), &json!("MISSING_PRODUCTS")));
    // Anna reads Polish, a reviewer English.
    assert!(anna[2]["remedy"].as_str().unwrap().contains("podpisany"), "{}", anna[2]["remedy"]);
    api.world.done("anna", id, Command::Submit { attestation: true }).await;
    let rita = list(api.as_("rita").ask(CHECKLIST, json!({ "id": encode(id) })).await);
    assert!(rita[2]["remedy"].as_str().unwrap().contains("signed"), "{}", rita[2]["remedy"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_come_from_the_ticked_checklist_and_say_the_remedy() {
    let api = Api::new().await;
    let id = api.world.under_review("anna", 1, &["TEAMS", "EXCHANGE_ONLINE"]).await;
    let rita = api.as_("rita");
    let product = "query($id: ID!) { claim: node(id: $id) { ... on Claim { products { nodes { id } } } } }";
    let product = rita.ask(product, json!({ "id": encode(id) })).await["claim"]["products"]["nodes"][1]["id"].take();
    let tick = |requirement: &str, is_met: bool| json!({ "requirement": requirement, "isMet": is_met });
    let nothing = json!({ "claimId": encode(id), "comment": "Look.", "checklist": [tick("RIGHT_FILE", true)] });
    let refused = rita.ask(REQUEST, json!({ "input": nothing })).await;
    assert_eq!(codes(&refused["claimRequestAction"]), ["REQUIRED_FIELD_MISSING"]);
    let mut named = tick("PRODUCT_NAMED", false);
    named["productId"] = product;
    named["words"] = json!("Only Teams is named.");
    let checklist = json!([tick("RIGHT_FILE", true), tick("CUSTOMER_SIGNATURE", false), named]);
    let input = json!({ "claimId": encode(id), "comment": "Look.", "findings": [{ "kind": "OTHER", "words": "Page 2." }], "checklist": checklist });
    let done = rita.ask(REQUEST, json!({ "input": input })).await;
    let findings = &done["claimRequestAction"]["claim"]["currentRequest"]["findings"];
    let kinds: Vec<_> = findings.as_array().unwrap().iter().map(|finding| finding["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["OTHER", "MISSING_CUSTOMER_ACKNOWLEDGMENT", "MISSING_PRODUCTS"]);
    assert_eq!(
        (&findings[2]["product"]["code"], &findings[2]["words"]),
        (&json!("EXCHANGE_ONLINE"), &json!("Only Teams is named."))
    );
    assert!(findings[1]["remedy"].as_str().unwrap().contains("signed"));
    assert!(findings[0]["remedy"].as_str().unwrap().contains("in words"));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_see_what_changed_since_the_last_review() {
    let api = Api::new().await;
    let id = api.world.under_review("anna", 1, &["TEAMS"]).await;
    let before = api.as_("anna").ask(CHANGES, json!({ "id": encode(id) })).await;
    assert_eq!((&before["claim"]["lastReviewVersion"], &before["claim"]["changesSinceLastReview"]), (&json!(null), &json!(null)));
    let request =
        json!({ "claimId": encode(id), "comment": "Sign.", "findings": [{ "kind": "MISSING_CUSTOMER_ACKNOWLEDGMENT" }] });
    let asked = api.as_("rita").ask(REQUEST, json!({ "input": request })).await;
    let version = asked["claimRequestAction"]["claim"]["version"].clone();
    api.world.attach("anna", id).await;
    let reply = cpor::domain::ids::CommentId::fresh();
    api.world.done("anna", id, Command::Comment { id: reply, body: "Signed now.".to_owned() }).await;
    let rename = cpor::domain::command::DetailsInput { external_reference: Some(Some("PO-7".to_owned())), ..Default::default() };
    api.world.done("anna", id, Command::Update(Box::new(rename))).await;
    for who in ["anna", "rita", "aude"] {
        let seen = api.as_(who).ask(CHANGES, json!({ "id": encode(id) })).await;
        let changes = &seen["claim"]["changesSinceLastReview"];
        assert_eq!((&seen["claim"]["lastReviewVersion"], &changes["fromVersion"]), (&version, &version), "{who}");
        assert_eq!(changes["fields"], json!([{ "field": "EXTERNAL_REFERENCE", "old": null, "new": "PO-7" }]));
        assert_eq!(changes["documents"], json!([{ "document": { "name": "statement.pdf" }, "supersedes": null }]));
        assert_eq!((&changes["comments"], &changes["isEmpty"]), (&json!([{ "body": "Signed now." }]), &json!(false)));
        assert_eq!(seen["claim"]["all"]["documents"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_learns_nothing_of_checklist_and_changes() {
    let api = Api::new().await;
    let id = api.world.under_review("anna", 1, &["TEAMS"]).await;
    api.world.done("rita", id, Command::Approve { comment: None }).await;
    let customer = super::visibility::customer(&api, id).await;
    let query =
        "query($id: ID!) { claim: node(id: $id) { ... on Claim { number lastReviewVersion poeChecklist { state } changesSinceLastReview { isEmpty }
        changesSince(version: 1) { isEmpty } } } }";
    let seen = customer.ask(query, json!({ "id": encode(id) })).await;
    let claim = &seen["claim"];
    assert_eq!((&claim["lastReviewVersion"], &claim["poeChecklist"]), (&json!(null), &json!([])), "{claim}");
    assert_eq!((&claim["changesSinceLastReview"], &claim["changesSince"]), (&json!(null), &json!(null)));
}
