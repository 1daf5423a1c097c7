//! Spans at a collector: those of requests, operations and statements, in the caller's trace, with nobody's data.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use serde_json::json;
use tokio::net::TcpListener;

use super::support::program::{Program, empty_demo};

const TRACE: [u8; 16] = *b"\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c";
const PARENT: [u8; 8] = *b"\xb7\xad\x6b\x71\x69\x20\x33\x31";

/// What was sent to a collector, as it came: the trace, names and attributes stand in it as bytes.
type Sent = Arc<Mutex<Vec<u8>>>;

async fn collector() -> (String, Sent) {
    let sent = Sent::default();
    let taken = sent.clone();
    let take = move |body: Bytes| async move { taken.lock().unwrap().extend_from_slice(&body) };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/traces", post(take))).await });
    (address, sent)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_goes_on_through_request_operation_and_statements() {
    let (address, sent) = collector().await;
    let world = empty_demo().await;
    let program = Program::start(&world, &["--otlp-endpoint", &address, "--otlp-service", "claims"]);
    let query = "query Canaries { claims(filter: { search: \"canary\" }) { nodes { id } } }";
    let request = program.client.post(format!("{}/graphql", program.address)).bearer_auth(program.token("anna"));
    let request = request.header("traceparent", format!("00-{}-{}-01", hex(&TRACE), hex(&PARENT)));
    let response = request.json(&json!({ "query": query })).send().await.unwrap();
    let next = response.headers()["traceparent"].to_str().unwrap().to_owned();
    assert_eq!(response.status(), 200);
    assert!(
        next.starts_with(&format!("00-{}-", hex(&TRACE))) && next.ends_with("-01") && !next.contains(&hex(&PARENT)),
        "{next}"
    );
    let log = program.log();
    assert!(log.contains(&hex(&TRACE)), "the log has the trace: {log}");
    let sent = sent.lock().unwrap();
    let has = |bytes: &[u8]| sent.windows(bytes.len()).any(|window| window == bytes);
    assert!(has(&TRACE) && has(&PARENT), "{} bytes came", sent.len());
    for told in ["request", "operation", "statement", "Canaries", "claims", "/graphql", "SELECT"] {
        assert!(has(told.as_bytes()), "{told} is not in {}", String::from_utf8_lossy(&sent));
    }
    for untold in ["canary", "anna.kowalska", "Kowalska", "Bearer"] {
        assert!(!has(untold.as_bytes()), "{untold} is in {}", String::from_utf8_lossy(&sent));
    }
}
