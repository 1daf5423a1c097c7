//! The numbers of the application for `/metrics`: pools, feed, outbox, uploads, workers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio::sync::Mutex;

use super::metrics::{head, line};
use crate::app::{App, Gauges, Owed};

/// How long counted numbers are told again: whoever asks often does not count often.
const KEPT_FOR: Duration = Duration::from_secs(2);

/// The numbers as text, and when they were counted.
#[derive(Default)]
pub(super) struct Counted(Mutex<Option<(Instant, Arc<str>)>>);

impl Counted {
    /// The lines for `/metrics`.
    pub(super) async fn text(&self, app: &App) -> Arc<str> {
        let mut kept = self.0.lock().await;
        if let Some((_, text)) = kept.as_ref().filter(|(counted, _)| counted.elapsed() < KEPT_FOR) {
            return text.clone();
        }
        let text: Arc<str> = render(&app.gauges().await).into();
        *kept = Some((Instant::now(), text.clone()));
        text
    }
}

fn render(gauges: &Gauges) -> String {
    let mut text = String::new();
    let name = "cpor_pool_connections";
    head(&mut text, name, "Connections to the database, by pool: open and idle, open and used.", "gauge");
    for (pool, usage) in &gauges.pools {
        line(&mut text, name, &format!("{{pool=\"{pool}\",state=\"idle\"}}"), usage.idle);
        line(&mut text, name, &format!("{{pool=\"{pool}\",state=\"used\"}}"), usage.open.saturating_sub(usage.idle));
    }
    let name = "cpor_pool_connections_max";
    head(&mut text, name, "Connections that a pool may open.", "gauge");
    gauges.pools.iter().for_each(|(pool, usage)| line(&mut text, name, &format!("{{pool=\"{pool}\"}}"), usage.most));
    let name = "cpor_pool_waiting";
    head(&mut text, name, "Requests and workers that wait for a connection.", "gauge");
    gauges.pools.iter().for_each(|(pool, usage)| line(&mut text, name, &format!("{{pool=\"{pool}\"}}"), usage.waiting));
    for (name, help, kind, value) in [
        ("cpor_database_statements_total", "Statements sent.", "counter", gauges.statements),
        ("cpor_sequencer_leads", "Whether this server numbered the feed at its last look.", "gauge", gauges.is_sequencer.into()),
        ("cpor_feed_numbered_total", "Events that this server gave a position.", "counter", gauges.numbered),
        ("cpor_sweeper_recorded_total", "Claims whose passed deadlines this server recorded.", "counter", gauges.swept),
        ("cpor_sweeper_due", "Claims with passed deadlines that are not recorded yet, one batch at most.", "gauge", gauges.due),
        ("cpor_database_up", "Whether the database told what is owed.", "gauge", gauges.owed.is_some().into()),
    ] {
        head(&mut text, name, help, kind);
        line(&mut text, name, "", value);
    }
    if let Some(owed) = &gauges.owed {
        render_owed(&mut text, owed);
    }
    text
}

fn render_owed(text: &mut String, owed: &Owed) {
    for (name, help, value) in [
        ("cpor_feed_unnumbered", "Events that have no position in the feed yet.", owed.unnumbered),
        ("cpor_feed_head", "The feed's newest position.", owed.feed_head),
        ("cpor_feed_behind", "Positions that this server's streams have not been told yet.", owed.feed_behind),
        ("cpor_outbox_unaddressed", "Notices whose recipients are not worked out yet.", owed.unaddressed),
        ("cpor_deliveries_pending", "Deliveries that wait for a first or another try.", owed.undelivered),
        ("cpor_deliveries_dead", "Deliveries that were given up.", owed.dead),
    ] {
        head(text, name, help, "gauge");
        line(text, name, "", value);
    }
    for (name, help, span) in [
        ("cpor_feed_unnumbered_seconds", "How long the oldest event without a position has waited.", owed.unnumbered_for),
        ("cpor_deliveries_overdue_seconds", "How long the most urgent delivery is overdue.", owed.overdue_for),
    ] {
        head(text, name, help, "gauge");
        line(text, name, "", seconds(span));
    }
    let name = "cpor_uploads";
    head(text, name, "Uploads that no document uses yet, by state.", "gauge");
    owed.uploads.iter().for_each(|(state, uploads)| line(text, name, &format!("{{state=\"{state}\"}}"), uploads));
}

fn seconds(span: TimeDelta) -> f64 {
    span.num_milliseconds() as f64 / 1_000.0
}
