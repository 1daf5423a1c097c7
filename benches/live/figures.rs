//! What a run of one scenario found.

use std::collections::BTreeMap;

use crate::check::Verdict;

/// The figures of one scenario at one server.
#[derive(Debug)]
pub struct Figures {
    /// Events that arrived while changes were steady.
    pub events: usize,
    /// Bytes of a message.
    pub bytes_per_event: usize,
    /// Memory of the server above what it had before anybody subscribed, by socket, in KiB.
    pub kib_per_socket: f64,
    /// CPU of the server for one delivered event, in µs.
    pub cpu_per_event_us: f64,
    /// CPU of the server for a change with nobody listening, in µs.
    pub cpu_per_change_us: f64,
    /// CPU of PostgreSQL for such a change, in µs.
    pub database_cpu_per_change_us: f64,
    /// CPU of the server to keep a silent socket open, in µs a second.
    pub cpu_per_silent_socket_us: f64,
    /// Acknowledged → at the client, in ms, the shortest first.
    pub delays_ms: Vec<f64>,
    /// Against the feed.
    pub verdict: Verdict,
    /// Sockets that ended before they should, and why.
    pub ended: BTreeMap<String, usize>,
    /// Changes that the server could not make (its database was cut off).
    pub failed_changes: usize,
    /// Commits a second with nobody subscribed, and with everybody.
    pub commits: Option<(f64, f64)>,
}

impl Figures {
    /// The delay that so many of a hundred do not exceed.
    pub fn delay_ms(&self, percent: f64) -> f64 {
        let place = (self.delays_ms.len() as f64 * percent / 100.0).ceil() as usize;
        self.delays_ms.get(place.clamp(1, self.delays_ms.len().max(1)) - 1).copied().unwrap_or(f64::NAN)
    }
}
