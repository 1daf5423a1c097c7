//! The table's words.

use crate::figures::Figures;
use crate::options::Subject;
use crate::plan::Wire;
use crate::scenario::Scenario;

/// What stands above the columns.
pub const HEAD: [&str; 15] = [
    "scenario",
    "sockets",
    "events",
    "bytes/event",
    "KiB/socket",
    "µs/event",
    "× bare",
    "µs/change",
    "database µs/change",
    "µs/silent socket·s",
    "p50 ms",
    "p99 ms",
    "max ms",
    "lost/repeated/disordered/foreign",
    "commits/s on/off",
];

/// One scenario at one server. `bare` is the bare server's CPU for an event, where it was measured.
pub fn row(scenario: &Scenario, subject: Subject, figures: &Figures, bare: Option<f64>) -> Vec<String> {
    let over = match subject {
        Subject::Bare => "bare",
        Subject::Cpor(Wire::WebSocket) => "ws",
        Subject::Cpor(Wire::ServerSentEvents) => "sse",
    };
    let verdict = figures.verdict;
    let commits = figures.commits.map(|(off, on)| format!("{on:.0}/{off:.0} = {:.2}", on / off));
    vec![
        format!("{} {over}", scenario.name),
        scenario.sockets.to_string(),
        figures.events.to_string(),
        figures.bytes_per_event.to_string(),
        format!("{:.1}", figures.kib_per_socket),
        format!("{:.1}", figures.cpu_per_event_us),
        bare.map_or_else(|| "-".to_owned(), |bare| format!("{:.2}", figures.cpu_per_event_us / bare)),
        format!("{:.0}", figures.cpu_per_change_us),
        format!("{:.0}", figures.database_cpu_per_change_us),
        format!("{:.1}", figures.cpu_per_silent_socket_us),
        format!("{:.1}", figures.delay_ms(50.0)),
        format!("{:.1}", figures.delay_ms(99.0)),
        format!("{:.1}", figures.delay_ms(100.0)),
        format!("{}/{}/{}/{}", verdict.lost, verdict.repeated, verdict.disordered, verdict.foreign),
        commits.unwrap_or_else(|| "-".to_owned()),
    ]
}

/// What a table has no room for: sockets that ended, changes that failed.
pub fn remarks(figures: &Figures) -> Vec<String> {
    let ended = figures.ended.iter().map(|(why, sockets)| format!("{sockets} sockets ended early: {why}"));
    let failed = (figures.failed_changes > 0).then(|| format!("{} changes failed, as clients were told", figures.failed_changes));
    ended.chain(failed).collect()
}
