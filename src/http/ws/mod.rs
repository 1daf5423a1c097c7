//! GraphQL over WebSocket, as the protocol `graphql-transport-ws` has it.

mod message;
mod operation;
mod session;

use std::sync::Arc;

use axum::extract::ws::CloseFrame;
use axum::extract::{FromRequestParts, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use self::session::Session;
use super::closing::Closing;
use super::error::{Code, Refusal};
use super::graphql::{authenticate, bearer};
use super::operation::Meta;
use super::{Wire, csrf};

/// The only subprotocol spoken. The older `graphql-ws` is not: no client in use needs it, and it has no close codes.
const PROTOCOL: &str = "graphql-transport-ws";
/// Bytes that the reason of a close frame may have.
const REASON_BYTES_MAX: usize = 123;

/// Why a socket is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closure {
    code: u16,
    reason: String,
}

impl Closure {
    const NORMAL: u16 = 1000;
    const PROTOCOL_ERROR: u16 = 1002;
    const NOT_UTF8: u16 = 1007;
    const TOO_LARGE: u16 = 1009;
    const SERVICE_RESTART: u16 = 1012;
    const TRY_AGAIN_LATER: u16 = 1013;
    const BAD_REQUEST: u16 = 4400;
    const UNAUTHORIZED: u16 = 4401;
    const FORBIDDEN: u16 = 4403;
    const SUBPROTOCOL: u16 = 4406;
    const INIT_TIMEOUT: u16 = 4408;
    const DUPLICATE_ID: u16 = 4409;
    const TOO_MANY_INITS: u16 = 4429;

    fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        // A longer one would be a broken frame, and the client would never see the code.
        let mut end = REASON_BYTES_MAX.min(reason.len());
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        reason.truncate(end);
        Self { code, reason }
    }

    fn frame(&self) -> CloseFrame {
        CloseFrame { code: self.code, reason: self.reason.as_str().into() }
    }
}

/// Whether a request wants to become a WebSocket.
pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE);
    upgrade.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Takes a request over as a WebSocket. A credential in its headers is checked here; browsers, which cannot send one,
/// give it in `connection_init`.
pub(super) async fn upgrade(wire: &Arc<Wire>, mut parts: Parts, meta: Meta, closing: Closing) -> Result<Response, Refusal> {
    csrf::check(&parts, &wire.settings)?;
    let caller = match bearer(&parts.headers)? {
        Some(token) => Some(authenticate(wire, Some(&token)).await?),
        None => None,
    };
    let settings = &wire.settings.sockets;
    if closing.is_draining() || wire.metrics.sockets.get() >= settings.total_max as i64 {
        return Err(Refusal::new(Code::Unavailable, "No more WebSockets are taken now."));
    }
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let upgrade = upgrade.map_err(|rejection| Refusal::new(Code::BadRequest, rejection.body_text()))?;
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .max_message_size(settings.message_bytes_max)
        .max_frame_size(settings.message_bytes_max)
        .read_buffer_size(settings.read_buffer_bytes)
        .write_buffer_size(settings.write_buffer_bytes);
    let spoken = upgrade.selected_protocol().is_some();
    let (wire, tracked, counted) = (wire.clone(), closing.track(), wire.metrics.sockets.enter());
    Ok(upgrade.on_upgrade(move |socket| async move {
        Session::new(wire, meta, closing).run(socket, caller, spoken).await;
        drop((tracked, counted));
    }))
}
