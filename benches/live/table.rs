//! The table.

use crate::figures::Figures;
use crate::options::Subject;
use crate::plan::Wire;
use crate::scenario::Scenario;

/// What stands above it.
pub fn head() -> String {
    format!(
        "{:<4} {:<5} {:>7} {:>8} {:>6} {:>11} {:>9} {:>7} {:>9} {:>10} {:>8} {:>8} {:>8} {:>22} {:>20}",
        "",
        "over",
        "sockets",
        "events",
        "bytes",
        "KiB/socket",
        "µs/event",
        "× bare",
        "µs/change",
        "µs/idle·s",
        "p50 ms",
        "p99 ms",
        "max ms",
        "lost/rep/order/foreign",
        "commits/s on/off"
    )
}

/// One scenario at one server. `bare` is the bare server's CPU for an event, where it was measured.
pub fn row(scenario: &Scenario, subject: Subject, figures: &Figures, bare: Option<f64>) -> String {
    let over = match subject {
        Subject::Bare => "bare",
        Subject::Cpor(Wire::WebSocket) => "ws",
        Subject::Cpor(Wire::ServerSentEvents) => "sse",
    };
    let ratio = bare.map_or_else(|| "-".to_owned(), |bare| format!("{:.2}", figures.cpu_per_event_us / bare));
    let verdict = figures.verdict;
    let verdict = format!("{}/{}/{}/{}", verdict.lost, verdict.repeated, verdict.disordered, verdict.foreign);
    let commits = figures.commits.map_or_else(|| "-".to_owned(), |(off, on)| format!("{on:.0}/{off:.0} = {:.2}", on / off));
    format!(
        "{:<4} {over:<5} {:>7} {:>8} {:>6} {:>11.1} {:>9.1} {ratio:>7} {:>9.0} {:>10.1} {:>8.1} {:>8.1} {:>8.1} {verdict:>22} {commits:>20}",
        scenario.name,
        scenario.sockets,
        figures.events,
        figures.bytes_per_event,
        figures.kib_per_socket,
        figures.cpu_per_event_us,
        figures.cpu_per_change_us,
        figures.cpu_per_silent_socket_us,
        figures.delay_ms(50.0),
        figures.delay_ms(99.0),
        figures.delay_ms(100.0),
    )
}

/// What a table has no room for: sockets that ended, changes that failed.
pub fn remarks(figures: &Figures) -> Vec<String> {
    let ended = figures.ended.iter().map(|(why, sockets)| format!("{sockets} sockets ended early: {why}"));
    let failed = (figures.failed_changes > 0).then(|| format!("{} changes failed, as clients were told", figures.failed_changes));
    ended.chain(failed).collect()
}
