//! One operation, whichever road it came by: find the document, check, execute, mask.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response};
use axum::http::{HeaderMap, header};
use futures_util::FutureExt;
use tracing::Instrument;

use super::admission::Slot;
use super::error::{Code, Refusal};
use super::gateway::Caller;
use super::params::Params;
use super::response::mask;
use super::{Wire, limits};
use crate::graphql::context::{Budget, RequestId, ResumeCursor};

/// What is known of a request besides its parameters.
#[derive(Debug, Clone)]
pub(super) struct Meta {
    pub(super) request_id: RequestId,
    /// The first choice of `Accept-Language`.
    pub(super) locale: Option<String>,
    /// `Last-Event-ID`.
    pub(super) resume: Option<String>,
}

impl Meta {
    pub(super) fn new(request_id: RequestId, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let locale = text(header::ACCEPT_LANGUAGE.as_str())
            .and_then(|all| all.split([',', ';']).next())
            .map(str::trim)
            .filter(|first| !first.is_empty() && *first != "*" && first.len() <= 35);
        let resume = text("last-event-id").filter(|id| !id.is_empty());
        Self { request_id, locale: locale.map(str::to_owned), resume: resume.map(str::to_owned) }
    }

    /// The same for one operation of a socket: its own id, and nothing that a header said of streams.
    pub(super) fn of_operation(&self, number: u64) -> Self {
        let request_id = RequestId(format!("{}.{number}", self.id()).into());
        Self { request_id, locale: self.locale.clone(), resume: None }
    }

    pub(super) fn id(&self) -> &str {
        &self.request_id.0
    }
}

/// An operation that passed every check.
pub(super) struct Prepared {
    pub(super) request: Request,
    pub(super) kind: OperationType,
    pub(super) name: Option<String>,
    pub(super) cost: u64,
}

/// Checks an operation and makes the engine's request of it.
fn prepare(wire: &Wire, params: Params, caller: &dyn Caller, meta: &Meta) -> Result<Prepared, Refusal> {
    let document = wire.documents.find(&params)?;
    let checked = limits::check(
        &document.parsed,
        params.operation_name.as_deref(),
        &params.variables,
        &wire.settings.limits,
        wire.settings.introspection,
    )?;
    wire.inputs.check(&document.parsed, checked.name.as_deref(), &params.variables)?;
    let mut request = Request::new(document.source.clone()).variables(params.variables);
    request.operation_name = checked.name.clone();
    let mut parsed = document.parsed.clone();
    limits::subscription::open_root(&mut parsed, checked.name.as_deref());
    request.set_parsed_query(parsed);
    if let Some(cursor) = &meta.resume {
        request = request.data(ResumeCursor(cursor.clone()));
    }
    let request = caller.attach(request, meta.request_id.clone(), meta.locale.clone());
    Ok(Prepared { request, kind: checked.kind, name: checked.name, cost: checked.cost })
}

/// An operation that may run now: it holds its place and has paid.
pub(super) struct Admitted {
    pub(super) prepared: Prepared,
    pub(super) budget: Option<Budget>,
    pub(super) slot: Slot,
}

/// Prepares an operation, finds it a place among those of its viewer and takes its cost from the budget.
pub(super) fn admit(wire: &Wire, params: Params, caller: &dyn Caller, meta: &Meta) -> Result<Admitted, Refusal> {
    let mut prepared = prepare(wire, params, caller, meta)?;
    let key = caller.limit_key();
    let slot = match prepared.kind {
        OperationType::Subscription => wire.streams.take(&key)?,
        OperationType::Query | OperationType::Mutation => wire.requests.take(&key)?,
    };
    let budget = wire.budgets.spend(&key, prepared.cost)?;
    if let Some(budget) = budget {
        prepared.request = prepared.request.data(budget);
    }
    Ok(Admitted { prepared, budget, slot })
}

/// Runs a query or mutation within the time of a request. A panic in a resolver is our failure, and only this request's.
pub(super) async fn execute(wire: &Arc<Wire>, prepared: Prepared, meta: &Meta) -> Result<Response, Refusal> {
    let started = Instant::now();
    let name = prepared.name.as_deref();
    let span = tracing::info_span!("operation", kind = %prepared.kind, name = name.unwrap_or("anonymous"), cost = prepared.cost);
    let run = AssertUnwindSafe(wire.gateway.execute(prepared.request).instrument(span)).catch_unwind();
    let outcome = match tokio::time::timeout(wire.settings.request_timeout, run).await {
        Ok(Ok(response)) => Ok(mask(wire, response, meta)),
        Ok(Err(_)) => Err(internal()),
        Err(_) => Err(Refusal::new(Code::Timeout, "The request took too long and was stopped.")),
    };
    let (took, failed) = (started.elapsed(), outcome.as_ref().map_or(true, Response::is_err));
    wire.metrics.operation(prepared.kind, name, took, failed);
    let (operation, milliseconds) = (name.unwrap_or("anonymous"), took.as_millis() as u64);
    tracing::info!(request_id = meta.id(), operation, cost = prepared.cost, milliseconds, failed, "executed");
    outcome
}

/// The one line that stands for every failure of ours.
pub(super) fn internal() -> Refusal {
    Refusal::new(Code::Internal, "The server failed to answer. The request id finds the cause in its log.")
}
