//! Programs of the kind that users write, in `tests/clients`: each queries, pages, changes, uploads, hears live events and goes on
//! after a torn wire.

mod typed;

use std::path::PathBuf;

use tokio::process::Command;

use crate::support::scratch::skip;
use crate::support::server::Server;
use crate::support::world::World;

/// A world with enough claims for three pages of two, and a server.
async fn served() -> (World, Server) {
    let world = World::new().await;
    for customer in 0..5 {
        world.draft("anna", customer, &["TEAMS"]).await;
    }
    let server = Server::start(&world, &world.app).await;
    (world, server)
}

/// Runs a program of a folder of node programs; it fails if it ends with anything but 0.
async fn run(folder: &str, program: &str, arguments: &[&str]) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    if !folder.join("node_modules").is_dir() {
        return skip(program, &format!("its packages are not installed: npm ci --prefix {}", folder.display()));
    }
    let mut command = Command::new("node");
    command.arg(folder.join(program)).args(arguments).kill_on_drop(true);
    let output = match command.output().await {
        Ok(output) => output,
        Err(error) => return skip(program, &format!("node cannot be started: {error}")),
    };
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    if said.contains("no Chromium found") {
        return skip(program, "there is no Chromium");
    }
    assert!(output.status.success(), "{program}: {said}");
    println!("{said}");
}

/// Runs a program as Anna, against a server of its own.
async fn run_as_anna(folder: &str, program: &str) {
    let (world, server) = served().await;
    run(folder, program, &[&server.url("/graphql"), &world.token("anna")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn apollo_client_does_a_partners_work() {
    run_as_anna("clients", "apollo.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn urql_does_a_partners_work() {
    run_as_anna("clients", "urql.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn relay_compiles_against_the_contract_and_does_a_partners_work() {
    run_as_anna("clients", "relay.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_generated_types_compiles_strictly_and_does_a_partners_work() {
    run_as_anna("clients", "codegen.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_source_in_a_browser_hears_events_and_goes_on_with_a_new_ticket() {
    run_as_anna("browser", "events.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_and_the_playgrounds_operations_please_the_linter() {
    run("clients", "lint.mjs", &[]).await;
}
