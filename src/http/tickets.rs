//! Tickets for `EventSource`, which cannot send a header: whoever holds a credential gets one by POST and opens one
//! stream with it, `GET /graphql?ticket=…&query=…`, within seconds. A ticket that was seen by others, in a log or a
//! history, is worth nothing any more.
//!
//! Tickets live in this process. Behind a balancer without affinity a ticket may reach another process, which answers
//! 401; the client asks for the next one, as it does after every break of its stream.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;

use super::error::{Code, Refusal};
use super::gateway::Caller;

/// How long a ticket can be used.
const LIFE: Duration = Duration::from_secs(30);
/// Tickets of the whole process that wait to be used.
const WAITING_MAX: usize = 10_000;

/// The tickets that wait to be used.
#[derive(Default)]
pub(super) struct Tickets(Mutex<HashMap<String, Waiting>>);

struct Waiting {
    caller: Arc<dyn Caller>,
    until: Instant,
}

impl Tickets {
    /// Makes one for a caller.
    ///
    /// # Errors
    /// `UNAVAILABLE` when too many wait.
    pub(super) fn issue(&self, caller: Arc<dyn Caller>) -> Result<Response, Refusal> {
        let now = Instant::now();
        let mut waiting = self.waiting();
        if waiting.len() >= WAITING_MAX {
            waiting.retain(|_, each| each.until > now);
        }
        if waiting.len() >= WAITING_MAX {
            return Err(Refusal::new(Code::Unavailable, "Too many tickets wait to be used."));
        }
        // Two random UUIDs hold 244 bits of the system's randomness.
        let ticket = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        waiting.insert(ticket.clone(), Waiting { caller, until: now + LIFE });
        let body = json!({ "ticket": ticket, "expiresInSeconds": LIFE.as_secs() }).to_string();
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        Ok((StatusCode::CREATED, headers, body).into_response())
    }

    /// Takes a ticket, which is then gone. The credential behind it is asked about again.
    pub(super) async fn redeem(&self, ticket: &str) -> Option<Arc<dyn Caller>> {
        let Waiting { caller, until } = self.waiting().remove(ticket)?;
        (until > Instant::now() && caller.revalidate().await).then_some(caller)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<String, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
