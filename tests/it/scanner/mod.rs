//! The virus scanner: what it is asked, what its silence means, and what nobody can open.

mod fake;
mod protocol;
mod real;

use chrono::{TimeDelta, Utc};
use cpor::domain::command::Command;
use cpor::domain::file::ScanState;
use cpor::domain::ids::ClaimId;
use cpor::domain::refusal::Code;
use cpor::graphql::id::encode;
use cpor::store::scans;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use self::fake::{CLEAN, FakeClamd, INFECTED, Mood};
use crate::api::Api;
use crate::support::world::World;

const DOCUMENTS: &str = "query($id: ID!) { claim: node(id: $id) { ... on Claim { documents { nodes { downloadUrl scan { state isOverdue threat } } } } } }";

/// A world with a scanner in this mood.
async fn scanned_by(mood: Mood) -> (Api, FakeClamd) {
    let scanner = FakeClamd::start(mood).await;
    let mut world = World::new().await;
    world.app = world.app_scanned_by(Some(scanner.clamd.clone())).await;
    (Api::of(world), scanner)
}

/// The state of the claim's first document as a lead reads it, and what the lead is answered who opens it.
async fn seen(api: &Api, claim: ClaimId) -> (Value, u16) {
    seen_by("lena", api, claim).await
}

async fn seen_by(who: &str, api: &Api, claim: ClaimId) -> (Value, u16) {
    let client = api.as_(who);
    let data = client.ask(DOCUMENTS, json!({ "id": encode(claim) })).await;
    let document = &data["claim"]["documents"]["nodes"][0];
    let status = client.get(document["downloadUrl"].as_str().unwrap()).await;
    (document["scan"].clone(), status)
}

fn scan(state: &str) -> Value {
    json!({ "state": state, "isOverdue": false, "threat": null })
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_scanner_a_document_says_that_it_was_not_scanned() {
    let api = Api::new().await;
    let claim = api.world.draft("anna", 1, &["TEAMS"]).await;
    assert_eq!(seen(&api, claim).await, (scan("NOT_SCANNED"), 200));
    assert!(!api.world.app.scan_next(Utc::now()).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_file_is_sent_whole_and_can_be_opened() {
    let (api, scanner) = scanned_by(CLEAN).await;
    let claim = api.world.draft("anna", 1, &["TEAMS"]).await;
    assert_eq!(seen(&api, claim).await, (scan("CLEAN"), 200));
    assert!(scanner.seen().starts_with(b"%PDF-1.7") && scanner.seen().ends_with(b"%%EOF\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_infected_file_is_refused_when_it_comes_and_leaves_nothing() {
    let (api, _scanner) = scanned_by(INFECTED).await;
    let anna = api.as_("anna");
    let ticket = api.world.app.upload_create(&*api.world.viewer("anna").await, "sow.pdf").await.unwrap();
    let response = anna.send("PUT", &format!("/uploads/{}", ticket.token), "*/*", "%PDF-1.7\n%%EOF\n").await;
    assert_eq!(response.status(), 422);
    let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["error"]["code"], "FILE_INFECTED");
    assert_eq!(api.world.incoming_files(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_scanner_is_away_a_file_can_be_attached_but_not_opened() {
    let (api, scanner) = scanned_by(Mood::Away).await;
    let claim = api.world.submitted("anna", 1, &["TEAMS"]).await;
    assert_eq!(seen(&api, claim).await, (scan("PENDING"), 409));
    let now = Utc::now();
    assert!(api.world.app.scan_next(now).await.unwrap());
    assert!(!api.world.app.scan_next(now).await.unwrap(), "it is put off");
    assert_eq!(seen(&api, claim).await, (scan("PENDING"), 409));
    scanner.feels(CLEAN);
    assert!(api.world.app.scan_next(now + TimeDelta::seconds(6)).await.unwrap());
    assert_eq!(seen(&api, claim).await, (scan("CLEAN"), 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_turns_out_infected_stays_closed_and_cannot_be_attached_any_more() {
    let (api, scanner) = scanned_by(Mood::Away).await;
    let claim = api.world.draft("anna", 1, &["TEAMS"]).await;
    let waiting = api.world.uploaded("anna").await;
    scanner.feels(INFECTED);
    for _ in 0..2 {
        assert!(api.world.app.scan_next(Utc::now()).await.unwrap());
    }
    let infected = json!({ "state": "INFECTED", "isOverdue": false, "threat": "Cpor.Test" });
    assert_eq!(seen(&api, claim).await, (infected, 403));
    assert_eq!(seen_by("anna", &api, claim).await.1, 403, "not even for who sent it");
    let attach = Command::AttachDocument(Box::new(waiting));
    assert_eq!(api.world.refused("anna", claim, attach).await, [Code::FileInfected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_waited_too_long_is_shown_as_overdue() {
    let (api, _scanner) = scanned_by(Mood::Away).await;
    let claim = api.world.draft("anna", 1, &["TEAMS"]).await;
    let long_ago = "UPDATE file_scans SET since = since - interval '1 hour'";
    crate::support::cluster::execute(api.world.database.url(), long_ago).await.unwrap();
    assert_eq!(seen(&api, claim).await.0, json!({ "state": "PENDING", "isOverdue": true, "threat": null }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_there_was_a_scanner_is_closed_until_it_was_scanned() {
    let mut api = Api::new().await;
    let claim = api.world.draft("anna", 1, &["TEAMS"]).await;
    let scanner = FakeClamd::start(CLEAN).await;
    api.world.app = api.world.app_scanned_by(Some(scanner.clamd.clone())).await;
    assert_eq!(api.world.app.queue_unscanned(Utc::now()).await.unwrap(), 1);
    assert_eq!(api.world.app.queue_unscanned(Utc::now()).await.unwrap(), 0);
    assert_eq!(seen(&api, claim).await, (scan("PENDING"), 409));
    assert!(api.world.app.scan_next(Utc::now()).await.unwrap());
    assert_eq!(seen(&api, claim).await, (scan("CLEAN"), 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_on_bytes_that_nobody_has_are_forgotten() {
    let (api, _scanner) = scanned_by(CLEAN).await;
    api.world.draft("anna", 1, &["TEAMS"]).await;
    let stranger: [u8; 32] = Sha256::digest(b"gone").into();
    let mut conn = api.world.app.database().write().await.unwrap();
    let now = Utc::now();
    scans::note(&mut conn, &stranger, ScanState::Clean, now).await.unwrap();
    assert_eq!(scans::forget_unused(&mut conn, now - TimeDelta::hours(1)).await.unwrap(), 0);
    assert_eq!(scans::forget_unused(&mut conn, now + TimeDelta::hours(1)).await.unwrap(), 1);
    assert_eq!(scans::state(&mut conn, &stranger).await.unwrap(), ScanState::NotScanned);
}
