//! Stand-in for the real room: replaced at merge (the two types at the bottom are wanted by `http`).
use crate::{app::App, auth::viewer::Viewer};
use std::sync::Arc;

/// Adds what resolvers need.
pub fn attach(
    request: async_graphql::Request,
    app: &App,
    viewer: Arc<Viewer>,
    request_id: RequestId,
    locale: Option<String>,
) -> async_graphql::Request {
    request.data(app.clone()).data(viewer).data(request_id).data(locale)
}

/// Names one request in logs, headers and errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub Arc<str>);

/// Where a stream is to go on, from a `Last-Event-ID` header: stands in for a subscription's `after` when that is null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumeCursor(pub String);
