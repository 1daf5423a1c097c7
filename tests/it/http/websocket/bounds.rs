//! What a socket may hold, and when it ends.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use serde_json::json;

use super::Socket;
use crate::http::{Server, attacks, limits};

#[tokio::test]
async fn operations_of_a_socket_and_sockets_of_a_viewer_are_bounded() {
    let server = Server::with(|settings| {
        settings.sockets.operations_max = 1;
        settings.sockets.per_viewer_max = 1;
    })
    .await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("a", "subscription { quiet }").await;
    socket.subscribe("b", "subscription { quiet }").await;
    let answers = [socket.hear().await, socket.hear().await];
    let refused = answers.iter().find(|answer| answer["id"] == "b").unwrap();
    assert_eq!(refused["payload"][0]["extensions"]["code"], "TOO_MANY_AT_ONCE");
    let mut second = Socket::open(&server).await;
    second.say(json!({ "type": "connection_init", "payload": { "authorization": "Bearer token-ada" } })).await;
    assert_eq!(second.closed().await.0, 1013);
    Socket::of(&server, "token-eve").await;
    drop(socket);
}

#[tokio::test]
async fn a_message_above_its_bound_closes_with_1009() {
    let server = Server::with(|settings| settings.sockets.message_bytes_max = 10_000).await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("a", &" ".repeat(20_000)).await;
    assert_eq!(socket.closed().await.0, 1009);
    server.lives().await;
}

#[tokio::test]
async fn a_client_that_does_not_answer_pings_is_dropped() {
    let server = Server::with(|settings| settings.sockets.ping_interval = Duration::from_millis(50)).await;
    let mut socket = Socket::ready(&server).await;
    // Reading answers pings; the connection stays.
    let quiet = tokio::time::timeout(Duration::from_millis(300), socket.next()).await;
    assert!(quiet.is_err(), "{quiet:?}");
    // A client that does not read does not answer.
    socket.subscribe("a", "subscription { quiet }").await;
    while server.world.streams_open.load(SeqCst) != 1 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    while server.world.streams_open.load(SeqCst) != 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_expired_or_revoked_credential_closes_the_socket() {
    let server = Server::with(|settings| settings.revalidate_interval = Duration::from_millis(20)).await;
    let socket = Socket::of(&server, "short-bob").await;
    assert_eq!(socket.closed().await.0, 4403);
    let socket = Socket::ready(&server).await;
    server.world.revoked.store(true, SeqCst);
    assert_eq!(socket.closed().await.0, 4403);
}

#[tokio::test]
async fn the_end_of_the_server_tells_sockets_to_come_back() {
    let mut server = Server::start().await;
    let socket = Socket::ready(&server).await;
    server.shutdown.cancel();
    assert_eq!(socket.closed().await, (1012, "Service restart".into()));
    (&mut server.ended).await.unwrap().unwrap();
}

#[tokio::test]
async fn limits_and_attacks_meet_the_same_refusals_as_by_post() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    for (limit, payload) in limits::beyond() {
        socket.say(json!({ "id": "a", "type": "subscribe", "payload": payload })).await;
        let message = socket.hear().await;
        assert_eq!((&message["type"], &message["payload"][0]["extensions"]["limit"]), (&json!("error"), &json!(limit)));
    }
    for (name, document) in attacks::documents() {
        socket.subscribe("a", &document).await;
        assert_eq!(socket.hear().await["type"], "error", "{name}");
    }
    server.lives().await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_holds_its_source_back_and_is_dropped() {
    let server = Server::with(|settings| settings.sockets.send_timeout = Duration::from_millis(100)).await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("a", "subscription { endless }").await;
    assert_eq!(socket.hear().await["type"], "next");
    // Nothing is read any more: buffers fill, then the socket is dropped and its source with it.
    while server.world.streams_open.load(SeqCst) != 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.lives().await;
}
