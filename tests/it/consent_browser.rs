//! The consent page in a real browser, with scripts switched off, at the width of a desk and of a phone.

use std::path::PathBuf;

use axum::Router;
use cpor::domain::command::Command;
use cpor::domain::status::Status;
use cpor::graphql;
use cpor::http::{self, HttpSettings, ServeSettings};
use cpor::store::aggregate;
use cpor::store::links::LinkContact;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::support::scratch::skip;
use crate::support::world::World;

/// Where to leave pictures of the pages, if anybody wants to look at them.
const PICTURES: &str = "CPOR_TEST_PICTURES";

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_reads_and_declines_without_scripts_on_any_screen() {
    let test = "the consent page in a browser";
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    if !folder.join("node_modules").is_dir() {
        return skip(test, "its packages are not installed: npm ci --prefix tests/browser");
    }
    let world = World::new().await;
    let other = world.under_review("clara", 1, &["INTUNE", "SHAREPOINT_ONLINE"]).await;
    world.done("rita", other, Command::Approve { comment: None }).await;
    let id = world.under_review("anna", 1, &["EXCHANGE_ONLINE", "TEAMS"]).await;
    world.done("rita", id, Command::Approve { comment: None }).await;
    let claim = async || aggregate::load_many(&mut world.app.database().read().await.unwrap(), &[id]).await.unwrap().remove(0);
    let token = world.app.mint_consent_link(&claim().await, LinkContact::Customer).await.unwrap().unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/consent/{token}", listener.local_addr().unwrap());
    let routes = http::router(world.app.clone(), graphql::schema(), HttpSettings::default(), Router::new());
    let shutdown = CancellationToken::new();
    let serving = tokio::spawn(http::serve(listener, routes, ServeSettings::default(), shutdown.clone()));
    let mut walk = tokio::process::Command::new("node");
    walk.arg(folder.join("consent.mjs")).arg(url).kill_on_drop(true);
    if let Some(pictures) = std::env::var_os(PICTURES) {
        walk.arg("--pictures").arg(pictures);
    }
    let output = match walk.output().await {
        Ok(output) => output,
        Err(error) => return skip(test, &format!("node cannot be started: {error}")),
    };
    shutdown.cancel();
    serving.await.unwrap().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    if errors.contains("no Chromium found") {
        return skip(test, "there is no Chromium");
    }
    assert!(output.status.success(), "{errors}");
    let pages: Vec<Value> =
        String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let headings: Vec<_> = pages.iter().map(|page| page["heading"].as_str().unwrap()).collect();
    let open = "Northwind Consulting is associated with your organization";
    let polish = "Firma Northwind Consulting jest powiązana z Państwa organizacją";
    let (ask, declined) = ("Decline the association with Northwind Consulting?", "You have declined this association");
    assert_eq!(headings, [open, polish, polish, open, ask, open, declined, declined, declined]);
    let claim = claim().await;
    let comment = claim.rejection.and_then(|rejection| rejection.comment);
    assert_eq!(claim.status, Status::Rejected);
    assert_eq!(comment.as_deref(), Some("They have not worked for us since spring.\nWe are with somebody else now."));
}
