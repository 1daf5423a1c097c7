//! The log of the real program at its most talkative tells nobody's names, addresses, words or secrets.

use serde_json::json;

use super::support::program::{PEOPLE, Program, empty_demo};
/// `canary` as the bytes of a bound value are written.
const AS_BYTES: &str = "99, 97, 110, 97, 114, 121";

/// A claim's life with a canary in everything that somebody writes; answers the secrets that came up.
async fn live(server: &Program) -> Vec<String> {
    let contact =
        |who: &str| json!({ "name": format!("Canary {who}"), "title": "Canary", "email": format!("{who}@canary.example") });
    let details = json!({
        "location": "4821001", "name": "Canary claim", "tenantId": "6c6f6e67-0000-4000-8000-000000000001",
        "customerDomain": "canary.example", "customerName": "Canary Corporation", "area": "MICROSOFT_365", "activities": ["USAGE"],
        "products": [{ "product": "TEAMS" }], "customerContact": contact("customer"), "partnerContact": contact("partner"),
        "externalReference": "canary-reference", "tags": ["canary-tag"],
    });
    let claim = server.done("anna", "claimCreate", details).await["claim"]["id"].clone();
    let upload =
        server.done("anna", "poeUploadCreate upload { id url }", json!({ "fileName": "canary.pdf" })).await["upload"].clone();
    let url = upload["url"].as_str().unwrap();
    let bytes = "%PDF-1.7\ncanary\n%%EOF\n";
    let sent = server.client.put(format!("{}{url}", server.address)).body(bytes).send().await.unwrap();
    assert_eq!(sent.status(), 201);
    let document =
        json!({ "claimId": claim, "uploadId": upload["id"], "kind": "STATEMENT_OF_WORK", "description": "canary document" });
    server.done("anna", "poeAttach", document).await;
    server.done("anna", "claimSubmit", json!({ "claimId": claim, "attestationAccepted": true })).await;
    server.done("anna", "commentAdd", json!({ "claimId": claim, "body": "canary comment" })).await;
    server.done("rita", "claimStartReview", json!({ "claimId": claim })).await;
    server.done("rita", "noteAdd", json!({ "claimId": claim, "body": "canary note" })).await;
    server.done("rita", "claimApprove", json!({ "claimId": claim, "comment": "canary approval" })).await;
    let token = server.consent_token().await;
    let page = format!("{}/consent/{token}", server.address);
    assert_eq!(server.client.get(&page).send().await.unwrap().status(), 200);
    for form in ["step=ask&reason=canary", "step=decline&reason=canary"] {
        let posted = server.client.post(&page).header("content-type", "application/x-www-form-urlencoded").body(form);
        assert!(posted.send().await.unwrap().status().as_u16() < 400);
    }
    vec![url.trim_start_matches("/uploads/").to_owned(), token]
}

/// What goes wrong, with a canary in it.
async fn fail(server: &Program) {
    let token = server.token("anna");
    server.ask("canary-token", "{ viewer { name } }", json!({})).await;
    server.ask(&token, "{ viewer { \"canary", json!({})).await;
    server.ask(&token, "{ canaryField }", json!({})).await;
    server.ask(&token, "query ($input: JSON) { node(id: \"canary\") { id } }", json!({ "canary": "canary" })).await;
    server.ask(&token, "{ claims(filter: { search: \"canary\" }, after: \"canary\") { nodes { id } } }", json!({})).await;
    server.ask(&token, "{ claims(filter: { search: \"canary \\u0000\" }) { nodes { id } } }", json!({})).await;
    for path in ["/consent/cpl_canary", "/uploads/canary", "/documents/canary", "/graphql?query=canary", "/canary"] {
        server.client.get(format!("{}{path}", server.address)).bearer_auth("canary").send().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobodys_name_address_word_or_secret_is_in_the_log() {
    let world = empty_demo().await;
    let server = Program::start(&world, &["--log", "debug"]);
    let mut secrets = live(&server).await;
    fail(&server).await;
    secrets.extend(["anna", "rita"].map(|who| server.token(who).rsplit('.').next().unwrap().to_owned()));
    let addresses = PEOPLE.split("\"email\": \"").skip(1).filter_map(|rest| rest.split('"').next());
    secrets.extend(addresses.map(str::to_owned));
    secrets.extend(["Kowalska", "Lindqvist"].map(str::to_owned));
    let log = server.log();
    for told in ["executed", "answered", "/consent/{token}", "DEBUG"] {
        assert!(log.contains(told), "{told} is not in {log}");
    }
    let canaries = ["canary", "Canary", AS_BYTES].map(str::to_owned).into_iter();
    for canary in canaries.chain(secrets) {
        let line = log.lines().find(|line| line.contains(&canary));
        assert!(line.is_none(), "{canary} is in {line:?}");
    }
}
