//! The measure of all: axum's WebSocket with small buffers, a broadcast channel a claim, and nothing else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::broadcast;

/// Bytes of each buffer of a socket.
const BUFFER_BYTES: usize = 4 * 1024;
/// Messages that a socket may lie behind.
const BACKLOG_MESSAGES: usize = 64;

#[derive(Clone, Default)]
struct Topics(Arc<Mutex<HashMap<String, broadcast::Sender<Utf8Bytes>>>>);

impl Topics {
    fn of(&self, claim: &str) -> broadcast::Sender<Utf8Bytes> {
        let mut topics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        topics.entry(claim.to_owned()).or_insert_with(|| broadcast::channel(BACKLOG_MESSAGES).0).clone()
    }
}

/// Serves until it is killed, at an address that it prints.
#[tokio::main]
pub async fn run() -> anyhow::Result<()> {
    let routes = Router::new().route("/graphql", get(upgrade)).route("/publish/{claim}", post(publish));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/", listener.local_addr()?);
    Ok(axum::serve(listener, routes.with_state(Topics::default())).await?)
}

/// Sends the body to whoever watches the claim.
async fn publish(State(topics): State<Topics>, Path(claim): Path<String>, text: String) -> &'static str {
    // Without subscribers there is nobody to tell.
    let _nobody = topics.of(&claim).send(text.into());
    "{}"
}

async fn upgrade(State(topics): State<Topics>, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade.protocols(["graphql-transport-ws"]).read_buffer_size(BUFFER_BYTES).write_buffer_size(BUFFER_BYTES);
    upgrade.on_upgrade(move |socket| async move {
        // A client that went away is no failure of the server's.
        let _gone = converse(socket, topics).await;
    })
}

async fn converse(mut socket: WebSocket, topics: Topics) -> anyhow::Result<()> {
    let mut heard = loop {
        let Some(message) = socket.recv().await else { return Ok(()) };
        let Message::Text(text) = message? else { continue };
        let message: Value = serde_json::from_str(&text)?;
        match message.pointer("/payload/variables/ids/0").and_then(Value::as_str) {
            Some(claim) => break topics.of(claim).subscribe(),
            None => socket.send(Message::text(r#"{"type":"connection_ack"}"#)).await?,
        }
    };
    loop {
        tokio::select! {
            text = heard.recv() => socket.send(Message::Text(text?)).await?,
            message = socket.recv() => if message.transpose()?.is_none() { return Ok(()) },
        }
    }
}
