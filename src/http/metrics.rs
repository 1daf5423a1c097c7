//! Counters in the text format of Prometheus, kept by hand: a handful of numbers needs no registry.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::http::StatusCode;

/// Upper bounds of the latency classes, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// Names of operations counted apart; clients choose names, so they must not grow our memory. The rest is `other`.
const OPERATION_NAMES_MAX: usize = 200;
/// Bytes of an operation name that is counted apart.
const OPERATION_NAME_BYTES_MAX: usize = 64;

/// What this layer counts.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    responses: Mutex<BTreeMap<u16, u64>>,
    refusals: Mutex<BTreeMap<&'static str, u64>>,
    operations: Mutex<BTreeMap<(&'static str, String), Latency>>,
    /// Open WebSockets.
    pub(super) sockets: Gauge,
    /// Running subscriptions, over any transport.
    pub(super) subscriptions: Gauge,
    /// Requests being answered.
    pub(super) in_flight: Gauge,
}

#[derive(Debug, Default, Clone, Copy)]
struct Latency {
    counts: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
    failed: u64,
}

/// A number of things that are open now.
#[derive(Debug, Default)]
pub(super) struct Gauge(std::sync::Arc<AtomicI64>);

/// One of them; dropping it counts it out.
#[derive(Debug)]
pub(super) struct Counted(std::sync::Arc<AtomicI64>);

impl Gauge {
    pub(super) fn enter(&self) -> Counted {
        self.0.fetch_add(1, Relaxed);
        Counted(self.0.clone())
    }

    pub(super) fn get(&self) -> i64 {
        self.0.load(Relaxed)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Metrics {
    pub(super) fn response(&self, status: StatusCode) {
        *lock(&self.responses).entry(status.as_u16()).or_default() += 1;
    }

    pub(super) fn refusal(&self, code: &'static str) {
        *lock(&self.refusals).entry(code).or_default() += 1;
    }

    pub(super) fn operation(&self, kind: OperationType, name: Option<&str>, took: Duration, failed: bool) {
        let kind = match kind {
            OperationType::Query => "query",
            OperationType::Mutation => "mutation",
            OperationType::Subscription => "subscription",
        };
        let name = name.filter(|name| name.len() <= OPERATION_NAME_BYTES_MAX);
        let mut key = (kind, name.unwrap_or("anonymous").to_owned());
        let mut operations = lock(&self.operations);
        if operations.len() >= OPERATION_NAMES_MAX && !operations.contains_key(&key) {
            key.1 = "other".to_owned();
        }
        let latency = operations.entry(key).or_default();
        let seconds = took.as_secs_f64();
        latency.count += 1;
        latency.seconds += seconds;
        latency.failed += u64::from(failed);
        for (count, bound) in latency.counts.iter_mut().zip(BUCKETS) {
            *count += u64::from(seconds <= bound);
        }
    }

    /// Everything, as Prometheus reads it.
    pub(super) fn render(&self) -> String {
        let mut text = String::new();
        for (name, help, gauge) in [
            ("cpor_http_requests_in_flight", "Requests being answered.", &self.in_flight),
            ("cpor_websockets_open", "Open WebSockets.", &self.sockets),
            ("cpor_subscriptions_open", "Running subscriptions.", &self.subscriptions),
        ] {
            head(&mut text, name, help, "gauge");
            line(&mut text, name, "", gauge.get());
        }
        let name = "cpor_http_responses_total";
        head(&mut text, name, "Responses by status.", "counter");
        for (status, count) in lock(&self.responses).iter() {
            line(&mut text, name, &format!("{{status=\"{status}\"}}"), count);
        }
        let name = "cpor_refusals_total";
        head(&mut text, name, "Refused requests by code.", "counter");
        for (code, count) in lock(&self.refusals).iter() {
            line(&mut text, name, &format!("{{code=\"{code}\"}}"), count);
        }
        self.render_operations(&mut text);
        text
    }

    fn render_operations(&self, text: &mut String) {
        let operations = lock(&self.operations).clone();
        let name = "cpor_graphql_operation_failures_total";
        head(text, name, "Operations answered with errors.", "counter");
        for ((kind, operation), latency) in &operations {
            let labels = format!("{{kind=\"{kind}\",operation=\"{operation}\"}}");
            line(text, name, &labels, latency.failed);
        }
        let name = "cpor_graphql_operation_seconds";
        head(text, name, "Time to execute an operation.", "histogram");
        for ((kind, operation), latency) in &operations {
            let labels = format!("kind=\"{kind}\",operation=\"{operation}\"");
            for (bound, count) in BUCKETS.iter().zip(latency.counts) {
                line(text, &format!("{name}_bucket"), &format!("{{{labels},le=\"{bound}\"}}"), count);
            }
            let count = latency.count;
            line(text, &format!("{name}_bucket"), &format!("{{{labels},le=\"+Inf\"}}"), count);
            line(text, &format!("{name}_sum"), &format!("{{{labels}}}"), latency.seconds);
            line(text, &format!("{name}_count"), &format!("{{{labels}}}"), count);
        }
    }
}

/// Begins a family of lines.
pub(super) fn head(text: &mut String, name: &str, help: &str, kind: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

/// One line; `labels` with their braces, or nothing.
pub(super) fn line(text: &mut String, name: &str, labels: &str, value: impl Display) {
    let _ = writeln!(text, "{name}{labels} {value}");
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
