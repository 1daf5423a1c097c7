//! Customers, by consent link: the claim redacted, the tenant's associations, one decision, and then only reading.

use cpor::domain::command::Command;
use cpor::graphql::id::encode;
use cpor::store::links::LinkContact;
use serde_json::{Value, json};

use super::{Hidden, customer};
use crate::api::codes;

/// What is between partner and reviewers, as single values: null to a customer.
const HIDDEN: &str =
    "name externalReference partnerContact { name email } assignee { id } assessment assessmentReason assessmentSentAt
    currentRequest { at } rejection { at reason comment } dispute { at justification } notes { totalCount }";
/// The same as lists: empty to a customer.
const HIDDEN_LISTS: &str = "documents { totalCount nodes { id } edges { cursor } } comments { totalCount nodes { id } }
    history { totalCount nodes { sequence } }";
/// What a customer is told.
const SHOWN: &str = "id number status customerName customerDomain tenantId area activities consent
    customerContact { email } organization { name } location { mpnId } products { totalCount nodes { code } }
    associations { code associations { state activity } } deadlines { kind consequence } tags editableFields availableActions";
const DECLINE: &str = "mutation ($input: ConsentDeclineInput!) { consentDecline(input: $input) {
    claim { status consent } userErrors { __typename code path } } }";

async fn seen(hidden: &Hidden, fields: &str) -> Value {
    let client = customer(&hidden.api, hidden.claim.id).await;
    let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on Claim {{ {fields} }} }} }}");
    client.ask(&query, json!({ "id": encode(hidden.claim.id) })).await["node"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_sees_who_claims_what_and_nothing_between_partner_and_reviewers() {
    let hidden = Hidden::new().await;
    for (field, value) in seen(&hidden, HIDDEN).await.as_object().unwrap() {
        assert!(value.is_null(), "{field}: {value}");
    }
    for (field, list) in seen(&hidden, HIDDEN_LISTS).await.as_object().unwrap() {
        assert_eq!((&list["totalCount"], &list["nodes"]), (&json!(0), &json!([])), "{field}: {list}");
    }
    let shown = seen(&hidden, SHOWN).await;
    assert_eq!(shown["organization"]["name"], "Northwind Consulting");
    assert_eq!((&shown["status"], &shown["consent"]), (&json!("APPROVED"), &json!("OPEN")));
    assert_eq!(shown["products"]["totalCount"], 2);
    assert_eq!(shown["associations"].as_array().unwrap().len(), 2);
    assert_eq!(shown["deadlines"], json!([{ "kind": "CONSENT", "consequence": "ASSESSMENT" }]));
    assert_eq!(shown["availableActions"], json!(["DECLINE"]));
    assert_eq!((&shown["tags"], &shown["editableFields"]), (&json!([]), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_cannot_find_out_by_filters_what_is_hidden() {
    let hidden = Hidden::new().await;
    let id = hidden.claim.id;
    let input = json!({ "claimId": encode(id), "tags": ["secret"], "externalReference": "CRM-1" });
    let world = &hidden.api.world;
    let draft = world.draft("anna", 3, &["YAMMER"]).await;
    let update = "mutation ($input: ClaimUpdateInput!) { claimUpdate(input: $input) { userErrors { code } } }";
    let mut of_draft = input;
    of_draft["claimId"] = json!(encode(draft));
    hidden.api.as_("anna").ask(update, json!({ "input": of_draft })).await;
    world.done("anna", draft, Command::Submit { attestation: true }).await;
    world.done("rita", draft, Command::StartReview).await;
    world.done("rita", draft, Command::Approve { comment: None }).await;
    let client = customer(&hidden.api, draft).await;
    let rita = hidden.api.as_("rita").ask("{ viewer { person { id } } }", json!({})).await;
    let list = "query ($filter: ClaimFilterInput) { claims(filter: $filter) { totalCount nodes { id } } }";
    assert_eq!(client.ask(list, json!({ "filter": { "consents": ["OPEN"] } })).await["claims"]["totalCount"], 1);
    for filter in [
        json!({ "tags": ["secret"] }),
        json!({ "externalReference": "CRM-1" }),
        json!({ "assigneeIds": [rita["viewer"]["person"]["id"]] }),
        json!({ "assessments": ["NOT_SENT"] }),
        json!({ "search": "Claim for customer" }),
        json!({ "isUnassigned": true }),
        json!({ "isOverdue": false }),
        json!({ "dueBefore": "2030-01-01T00:00:00Z" }),
        json!({ "rejectionReasons": ["INSUFFICIENT_POE"] }),
    ] {
        let found = client.ask(list, json!({ "filter": filter })).await;
        assert_eq!(found["claims"], json!({ "totalCount": 0, "nodes": [] }), "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_sees_who_is_associated_with_the_own_tenant() {
    let hidden = Hidden::new().await;
    let world = &hidden.api.world;
    let another = world.under_review("clara", 1, &["YAMMER"]).await;
    world.done("rita", another, Command::Approve { comment: None }).await;
    let elsewhere = world.under_review("clara", 9, &["YAMMER"]).await;
    world.done("rita", elsewhere, Command::Approve { comment: None }).await;
    let query = "{ viewer { role name email person { id } organization { id } locations { mpnId } mayCreateClaims
        consentClaim { number } claims { totalCount } tenantAssociations { partner code startedAt product { name } } } }";
    let viewer = customer(&hidden.api, hidden.claim.id).await.ask(query, json!({})).await["viewer"].take();
    let associations = viewer["tenantAssociations"].as_array().unwrap().iter();
    let mut named: Vec<_> = associations.map(|one| (one["partner"].as_str().unwrap(), one["code"].as_str().unwrap())).collect();
    named.sort_unstable();
    let own = "Northwind Consulting";
    assert_eq!(named, [("Fabrikam Partners", "YAMMER"), (own, "EXCHANGE_ONLINE"), (own, "TEAMS")]);
    assert_eq!((&viewer["role"], &viewer["email"]), (&json!("CUSTOMER"), &json!("tom@tailspin.example")));
    for nothing in ["name", "person", "organization"] {
        assert!(viewer[nothing].is_null(), "{nothing}");
    }
    assert_eq!((&viewer["mayCreateClaims"], &viewer["locations"]), (&json!(false), &json!([])));
    assert_eq!(viewer["consentClaim"]["number"], hidden.claim.number.to_string());
    assert_eq!(viewer["claims"]["totalCount"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_declines_once_and_then_only_reads() {
    let hidden = Hidden::new().await;
    let client = customer(&hidden.api, hidden.claim.id).await;
    let input = json!({ "input": { "claimId": encode(hidden.claim.id), "reason": "We chose somebody else." } });
    let declined = client.ask(DECLINE, input.clone()).await;
    assert_eq!(declined["consentDecline"]["claim"], json!({ "status": "REJECTED", "consent": "DECLINED" }));
    assert_eq!(codes(&declined["consentDecline"]), [""; 0]);

    let again = client.ask(DECLINE, input).await;
    assert_eq!(codes(&again["consentDecline"]), ["STATE_CONFLICT"]);
    let read = "{ viewer { tenantAssociations { code } consentClaim { status availableActions rejection { comment } } } }";
    let read = client.ask(read, json!({})).await;
    let claim = json!({ "status": "REJECTED", "availableActions": [], "rejection": null });
    assert_eq!(read["viewer"], json!({ "tenantAssociations": [], "consentClaim": claim }));
    let told = "query ($id: ID!) { node(id: $id) { ... on Claim { rejection { reason comment by { kind role } } } } }";
    let told = hidden.api.as_("anna").ask(told, json!({ "id": encode(hidden.claim.id) })).await;
    let by = json!({ "kind": "CUSTOMER", "role": "CUSTOMER" });
    let rejection = json!({ "reason": "CUSTOMER_DECLINED", "comment": "We chose somebody else.", "by": by });
    assert_eq!(told["node"]["rejection"], rejection);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_void_once_the_contact_is_another() {
    let hidden = Hidden::new().await;
    let api = &hidden.api;
    let token = api.world.app.mint_consent_link(&hidden.claim, LinkContact::Customer).await.unwrap().unwrap();
    let who = "{ viewer { role } }";
    assert_eq!(api.with(token.clone()).ask(who, json!({})).await["viewer"]["role"], "CUSTOMER");
    let update = "mutation ($input: ClaimUpdateInput!) { claimUpdate(input: $input) { userErrors { code } } }";
    let contact = json!({ "name": "Nina New", "title": "CIO", "email": "nina@tailspin.example" });
    let input = json!({ "claimId": encode(hidden.claim.id), "customerContact": contact });
    let done = api.as_("anna").ask(update, json!({ "input": input })).await;
    assert_eq!(codes(&done["claimUpdate"]), [""; 0]);
    assert_eq!(api.with(token).code(who, json!({})).await, "UNAUTHENTICATED");
}
