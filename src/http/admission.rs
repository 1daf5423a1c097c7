//! How much of the server one viewer may hold at a time, and how much cost may be spent over time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use chrono::Utc;

use super::error::{Code, Refusal};
use super::settings::BudgetSettings;
use crate::graphql::context::Budget;

/// Counts what each viewer holds of one kind of thing.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    what: &'static str,
    maximum: usize,
    held: Arc<Mutex<HashMap<String, usize>>>,
}

/// One thing held; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Slot {
    key: String,
    held: Arc<Mutex<HashMap<String, usize>>>,
}

impl Slots {
    pub(super) fn new(what: &'static str, maximum: usize) -> Self {
        let held = Arc::default();
        Self { what, maximum, held }
    }

    pub(super) fn take(&self, key: &str) -> Result<Slot, Refusal> {
        let mut held = lock(&self.held);
        let count = held.entry(key.to_owned()).or_default();
        if *count >= self.maximum {
            let (what, maximum) = (self.what, self.maximum as u64);
            let message = format!("The limit of {what} at the same time is {maximum}.");
            return Err(Refusal::new(Code::TooManyAtOnce, message)
                .fact("limit", what)
                .fact("maximum", maximum)
                .header(header::RETRY_AFTER, HeaderValue::from_static("1")));
        }
        *count += 1;
        let (key, held) = (key.to_owned(), self.held.clone());
        Ok(Slot { key, held })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut held = lock(&self.held);
        if let Some(count) = held.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.key);
            }
        }
    }
}

/// A budget of cost for each viewer: a bucket that fills with time.
#[derive(Debug)]
pub(super) struct Budgets {
    settings: BudgetSettings,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// Buckets kept before full ones are dropped, which lose nothing by it.
const BUCKETS_BEFORE_SWEEP: usize = 10_000;

impl Budgets {
    pub(super) fn new(settings: BudgetSettings) -> Self {
        let buckets = Mutex::default();
        Self { settings, buckets }
    }

    /// Spends the cost of an operation. `None` where budgets are switched off.
    ///
    /// # Errors
    /// `RATE_LIMITED` with the seconds until there is enough.
    pub(super) fn spend(&self, key: &str, cost: u64) -> Result<Option<Budget>, Refusal> {
        let limit = self.settings.cost_max;
        if limit == 0 {
            return Ok(None);
        }
        let (full, rate) = (limit as f64, self.settings.cost_per_second.max(1) as f64);
        // An operation above the whole budget could never run; the limit on cost is what bounds single operations.
        let charged = (cost as f64).min(full);
        let now = Instant::now();
        let refilled = |bucket: &Bucket| {
            let since = now.saturating_duration_since(bucket.at).as_secs_f64();
            (bucket.left + since * rate).min(full)
        };
        let mut buckets = lock(&self.buckets);
        if buckets.len() >= BUCKETS_BEFORE_SWEEP {
            buckets.retain(|_, bucket| refilled(bucket) < full);
        }
        let left = buckets.get(key).map_or(full, refilled);
        if left < charged {
            return Err(spent(limit, ((charged - left) / rate).ceil() as u64));
        }
        let left = left - charged;
        buckets.insert(key.to_owned(), Bucket { left, at: now });
        let reset_seconds = ((full - left) / rate).ceil() as u64;
        let reset_at = Utc::now() + Duration::from_secs(reset_seconds);
        Ok(Some(Budget { cost, limit, remaining: left as u64, reset_seconds, reset_at }))
    }
}

/// Tells a client what is left, as the IETF's draft on rate limits names it.
pub(super) fn write(budget: Budget, headers: &mut HeaderMap) {
    for (name, value) in
        [("ratelimit-limit", budget.limit), ("ratelimit-remaining", budget.remaining), ("ratelimit-reset", budget.reset_seconds)]
    {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}

fn spent(limit: u64, seconds: u64) -> Refusal {
    let message = format!("The budget is spent; enough of it is back in {seconds} s.");
    Refusal::new(Code::RateLimited, message)
        .fact("limit", "budget")
        .fact("maximum", limit)
        .fact("retryAfterSeconds", seconds)
        .header(header::RETRY_AFTER, HeaderValue::from(seconds))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
