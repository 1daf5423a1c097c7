//! What operators and tools ask: alive, ready, counters, the contract.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Wire;
use super::closing::Closing;

/// `/livez`: the process answers.
pub(super) async fn livez() -> &'static str {
    "alive\n"
}

/// `/readyz`: requests can be served. Off as soon as the server begins to drain.
pub(super) async fn readyz(State(wire): State<Arc<Wire>>, request: Request) -> Response {
    let draining = Closing::of(request.extensions()).is_draining();
    if draining {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n").into_response();
    }
    match wire.gateway.ready().await {
        true => "ready\n".into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

/// `/metrics`, for Prometheus.
pub(super) async fn metrics(State(wire): State<Arc<Wire>>) -> Response {
    let text = wire.metrics.render() + &wire.gateway.metrics().await;
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// `/schema.graphql`: the contract, as introspection would tell it.
pub(super) async fn schema(State(wire): State<Arc<Wire>>) -> Response {
    let kind = HeaderValue::from_static("application/graphql; charset=utf-8");
    let age = HeaderValue::from_static("public, max-age=60");
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, age)];
    (headers, wire.sdl.clone()).into_response()
}
