//! The tables that the bench prints: ratios to the limit first, since only they are stable from machine to machine.

use std::fmt::Write;

use super::measure::Cost;
use super::workloads::Workload;
use crate::support::table::Table;

/// What a workload cost on both servers, at some number of connections.
pub struct Line {
    pub workload: Workload,
    pub connections: usize,
    pub limit: Cost,
    pub ours: Cost,
}

/// All tables.
pub fn render(lines: &mut [Line]) -> String {
    let mut text = String::new();
    let _infallible = writeln!(text, "CPU per request, ours relative to the limit's\n\n{}", cpu(lines).render());
    let _infallible = writeln!(text, "Time to answer and answers a second\n\n{}", time(lines).render());
    let _infallible = writeln!(text, "Memory (proportional set size) and statements\n\n{}", weight(lines).render());
    text
}

fn cpu(lines: &[Line]) -> Table {
    let mut table = Table::new(&[
        "workload",
        "connections",
        "ratio",
        "server, ratio",
        "PostgreSQL, ratio",
        "limit: server µs",
        "PostgreSQL µs",
        "ours: server µs",
        "PostgreSQL µs",
    ]);
    for Line { workload, connections, limit, ours } in lines {
        table.row(vec![
            format!("{workload:?}"),
            connections.to_string(),
            format!("**{:.2}**", ours.micros() / limit.micros()),
            format!("{:.2}", ours.server_micros() / limit.server_micros()),
            format!("{:.2}", ours.postgres_micros() / limit.postgres_micros()),
            format!("{:.0}", limit.server_micros()),
            format!("{:.0}", limit.postgres_micros()),
            format!("{:.0}", ours.server_micros()),
            format!("{:.0}", ours.postgres_micros()),
        ]);
    }
    table
}

fn time(lines: &mut [Line]) -> Table {
    let mut table = Table::new(&[
        "workload",
        "connections",
        "p50, ratio",
        "limit: p50 ms",
        "p99 ms",
        "ours: p50 ms",
        "p99 ms",
        "limit: answers/s",
        "ours",
        "ratio",
    ]);
    for Line { workload, connections, limit, ours } in lines {
        let (limit, ours) = (&mut limit.report, &mut ours.report);
        table.row(vec![
            format!("{workload:?}"),
            connections.to_string(),
            format!("{:.2}", ours.percentile_millis(0.5) / limit.percentile_millis(0.5)),
            format!("{:.2}", limit.percentile_millis(0.5)),
            format!("{:.2}", limit.percentile_millis(0.99)),
            format!("{:.2}", ours.percentile_millis(0.5)),
            format!("{:.2}", ours.percentile_millis(0.99)),
            format!("{:.0}", limit.per_second()),
            format!("{:.0}", ours.per_second()),
            format!("{:.2}", ours.per_second() / limit.per_second()),
        ]);
    }
    table
}

fn weight(lines: &[Line]) -> Table {
    let mut table = Table::new(&["workload", "connections", "limit: MiB", "ours: MiB", "limit: statements", "ours: statements"]);
    let mebibytes = |bytes: u64| format!("{:.0}", bytes as f64 / 1024.0 / 1024.0);
    for Line { workload, connections, limit, ours } in lines {
        table.row(vec![
            format!("{workload:?}"),
            connections.to_string(),
            mebibytes(limit.server.memory_bytes),
            mebibytes(ours.server.memory_bytes),
            format!("{:.1}", limit.statements()),
            format!("{:.1}", ours.statements()),
        ]);
    }
    table
}
