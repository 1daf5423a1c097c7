//! The results of one operation, one after another, for transports that stream: WebSocket, server-sent events, multipart.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, ServerError, Value};
use chrono::Utc;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt, stream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::Wire;
use super::admission::Slot;
use super::error::Refusal;
use super::gateway::Caller;
use super::metrics::Counted;
use super::operation::{Admitted, Meta, admit, execute, internal};
use super::params::Params;
use super::response::{is_request_error, mask};
use crate::graphql::live::{Answer, Telling};

/// What happens in an operation. After `Failed`, and after the last, it is over.
pub(super) enum Event {
    /// A result; the cursor of a live event goes with it.
    Next(Telling),
    /// It did not start, or its source ended with an error.
    Failed(Vec<ServerError>),
}

/// A running operation of any kind. Dropping it stops it.
pub(super) struct Events {
    wire: Arc<Wire>,
    meta: Meta,
    kind: OperationType,
    source: BoxStream<'static, Result<Telling, Refusal>>,
    over: bool,
    _slot: Slot,
    _counted: Option<Counted>,
}

impl Events {
    /// Checks and starts an operation.
    pub(super) fn begin(wire: &Arc<Wire>, params: Params, caller: &dyn Caller, meta: &Meta) -> Result<Self, Refusal> {
        Ok(Self::start(wire, admit(wire, params, caller, meta)?, meta))
    }

    /// Starts an operation that was admitted.
    pub(super) fn start(wire: &Arc<Wire>, admitted: Admitted, meta: &Meta) -> Self {
        let (prepared, meta) = (admitted.prepared, meta.clone());
        let kind = prepared.kind;
        let live = kind == OperationType::Subscription;
        let source = if live {
            wire.gateway.execute_stream(prepared.request).map(Ok).boxed()
        } else {
            let (wire, meta) = (wire.clone(), meta.clone());
            stream::once(async move { execute(&wire, prepared, &meta).await.map(Telling::from) }).boxed()
        };
        Self {
            wire: wire.clone(),
            meta,
            kind,
            source,
            over: false,
            _slot: admitted.slot,
            _counted: live.then(|| wire.metrics.subscriptions.enter()),
        }
    }

    /// The next event. May be dropped while it waits without losing one.
    pub(super) async fn next(&mut self) -> Option<Event> {
        if self.over {
            return None;
        }
        let event = match AssertUnwindSafe(self.source.next()).catch_unwind().await {
            Ok(None) => return None,
            Ok(Some(Ok(telling))) => self.judge(telling),
            Ok(Some(Err(refusal))) => self.fail(&refusal),
            Err(_) => self.fail(&internal()),
        };
        self.over = matches!(event, Event::Failed(_));
        Some(event)
    }

    fn fail(&self, refusal: &Refusal) -> Event {
        Event::Failed(vec![refusal.to_server_error(self.meta.id())])
    }

    fn judge(&self, telling: Telling) -> Event {
        let answer = match telling.answer {
            Answer::Shared(_) => return Event::Next(telling),
            Answer::Own(answer) => *answer,
        };
        let live = self.kind == OperationType::Subscription;
        let answer = if live { mask(&self.wire, answer, &self.meta) } else { answer };
        if is_request_error(&answer) || (live && source_failed(&answer)) {
            return Event::Failed(answer.errors);
        }
        let cursor = telling.cursor.or_else(|| if live { cursor(&answer.data) } else { None });
        Event::Next(Telling { answer: Answer::Own(Box::new(answer)), cursor })
    }
}

/// Whether the source itself failed: the error is the root field's own, not that of a field in one event.
fn source_failed(answer: &Response) -> bool {
    let roots = || answer.errors.iter().all(|error| error.path.len() <= 1);
    answer.data == Value::Null && !answer.errors.is_empty() && roots()
}

/// `cursor` directly under the root field, where a client selected it.
fn cursor(data: &Value) -> Option<String> {
    let Value::Object(roots) = data else {
        return None;
    };
    match roots.values().next()? {
        Value::Object(event) => match event.get("cursor")? {
            Value::String(cursor) if !cursor.contains(['\n', '\r', '\0']) => Some(cursor.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// Watches whether a credential still holds, for as long as it is kept: what ended is noticed within one and a half intervals.
pub(super) struct CredentialWatch {
    ended: CancellationToken,
    _task: AbortOnDropHandle<()>,
}

impl CredentialWatch {
    pub(super) fn new(caller: Arc<dyn Caller>, interval: Duration) -> Self {
        let ended = CancellationToken::new();
        let token = ended.clone();
        let watch = async move {
            loop {
                let left = caller.expires_at().map(|at| (at - Utc::now()).to_std().unwrap_or_default());
                tokio::time::sleep(left.map_or(interval, |left| left.min(interval))).await;
                let expired = caller.expires_at().is_some_and(|at| at <= Utc::now());
                if expired || !caller.still_holds(interval / 2).await {
                    return token.cancel();
                }
            }
        };
        Self { ended, _task: AbortOnDropHandle::new(tokio::spawn(watch)) }
    }

    /// Waits until the credential does not hold any more.
    pub(super) async fn ended(&self) {
        self.ended.cancelled().await;
    }
}
