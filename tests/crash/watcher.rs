//! Clients that watch: over WebSocket or server-sent events, at one server after another, each time from the last cursor.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, Stream, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::api::uuid_of;
use crate::documents::WATCH;
use crate::journal::{Seen, Watch};
use crate::random::Random;

/// A wire that is silent for so long is given up.
const SILENCE: Duration = Duration::from_secs(8);
/// Before the next connection.
const PAUSE: Duration = Duration::from_millis(200);

/// How the events come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    WebSocket,
    ServerSentEvents,
}

/// One watcher.
pub struct Watcher {
    pub road: Road,
    pub token: String,
    pub servers: Vec<SocketAddr>,
    pub random: Random,
    /// What it saw, for all to look at.
    pub watch: Arc<Mutex<Watch>>,
    /// Where to go on; `None` until the first event.
    pub cursor: Option<String>,
}

impl Watcher {
    /// Watches until it is dropped.
    pub async fn follow(mut self) {
        loop {
            let server = self.servers[self.random.below(self.servers.len())];
            self.watch.lock().unwrap().connections += 1;
            match self.road {
                Road::WebSocket => self.by_socket(server).await,
                Road::ServerSentEvents => self.by_events(server).await,
            };
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn operation(&self) -> Value {
        let filter = self.watch.lock().unwrap().filter.clone();
        let mut wanted = json!({});
        if filter.only_status_changes {
            wanted["onlyStatusChanges"] = json!(true);
        }
        if !filter.kinds.is_empty() {
            wanted["kinds"] = json!(filter.kinds);
        }
        json!({ "query": WATCH, "variables": { "after": self.cursor, "filter": wanted } })
    }

    /// Takes a result; `None` if the stream cannot be trusted to go on, as with an event that could not be read whole.
    fn take(&mut self, result: &Value) -> Option<()> {
        let event = &result["data"]["claimEvents"];
        if result.get("errors").is_some() || event.is_null() {
            return None;
        }
        let seen = Seen {
            claim: uuid_of(event["claim"]["id"].as_str()?)?,
            seq: i32::try_from(event["entry"]["sequence"].as_i64()?).ok()?,
            kind: event["kind"].as_str()?.to_owned(),
        };
        self.cursor = Some(event["cursor"].as_str()?.to_owned());
        self.watch.lock().unwrap().seen.push(seen);
        Some(())
    }

    async fn by_socket(&mut self, server: SocketAddr) -> Option<()> {
        let mut socket = heard(self.open(server)).await??;
        let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {}", self.token) } });
        say(&mut socket, &init).await?;
        let subscribe = json!({ "id": "1", "type": "subscribe", "payload": self.operation() });
        loop {
            let message = heard(socket.next()).await??.ok()?;
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).ok()?;
            match message["type"].as_str()? {
                "connection_ack" => say(&mut socket, &subscribe).await?,
                "ping" => say(&mut socket, &json!({ "type": "pong" })).await?,
                "next" => self.take(&message["payload"])?,
                _ => return None,
            }
        }
    }

    async fn open(&self, server: SocketAddr) -> Option<WebSocketStream<TcpStream>> {
        let stream = TcpStream::connect(server).await.ok()?;
        let mut request = format!("ws://{server}/graphql").into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        tokio_tungstenite::client_async(request, stream).await.ok().map(|(socket, _)| socket)
    }

    async fn by_events(&mut self, server: SocketAddr) -> Option<()> {
        let request = reqwest::Client::builder().no_proxy().build().unwrap().post(format!("http://{server}/graphql"));
        let request = request.bearer_auth(&self.token).header("accept", "text/event-stream").json(&self.operation());
        let response = heard(request.send()).await?.ok()?;
        if !response.status().is_success() {
            return None;
        }
        let mut lines = Lines { bytes: Box::pin(response.bytes_stream()), buffer: Vec::new() };
        let mut event = String::new();
        loop {
            let line = heard(lines.next()).await??;
            match line.split_once(": ") {
                Some(("event", kind)) => kind.clone_into(&mut event),
                Some(("data", data)) if event == "next" => self.take(&serde_json::from_str(data).ok()?)?,
                Some(("data", _)) => return None,
                _ => {}
            }
        }
    }
}

async fn heard<T>(something: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(SILENCE, something).await.ok()
}

async fn say(socket: &mut WebSocketStream<TcpStream>, message: &Value) -> Option<()> {
    heard(socket.send(Message::text(message.to_string()))).await?.ok()
}

/// The lines of a body.
struct Lines<S> {
    bytes: S,
    buffer: Vec<u8>,
}

impl<B: AsRef<[u8]>, E, S: Stream<Item = Result<B, E>> + Unpin> Lines<S> {
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                return String::from_utf8(line).ok().map(|line| line.trim_end().to_owned());
            }
            self.buffer.extend_from_slice(self.bytes.next().await?.ok()?.as_ref());
        }
    }
}
