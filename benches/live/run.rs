//! The measurement: scenario by scenario, server by server.

use std::collections::HashMap;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use tokio::time::sleep;

use crate::check::{Verdict, check, delays_ms, expected};
use crate::data::Stage;
use crate::feed::Feed;
use crate::figures::Figures;
use crate::options::{Options, Subject};
use crate::plan::Wire;
use crate::scenario::Scenario;
use crate::subscribers::Subscribers;
use crate::support::server::Server;
use crate::support::table::Table;
use crate::writer::{Ack, Pace, Writer};
use crate::{limits, table};

/// Changes before anything is measured.
const WARM_UP: Duration = Duration::from_secs(3);
/// Time in which nothing happens, to see what that costs.
const QUIET: Duration = Duration::from_secs(5);
/// Time from the last subscription to the first figure.
const SETTLE: Duration = Duration::from_secs(2);
/// Time of as many changes as there can be.
const FLOOD: Duration = Duration::from_secs(8);

/// Measures everything that was asked for, and prints it as it comes.
#[tokio::main]
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let scenarios = options.scenarios();
    limits::allow(scenarios.iter().map(|scenario| scenario.sockets).max().unwrap_or_default())?;
    let claims = scenarios.iter().map(|scenario| scenario.claims).max().unwrap_or_default();
    println!("preparing {claims} claims …");
    let stage = Stage::set(claims).await?;
    let mut table = Table::new(&table::HEAD);
    let mut is_exact = true;
    for scenario in scenarios {
        let mut bare = None;
        for subject in options.subjects() {
            if subject == Subject::Bare && scenario.cuts {
                continue;
            }
            let figures = measure(&stage, scenario, subject, options).await?;
            let row = table::row(scenario, subject, &figures, bare);
            println!("{}", row.join("  "));
            for remark in table::remarks(&figures) {
                println!("    {remark}");
            }
            table.row(row);
            is_exact &= figures.verdict == Verdict::default();
            if subject == Subject::Bare {
                bare = Some(figures.cpu_per_event_us);
            }
        }
    }
    println!("\n{}", table.render());
    stage.end().await?;
    ensure!(is_exact, "events were lost, repeated, out of order or foreign: see the table");
    Ok(())
}

async fn measure(stage: &Stage, scenario: &Scenario, subject: Subject, options: &Options) -> anyhow::Result<Figures> {
    let time = Duration::from_secs(options.seconds);
    let (server, wire) = match subject {
        Subject::Cpor(wire) => (stage.serve(&options.program)?, wire),
        Subject::Bare => (bare()?, Wire::WebSocket),
    };
    let feed = Feed::open(stage.url()).await?;
    let writer = Writer::new(stage, scenario.claims, subject, server.address())?;
    let steady = Pace::Steady(scenario.changes_per_second);
    feed.settled().await?;

    // With nobody subscribed: what a change costs, and how many there can be.
    writer.write(steady, WARM_UP).await?;
    let silent = cpu_per_second(&server, silence()).await?.1;
    let database = stage.usage()?;
    let (_, writing) = cpu_per_second(&server, writer.write(steady, time / 2)).await?;
    let database = (stage.usage()? - database).cpu.as_secs_f64() * 2.0 / time.as_secs_f64();
    let floods = scenario.floods && subject != Subject::Bare;
    let commits_off = if floods { Some(flood(&writer).await?.1) } else { None };
    let head = feed.settled().await?;
    let memory = server.usage()?.memory_bytes;

    // With everybody: what silence costs, then what events do.
    let mut subscribers = Subscribers::open(stage.plan(scenario, wire, server.address())?).await?;
    sleep(SETTLE).await;
    let quiet = cpu_per_second(&server, silence()).await?.1;
    let watching = async {
        let cut = async {
            sleep(time / 2).await;
            if scenario.cuts { feed.cut().await } else { Ok(0) }
        };
        let (written, cut) = tokio::join!(writer.write(steady, time), cut);
        cut?;
        written
    };
    let ((acks, failed_changes), delivering) = cpu_per_second(&server, watching).await?;
    let told = told(&feed, stage, subject, head, &acks).await?;
    let events = subscribers.heard(expected(&told, scenario.sockets, scenario.claims)).await?;
    let kib = (server.usage()?.memory_bytes as f64 - memory as f64) / 1024.0;

    let mut all = acks.clone();
    let commits = match commits_off {
        Some(off) => {
            let (more, on) = flood(&writer).await?;
            all.extend(more);
            Some((off, on))
        }
        None => None,
    };
    let told = self::told(&feed, stage, subject, head, &all).await?;
    subscribers.heard(expected(&told, scenario.sockets, scenario.claims)).await?;
    let journal = subscribers.finish().await?;

    let seconds = time.as_secs_f64();
    Ok(Figures {
        events,
        bytes_per_event: journal.bytes / journal.heard.len().max(1),
        kib_per_socket: kib / scenario.sockets as f64,
        cpu_per_event_us: (delivering - writing - (quiet - silent)) * seconds * 1e6 / events.max(1) as f64,
        cpu_per_change_us: (writing - silent) * 1e6 / scenario.changes_per_second,
        database_cpu_per_change_us: database * 1e6 / scenario.changes_per_second,
        cpu_per_silent_socket_us: (quiet - silent) * 1e6 / scenario.sockets as f64,
        delays_ms: delays_ms(&journal.heard, &acks, scenario.claims),
        verdict: check(&journal.heard, &told, &all, scenario.sockets, scenario.claims),
        ended: journal.ended,
        failed_changes,
        commits,
    })
}

/// The bare server, in a process of its own.
fn bare() -> anyhow::Result<Server> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("bare");
    Server::start(command)
}

/// Does something, and answers the seconds of CPU that the server took for it in each second.
async fn cpu_per_second<T>(server: &Server, work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<(T, f64)> {
    let (begin, before) = (std::time::Instant::now(), server.usage()?.cpu);
    let done = work.await?;
    let used = server.usage()?.cpu - before;
    Ok((done, used.as_secs_f64() / begin.elapsed().as_secs_f64()))
}

/// As many changes as there can be: what was acknowledged, and how many a second.
async fn flood(writer: &Arc<Writer>) -> anyhow::Result<(Vec<Ack>, f64)> {
    let begin = std::time::Instant::now();
    let (acks, _) = writer.write(Pace::Flood, FLOOD).await?;
    let rate = acks.len() as f64 / begin.elapsed().as_secs_f64();
    Ok((acks, rate))
}

/// The truth about each claim since `head`: the feed's, or where there is no feed, what was published.
async fn told(feed: &Feed, stage: &Stage, subject: Subject, head: i64, acks: &[Ack]) -> anyhow::Result<Vec<Vec<i32>>> {
    if let Subject::Cpor(_) = subject {
        feed.settled().await?;
        return feed.after(head, &stage.claims).await;
    }
    let mut published: HashMap<usize, Vec<i32>> = HashMap::new();
    for ack in acks {
        published.entry(ack.claim).or_default().push(ack.version);
    }
    let versions = |claim| {
        let mut versions = published.remove(&claim).unwrap_or_default();
        versions.sort_unstable();
        versions
    };
    Ok((0..stage.claims.len()).map(versions).collect())
}

/// Nothing happens.
async fn silence() -> anyhow::Result<()> {
    sleep(QUIET).await;
    Ok(())
}
