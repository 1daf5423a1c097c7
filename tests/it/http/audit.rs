//! Other people's readings of the protocols: the public audit and the reference clients, run with Node.

use std::path::PathBuf;

use tokio::process::Command;

use super::Server;
use crate::support::scratch::skip;

async fn run(program: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/audit");
    if !folder.join("node_modules").is_dir() {
        return skip(program, "its packages are not installed: npm ci --prefix tests/audit");
    }
    let server = Server::start().await;
    let mut command = Command::new("node");
    command.arg(folder.join(program)).arg(server.url("/graphql")).arg("token-ada").kill_on_drop(true);
    let output = match command.output().await {
        Ok(output) => output,
        Err(error) => return skip(program, &format!("node cannot be started: {error}")),
    };
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}");
    println!("{said}");
    server.lives().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_audit_of_graphql_over_http_passes_whole() {
    run("http.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_graphql_ws_is_served() {
    run("ws.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_graphql_sse_is_served() {
    run("sse.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn apollo_client_is_served() {
    run("apollo.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn urql_is_served() {
    run("urql.mjs").await;
}
