//! One socket: a loop over what the client says, what its operations answer, and time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::time;
use tokio_util::task::AbortOnDropHandle;

use super::Closure;
use super::message::{self, Heard};
use super::operation::{Outbox, Outgoing, Reply, operate};
use crate::http::Wire;
use crate::http::admission::Slot;
use crate::http::closing::Closing;
use crate::http::error::{Code, Refusal};
use crate::http::events::CredentialWatch;
use crate::http::gateway::Caller;
use crate::http::graphql::authenticate;
use crate::http::operation::Meta;
use crate::http::params::Params;

/// Time for the client to answer a close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Ends the loop: with a close frame, or with none where nobody is there to read it.
type Step = Result<(), Option<Closure>>;

pub(super) struct Session {
    wire: Arc<Wire>,
    meta: Meta,
    closing: Closing,
    member: Option<Member>,
    running: HashMap<String, Running>,
    /// Tells an operation from an earlier one with the same id.
    generation: u64,
    /// Whether anything came since the last ping.
    heard: bool,
}

/// Who opened the connection, once acknowledged.
struct Member {
    caller: Arc<dyn Caller>,
    watch: CredentialWatch,
    _slot: Slot,
}

struct Running {
    generation: u64,
    _task: AbortOnDropHandle<()>,
}

impl Session {
    pub(super) fn new(wire: Arc<Wire>, meta: Meta, closing: Closing) -> Self {
        Self { wire, meta, closing, member: None, running: HashMap::new(), generation: 0, heard: true }
    }

    /// Serves the socket to its end. `caller` is known where the upgrade carried a credential.
    pub(super) async fn run(mut self, mut socket: WebSocket, caller: Option<Arc<dyn Caller>>, spoken: bool) {
        let end = if spoken {
            self.converse(&mut socket, caller).await
        } else {
            Err(Some(Closure::new(Closure::SUBPROTOCOL, "Subprotocol not acceptable")))
        };
        self.running.clear();
        if let Err(Some(closure)) = end {
            // The client must take the frame out of its buffer before the connection goes, or it never sees the code.
            let close = async {
                if socket.send(Message::Close(Some(closure.frame()))).await.is_ok() {
                    while let Some(Ok(_)) = socket.recv().await {}
                }
            };
            let _ = time::timeout(CLOSE_TIMEOUT, close).await;
        }
    }

    async fn converse(&mut self, socket: &mut WebSocket, known: Option<Arc<dyn Caller>>) -> Step {
        let settings = self.wire.settings.sockets.clone();
        let (outbox, mut outgoing): (Outbox, _) = mpsc::channel(settings.outbox_messages);
        let init = time::sleep(settings.init_timeout);
        let closing = self.closing.clone();
        // Once for the socket's whole life: all sockets wait for the same end.
        let closed = closing.closed();
        tokio::pin!(init, closed);
        let mut ping = time::interval_at(time::Instant::now() + settings.ping_interval, settings.ping_interval);
        loop {
            tokio::select! {
                () = &mut closed => {
                    return Err(Some(Closure::new(Closure::SERVICE_RESTART, "Service restart")));
                }
                () = &mut init, if self.member.is_none() => {
                    return Err(Some(Closure::new(Closure::INIT_TIMEOUT, "Connection initialisation timeout")));
                }
                () = credential_ended(self.member.as_ref()) => {
                    return Err(Some(Closure::new(Closure::FORBIDDEN, "Forbidden: the credential does not hold any more")));
                }
                _ = ping.tick() => self.ping(socket).await?,
                Some(message) = outgoing.recv() => self.deliver(socket, *message).await?,
                heard = socket.recv() => self.hear(socket, heard, known.as_ref(), &outbox).await?,
            }
        }
    }

    /// Asks for a sign of life, if there was one since it was last asked.
    async fn ping(&mut self, socket: &mut WebSocket) -> Step {
        if !std::mem::take(&mut self.heard) {
            return Err(None);
        }
        self.send(socket, Message::Ping(Vec::new().into())).await
    }

    async fn deliver(&mut self, socket: &mut WebSocket, message: Outgoing) -> Step {
        let current = self.running.get(&message.id);
        // The client completed this operation, and may have begun another under its id.
        if current.is_none_or(|running| running.generation != message.generation) {
            return Ok(());
        }
        if message.last {
            self.running.remove(&message.id);
        }
        self.send(socket, Message::Text(message.text.into())).await
    }

    async fn send(&self, socket: &mut WebSocket, message: Message) -> Step {
        match time::timeout(self.wire.settings.sockets.send_timeout, socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(None),
        }
    }

    async fn hear(
        &mut self,
        socket: &mut WebSocket,
        heard: Option<Result<Message, axum::Error>>,
        known: Option<&Arc<dyn Caller>>,
        outbox: &Outbox,
    ) -> Step {
        self.heard = true;
        let text = match heard {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Binary(_))) => return bad("Binary messages are not supported"),
            Some(Ok(Message::Close(_))) | None => {
                return Err(Some(Closure::new(Closure::NORMAL, "")));
            }
            Some(Err(error)) => return Err(transport_closure(&error.to_string())),
        };
        match Heard::parse(&text, self.wire.settings.sockets.id_bytes_max) {
            Ok(Heard::Init(payload)) => self.init(socket, &payload, known).await,
            Ok(Heard::Ping(payload)) => {
                let pong = message::pong(payload);
                self.send(socket, Message::Text(pong.into())).await
            }
            Ok(Heard::Pong) => Ok(()),
            Ok(Heard::Subscribe { id, payload }) => self.subscribe(socket, id, payload, outbox).await,
            Ok(Heard::Complete { id }) => {
                self.running.remove(&id);
                Ok(())
            }
            Err(reason) => bad(reason),
        }
    }

    async fn init(&mut self, socket: &mut WebSocket, payload: &Map<String, Value>, known: Option<&Arc<dyn Caller>>) -> Step {
        if self.member.is_some() {
            let reason = "Too many initialisation requests";
            return Err(Some(Closure::new(Closure::TOO_MANY_INITS, reason)));
        }
        let caller = match (known, token(payload)) {
            (Some(caller), None) => caller.clone(),
            (_, token) => authenticate(&self.wire, token).await.map_err(|refusal| Some(refused(&refusal)))?,
        };
        let slot = self.wire.sockets.take(&caller.limit_key());
        let slot = slot.map_err(|refusal| Some(refused(&refusal)))?;
        let watch = CredentialWatch::new(caller.clone(), self.wire.settings.revalidate_interval);
        self.member = Some(Member { caller, watch, _slot: slot });
        self.send(socket, Message::Text(message::ack().into())).await
    }

    async fn subscribe(&mut self, socket: &mut WebSocket, id: String, payload: Value, outbox: &Outbox) -> Step {
        let Some(member) = &self.member else {
            return Err(Some(Closure::new(Closure::UNAUTHORIZED, "Unauthorized")));
        };
        if self.running.contains_key(&id) {
            let reason = format!("Subscriber for {id} already exists");
            return Err(Some(Closure::new(Closure::DUPLICATE_ID, reason)));
        }
        let params = match Params::from_value(payload, &self.wire.settings.limits) {
            Ok(params) if !params.names_a_document() => {
                return bad("Payload of subscribe must have a query");
            }
            Err(refusal) if refusal.code == Code::BadRequest => return bad(refusal.message),
            params => params.and_then(|params| self.has_room().map(|()| params)),
        };
        self.generation += 1;
        let generation = self.generation;
        let meta = self.meta.of_operation(generation);
        let params = match params {
            Ok(params) => params,
            Err(refusal) => {
                self.wire.metrics.refusal(refusal.code.as_str());
                let error = message::error(&id, &[refusal.to_server_error(meta.id())]);
                return self.send(socket, Message::Text(error.into())).await;
            }
        };
        let reply = Reply { id: id.clone(), generation, outbox: outbox.clone() };
        let work = operate(self.wire.clone(), meta, member.caller.clone(), params, reply);
        let task = AbortOnDropHandle::new(tokio::spawn(work));
        self.running.insert(id, Running { generation, _task: task });
        Ok(())
    }

    fn has_room(&self) -> Result<(), Refusal> {
        let maximum = self.wire.settings.sockets.operations_max;
        if self.running.len() < maximum {
            return Ok(());
        }
        let message = format!("The limit of operations in one socket is {maximum}.");
        Err(Refusal::new(Code::TooManyAtOnce, message).fact("limit", "operations_per_socket").fact("maximum", maximum as u64))
    }
}

async fn credential_ended(member: Option<&Member>) {
    match member {
        Some(member) => member.watch.ended().await,
        None => std::future::pending().await,
    }
}

/// The credential in `connection_init`: `{ "authorization": "Bearer …" }`.
fn token(payload: &Map<String, Value>) -> Option<&str> {
    let authorization = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let text = authorization?.1.as_str()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn refused(refusal: &Refusal) -> Closure {
    match refusal.code {
        Code::Unauthenticated => Closure::new(Closure::FORBIDDEN, "Forbidden"),
        _ => Closure::new(Closure::TRY_AGAIN_LATER, refusal.message.clone()),
    }
}

fn bad(reason: impl Into<String>) -> Step {
    Err(Some(Closure::new(Closure::BAD_REQUEST, reason)))
}

/// What the WebSocket library found wrong; it says so only in words.
fn transport_closure(error: &str) -> Option<Closure> {
    let error = error.to_ascii_lowercase();
    let (code, reason) = if error.contains("too long") || error.contains("space limit") {
        (Closure::TOO_LARGE, "Message is too large")
    } else if error.contains("utf-8") {
        (Closure::NOT_UTF8, "Message is not UTF-8")
    } else if error.contains("protocol") {
        (Closure::PROTOCOL_ERROR, "Protocol error")
    } else {
        return None;
    };
    Some(Closure::new(code, reason))
}
