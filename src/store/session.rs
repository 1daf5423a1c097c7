//! A connection of the server: how it is opened, and what is watched on it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use diesel::ConnectionError;
use diesel::connection::{DebugQuery, Instrumentation, InstrumentationEvent};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use tracing::Span;

use super::connect::{Address, IDLE_IN_TRANSACTION_TIMEOUT};

/// The role the server works as, if the migrations could create it: it owns nothing.
const SERVER_ROLE: &str = "cpor_server";

/// How connections are opened.
#[derive(Clone)]
pub(super) struct Session {
    /// Where the database is.
    pub(super) address: Address,
    /// The longest that one statement may take.
    pub(super) statement_timeout: Duration,
    /// Counts the statements of all connections.
    pub(super) statements: Arc<AtomicU64>,
}

/// How PostgreSQL plans what a connection prepares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plans {
    /// As it sees fit: anew for each run while that promises to pay.
    Auto,
    /// Once for all values: for what is read by key, where planning costs more than running and no value changes the plan.
    Generic,
}

impl Plans {
    /// The value of PostgreSQL's setting.
    fn mode(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Generic => "force_generic_plan",
        }
    }
}

impl Session {
    /// Opens a connection; the flag becomes true when it ends.
    ///
    /// # Errors
    /// [`ConnectionError`] if the database does not let us in.
    pub(super) async fn open(&self, plans: Plans) -> Result<(AsyncPgConnection, Arc<AtomicBool>), ConnectionError> {
        let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(error.to_string());
        let driven = self.address.connect().await.map_err(bad)?;
        driven
            .client
            .batch_execute(&format!(
                "SET statement_timeout = {}; SET idle_in_transaction_session_timeout = {}; SET plan_cache_mode = {};
                 SELECT set_config('role', rolname, false) FROM pg_roles
                 WHERE rolname = '{SERVER_ROLE}' AND pg_has_role(current_user, oid, 'MEMBER')",
                self.statement_timeout.as_millis(),
                IDLE_IN_TRANSACTION_TIMEOUT.as_millis(),
                plans.mode()
            ))
            .await
            .map_err(bad)?;
        let mut connection = AsyncPgConnection::try_from(driven.client).await?;
        let statements = Arc::clone(&self.statements);
        let is_closed = Arc::clone(&driven.is_closed);
        connection.set_instrumentation(Watch { statements, running: VecDeque::new(), is_closed });
        Ok((connection, driven.is_closed))
    }
}

/// Watches one connection: counts what is asked, and knows whether all was answered.
struct Watch {
    statements: Arc<AtomicU64>,
    /// Statements that were not answered yet, the first one first.
    running: VecDeque<Span>,
    is_closed: Arc<AtomicBool>,
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                self.statements.fetch_add(1, Ordering::Relaxed);
                self.running.push_back(statement_span(query));
            }
            InstrumentationEvent::FinishQuery { .. } => drop(self.running.pop_front()),
            _ => {}
        }
    }
}

/// The span of a statement, where somebody records it: its text, never the values bound to it.
fn statement_span(query: &dyn DebugQuery) -> Span {
    // What workers ask every moment belongs to nobody's trace.
    if Span::current().is_none() || !tracing::enabled!(tracing::Level::DEBUG) {
        return Span::none();
    }
    let with_values = query.to_string();
    let text = with_values.split(" -- binds:").next().unwrap_or_default();
    tracing::debug_span!("statement", sql = text)
}

/// Whether the next user may have the connection: it is open, and no statement of a dropped request still runs on it.
/// Costs no round trip, so a connection that broke just now is found by its user.
pub(super) fn is_reusable(connection: &mut AsyncPgConnection) -> bool {
    connection
        .instrumentation()
        .downcast_ref::<Watch>()
        .is_none_or(|watch| watch.running.is_empty() && !watch.is_closed.load(Ordering::Acquire))
}
