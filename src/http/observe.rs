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
use tracing::field::Empty;
use uuid::Uuid;

use super::media::Media;
use super::operation::internal;
use super::trace::{TRACEPARENT, Trace};
use super::{Wire, response};
use crate::graphql::context::RequestId;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Routes that are asked by machines.
const PROBES: [&str; 3] = ["/livez", "/readyz", "/metrics"];
/// Bytes of a request id that is taken from a client.
const REQUEST_ID_BYTES_MAX: usize = 64;

/// Names the request, runs it, and tells the log and the counters. The log has neither query strings nor headers: they
/// may hold what is nobody's business.
pub(super) async fn observe(State(wire): State<Arc<Wire>>, mut request: Request, next: Next) -> Response {
    let (started, _counted) = (Instant::now(), wire.metrics.in_flight.enter());
    let id = request_id(request.headers());
    // The route, not the path: an upload's address is a secret.
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let quiet = PROBES.contains(&route.as_str());
    let method = request.method().clone();
    let span = tracing::info_span!("request", id = %id.0, trace = Empty, %method, route, status = Empty);
    let trace = Trace::of(request.headers(), &span);
    span.record("trace", &trace.id);
    request.extensions_mut().insert(id.clone());
    // The second line of defence: whatever runs an operation catches panics itself.
    let run = AssertUnwindSafe(next.run(request).instrument(span.clone())).catch_unwind();
    let run = run.await;
    let mut response = run.unwrap_or_else(|_| response::refusal(&internal(), Media::GraphqlJson, &id.0));
    let status = response.status();
    wire.metrics.response(status);
    span.record("status", status.as_u16());
    span.in_scope(|| {
        let milliseconds = started.elapsed().as_millis() as u64;
        // Probes come every few seconds for ever.
        match quiet {
            true => tracing::debug!(milliseconds, "answered"),
            false => tracing::info!(milliseconds, "answered"),
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
