//! Around every request: its id, the trace it belongs to, one line in the log, and the counters.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use super::media::Media;
use super::operation::internal;
use super::{Wire, response};
use crate::graphql::context::RequestId;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// Routes that are asked by machines.
const PROBES: [&str; 3] = ["/livez", "/readyz", "/metrics"];
/// Bytes of a request id that is taken from a client.
const REQUEST_ID_BYTES_MAX: usize = 64;

/// Names the request, runs it, and tells the log and the counters. The log has neither query strings nor headers: they
/// may hold what is nobody's business.
pub(super) async fn observe(State(wire): State<Arc<Wire>>, mut request: Request, next: Next) -> Response {
    let (started, _counted) = (Instant::now(), wire.metrics.in_flight.enter());
    let id = request_id(request.headers());
    let trace = Trace::of(request.headers());
    // The route, not the path: an upload's address is a secret.
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let quiet = PROBES.contains(&route.as_str());
    let method = request.method().clone();
    let span = tracing::info_span!("request", id = %id.0, trace = %trace.id, %method, route);
    request.extensions_mut().insert(id.clone());
    // The second line of defence: whatever runs an operation catches panics itself.
    let run = AssertUnwindSafe(next.run(request).instrument(span.clone())).catch_unwind();
    let run = run.await;
    let mut response = run.unwrap_or_else(|_| response::refusal(&internal(), Media::GraphqlJson, &id.0));
    let status = response.status();
    wire.metrics.response(status);
    span.in_scope(|| {
        let milliseconds = started.elapsed().as_millis() as u64;
        // Probes come every few seconds for ever.
        match quiet {
            true => tracing::debug!(status = status.as_u16(), milliseconds, "answered"),
            false => tracing::info!(status = status.as_u16(), milliseconds, "answered"),
        }
    });
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(X_REQUEST_ID, value);
    }
    if let Ok(value) = HeaderValue::from_str(&trace.header()) {
        headers.insert(TRACEPARENT, value);
    }
    response
}

/// The client's own id where it is harmless, else a new one.
fn request_id(headers: &HeaderMap) -> RequestId {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let sent = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok());
    let sent = sent.filter(|id| (8..=REQUEST_ID_BYTES_MAX).contains(&id.len()));
    match sent.filter(|id| id.bytes().all(harmless)) {
        Some(id) => RequestId(id.into()),
        None => RequestId(Uuid::now_v7().to_string().into()),
    }
}

/// A W3C trace context.
struct Trace {
    /// 32 hexadecimal digits.
    id: String,
    /// Two hexadecimal digits.
    flags: String,
}

impl Trace {
    /// The caller's trace, or a new one that is not sampled.
    fn of(headers: &HeaderMap) -> Self {
        let sent = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok());
        sent.and_then(Self::parse).unwrap_or_else(|| Self { id: Uuid::new_v4().simple().to_string(), flags: "00".to_owned() })
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, id, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let hex = |part: &str, length| {
            let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            part.len() == length && part.bytes().all(digit)
        };
        let null = |part: &str| part.bytes().all(|byte| byte == b'0');
        let whole = hex(version, 2) && hex(id, 32) && hex(parent, 16) && hex(flags, 2);
        let valid = whole && version != "ff" && !null(id) && !null(parent);
        valid.then(|| Self { id: id.to_owned(), flags: flags.to_owned() })
    }

    /// The same trace with this request as the parent of what follows.
    fn header(&self) -> String {
        let own = Uuid::new_v4().simple().to_string();
        format!("00-{}-{}-{}", self.id, &own[..16], self.flags)
    }
}
