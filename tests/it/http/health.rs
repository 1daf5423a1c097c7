//! What operators ask, and the orderly end.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Server;

async fn get(server: &Server, path: &str) -> (u16, String) {
    let response = server.client.get(server.url(path)).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn alive_and_ready_are_two_questions() {
    let server = Server::start().await;
    assert_eq!(get(&server, "/livez").await.0, 200);
    assert_eq!(get(&server, "/readyz").await.0, 200);
    server.world.not_ready.store(true, SeqCst);
    assert_eq!(get(&server, "/livez").await.0, 200);
    assert_eq!(get(&server, "/readyz").await.0, 503);
}

#[tokio::test]
async fn counters_are_in_the_format_of_prometheus() {
    let server = Server::start().await;
    server.query("query Hi { hello }").await;
    server.query("{").await;
    let (status, text) = get(&server, "/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "cpor_http_responses_total{status=\"200\"} 1",
        "cpor_refusals_total{code=\"GRAPHQL_PARSE_FAILED\"} 1",
        "cpor_graphql_operation_seconds_count{kind=\"query\",operation=\"Hi\"} 1",
        "cpor_http_requests_in_flight 1",
        "toy_total 1",
    ] {
        assert!(text.lines().any(|each| each == line), "{line} is not in\n{text}");
    }
}

#[tokio::test]
async fn the_contract_is_served() {
    let server = Server::start().await;
    let (status, text) = get(&server, "/schema.graphql").await;
    assert!(status == 200 && text.contains("type Query"));
}

#[tokio::test]
async fn http2_without_tls_is_spoken() {
    let server = Server::start().await;
    let mut connection = TcpStream::connect(server.address).await.unwrap();
    let (preface, settings) = (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [0, 0, 0, 4, 0, 0, 0, 0, 0]);
    connection.write_all(preface).await.unwrap();
    connection.write_all(&settings).await.unwrap();
    let mut head = [0; 9];
    connection.read_exact(&mut head).await.unwrap();
    // A frame of type 4, SETTINGS, is how a server of HTTP/2 begins.
    assert_eq!(head[3], 4);
}

#[tokio::test]
async fn a_request_in_flight_is_finished_before_the_end() {
    let mut server = Server::start().await;
    let held = tokio::spawn(server.post().body(json!({ "query": "{ held }" }).to_string()).send());
    while !get(&server, "/metrics").await.1.contains("cpor_http_requests_in_flight 2") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.shutdown.cancel();
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!server.ended.is_finished());
    server.world.release.notify_one();
    assert_eq!(held.await.unwrap().unwrap().status(), 200);
    (&mut server.ended).await.unwrap().unwrap();
}
