//! graphql-transport-ws, message by message, on a raw socket.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Server, attacks, leaks_nothing, limits};

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

async fn upgrade(server: &Server, headers: &[(&'static str, &str)]) -> Result<Socket, u16> {
    let mut request = format!("ws://{}/graphql", server.address).into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(Socket(socket)),
        Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
        Err(tungstenite::Error::Protocol(_)) => Err(0),
        Err(error) => panic!("{error}"),
    }
}

impl Socket {
    /// Not yet initialised.
    async fn open(server: &Server) -> Self {
        upgrade(server, &[("sec-websocket-protocol", "graphql-transport-ws")]).await.unwrap()
    }

    async fn ready(server: &Server) -> Self {
        Self::of(server, "token-ada").await
    }

    async fn of(server: &Server, token: &str) -> Self {
        let mut socket = Self::open(server).await;
        let payload = json!({ "authorization": format!("Bearer {token}") });
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    async fn hear(&mut self) -> Value {
        match self.next().await {
            Ok(message) => message,
            Err(close) => panic!("closed with {close:?}"),
        }
    }

    async fn next(&mut self) -> Result<Value, (u16, String)> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => {
                    leaks_nothing(&text);
                    return Ok(serde_json::from_str(&text).unwrap());
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Err((frame.code.into(), frame.reason.to_string()));
                }
                Some(Ok(_)) => {}
                other => return Err((1006, format!("{other:?}"))),
            }
        }
    }

    async fn closed(mut self) -> (u16, String) {
        loop {
            if let Err(close) = self.next().await {
                return close;
            }
        }
    }
}

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
