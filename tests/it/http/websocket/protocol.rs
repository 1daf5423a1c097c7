//! The protocol's own rules.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{Socket, upgrade};
use crate::http::Server;

#[tokio::test]
async fn a_subscription_runs_from_subscribe_to_complete() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("a\"1", "subscription { count(to: 2) }").await;
    for count in 1..=2 {
        let expected = json!({ "id": "a\"1", "type": "next", "payload": { "data": { "count": count } } });
        assert_eq!(socket.hear().await, expected);
    }
    assert_eq!(socket.hear().await, json!({ "id": "a\"1", "type": "complete" }));
    socket.subscribe("a\"1", "mutation { bump }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["bump"], 1);
    assert_eq!(socket.hear().await["type"], "complete");
}

#[tokio::test]
async fn errors_before_execution_are_error_messages_without_complete() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nosuch }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { int(n: $n) }", "BAD_USER_INPUT"),
        ("subscription { count(to: 1) again: count(to: 1) }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ panics }", "INTERNAL_SERVER_ERROR"),
        ("subscription { hiddenFailure }", "INTERNAL_SERVER_ERROR"),
    ] {
        socket.subscribe("x", query).await;
        let message = socket.hear().await;
        assert_eq!((&message["type"], &message["payload"][0]["extensions"]["code"]), (&json!("error"), &json!(code)));
        socket.say(json!({ "type": "ping" })).await;
        assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    }
    socket.subscribe("x", "{ fails hello }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["hello"], "hello you");
    assert_eq!(socket.hear().await["type"], "complete");
}

#[tokio::test]
async fn a_source_that_fails_ends_its_operation_with_an_error() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("s", "subscription { tooSlow }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["tooSlow"], 1);
    let end = socket.hear().await;
    assert_eq!((&end["type"], &end["payload"][0]["extensions"]["cursor"]), (&json!("error"), &json!("c1")));
}

#[tokio::test]
async fn messages_that_the_protocol_does_not_have_close_with_4400() {
    let server = Server::start().await;
    let long = "i".repeat(200);
    for message in [
        "nonsense".to_owned(),
        "[]".into(),
        "{}".into(),
        json!({ "type": 1 }).to_string(),
        json!({ "type": "next", "id": "a", "payload": {} }).to_string(),
        json!({ "type": format!("start{}", "x".repeat(500)) }).to_string(),
        json!({ "type": "connection_init", "payload": "token" }).to_string(),
        json!({ "type": "ping", "payload": 1 }).to_string(),
        json!({ "type": "complete" }).to_string(),
        json!({ "type": "subscribe", "payload": { "query": "{ hello }" } }).to_string(),
        json!({ "type": "subscribe", "id": "", "payload": { "query": "{ hello }" } }).to_string(),
        json!({ "type": "subscribe", "id": long, "payload": { "query": "{ hello }" } }).to_string(),
        json!({ "type": "subscribe", "id": "a" }).to_string(),
        json!({ "type": "subscribe", "id": "a", "payload": {} }).to_string(),
        json!({ "type": "subscribe", "id": "a", "payload": { "query": 1 } }).to_string(),
        json!({ "type": "subscribe", "id": "a", "payload": { "query": "{ hello }", "variables": [] } }).to_string(),
        "[".repeat(10_000),
    ] {
        let mut socket = Socket::ready(&server).await;
        socket.0.send(Message::text(message.clone())).await.unwrap();
        let (code, reason) = socket.closed().await;
        assert!(code == 4400 && !reason.is_empty() && reason.len() <= 123, "{message}: {code} {reason}");
    }
    let mut socket = Socket::ready(&server).await;
    socket.0.send(Message::binary(json!({ "type": "ping" }).to_string())).await.unwrap();
    assert_eq!(socket.closed().await.0, 4400);
    server.lives().await;
}

#[tokio::test]
async fn each_breach_of_the_order_has_its_code() {
    let server = Server::with(|settings| settings.sockets.init_timeout = Duration::from_millis(50)).await;
    let socket = Socket::open(&server).await;
    assert_eq!(socket.closed().await, (4408, "Connection initialisation timeout".into()));
    let mut socket = Socket::open(&server).await;
    socket.subscribe("a", "{ hello }").await;
    assert_eq!(socket.closed().await, (4401, "Unauthorized".into()));
    let mut socket = Socket::ready(&server).await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.closed().await, (4429, "Too many initialisation requests".into()));
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("a", "subscription { quiet }").await;
    socket.subscribe("a", "{ hello }").await;
    assert_eq!(socket.closed().await, (4409, "Subscriber for a already exists".into()));
}

#[tokio::test]
async fn a_missing_or_wrong_credential_is_forbidden() {
    let server = Server::start().await;
    for payload in [json!(null), json!({}), json!({ "authorization": "Bearer no" }), json!({ "authorization": 1 })] {
        let mut socket = Socket::open(&server).await;
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.closed().await, (4403, "Forbidden".into()));
    }
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    assert_eq!(upgrade(&server, &[protocol, ("authorization", "Bearer no")]).await.err(), Some(401));
    let mut socket = upgrade(&server, &[protocol, ("authorization", "Bearer token-eve")]).await.unwrap();
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    socket.subscribe("a", "{ who }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["who"], "eve");
}

#[tokio::test]
async fn only_one_subprotocol_is_spoken() {
    let server = Server::start().await;
    let mut both = upgrade(&server, &[("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")]).await.unwrap();
    both.say(json!({ "type": "ping" })).await;
    assert_eq!(both.hear().await["type"], "pong");
    let none = upgrade(&server, &[]).await.unwrap();
    assert_eq!(none.closed().await, (4406, "Subprotocol not acceptable".into()));
}

#[tokio::test]
async fn a_foreign_page_cannot_open_a_socket() {
    let server = Server::start().await;
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    assert_eq!(upgrade(&server, &[protocol, ("origin", "https://evil.example")]).await.err(), Some(403));
}

#[tokio::test]
async fn complete_from_the_client_stops_the_operation_and_frees_its_id() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("a", "subscription { endless }").await;
    assert_eq!(socket.hear().await["type"], "next");
    socket.say(json!({ "type": "complete", "id": "a" })).await;
    socket.say(json!({ "type": "complete", "id": "never" })).await;
    socket.subscribe("b", "{ hello }").await;
    while socket.hear().await["id"] != "b" {}
    while server.world.streams_open.load(SeqCst) != 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    socket.subscribe("a", "{ hello }").await;
    let answers = [socket.hear().await, socket.hear().await, socket.hear().await];
    assert!(answers.iter().any(|answer| answer["payload"]["data"]["hello"] == "hello you"), "{answers:?}");
}
