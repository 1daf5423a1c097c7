//! Conversations that no client would hold: the socket answers or closes with a code of the protocol, and the server lives.

use std::time::Duration;

use futures_util::SinkExt;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::Socket;
use crate::http::Server;

const CONVERSATIONS: usize = 60;
/// Longer than any answer takes: a socket that says nothing for so long, not even to a ping, hangs.
const HANGS_AFTER: Duration = Duration::from_secs(20);
const CODES: [u16; 8] = [1002, 1007, 4400, 4401, 4403, 4409, 4429, 1009];

fn message() -> impl Strategy<Value = Message> {
    let token = json!({ "authorization": "Bearer token-ada" });
    let queries =
        ["{ hello }", "subscription { count(to: 2) }", "subscription { quiet }", "mutation { bump }", "{", "{ nosuch }"];
    let subscribe = (select(vec!["a", "b", "c", ""]), select(queries.to_vec()))
        .prop_map(|(id, query)| json!({ "type": "subscribe", "id": id, "payload": { "query": query } }));
    let plain = select(vec![
        json!({ "type": "connection_init", "payload": token }),
        json!({ "type": "ping" }),
        json!({ "type": "ping", "payload": { "a": [1] } }),
        json!({ "type": "pong" }),
        json!({ "type": "complete", "id": "a" }),
        json!({ "type": "complete", "id": "b" }),
        json!({ "type": "next", "id": "a", "payload": {} }),
        json!({ "type": "subscribe", "id": "a", "payload": { "query": null, "variables": 1 } }),
        json!({ "id": "a" }),
        Value::Null,
    ]);
    let text = |value: Value| Message::text(value.to_string());
    prop_oneof![
        12 => subscribe.prop_map(text),
        6 => plain.prop_map(text),
        1 => any::<String>().prop_map(Message::text),
        1 => vec(any::<u8>(), 0..20).prop_map(Message::binary),
        1 => vec(any::<u8>(), 0..20).prop_map(|bytes| Message::Ping(bytes.into())),
    ]
}

#[tokio::test]
async fn whatever_is_said_is_answered_or_closed_with_a_code() {
    let server = Server::start().await;
    let mut runner = TestRunner::default();
    for _ in 0..CONVERSATIONS {
        let said = vec(message(), 1..12).new_tree(&mut runner).unwrap().current();
        let mut socket = Socket::ready(&server).await;
        for message in &said {
            if socket.0.send(message.clone()).await.is_err() {
                break;
            }
        }
        let _ = socket.0.send(Message::text(json!({ "type": "ping", "payload": { "last": true } }).to_string())).await;
        let end = tokio::time::timeout(HANGS_AFTER, async {
            loop {
                match socket.next().await {
                    Ok(message) if message["payload"]["last"] == true => break None,
                    Ok(_) => {}
                    Err((code, _)) => break Some(code),
                }
            }
        });
        let end = end.await.unwrap_or_else(|_| panic!("it hangs after {said:?}"));
        assert!(end.is_none_or(|code| CODES.contains(&code)), "{end:?} after {said:?}");
    }
    server.lives().await;
}
