//! What a request costs: `cpor` beside a server written by hand, on the same database. See `docs/performance.md`.

mod data;
mod limit;
mod load;
mod measure;
mod options;
mod tables;
mod workloads;

/// What the benches share.
#[path = "../support"]
mod support {
    pub mod cluster;
    pub mod process;
    pub mod server;
    pub mod table;
    pub mod token;
}

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use indicatif::ProgressBar;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

use self::data::cast::{Cast, PEOPLE_PER_ORGANIZATION, subject};
use self::measure::{Stage, first_number};
use self::options::{Options, Part};
use self::support::cluster::Cluster;
use self::support::server::Server;
use self::support::token::Authority;
use self::tables::Line;

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    match &options.part {
        Some(Part::Limit { database_url }) => {
            Builder::new_multi_thread().enable_all().build()?.block_on(limit::serve(database_url))
        }
        // One worker: the load is to take as little of the machine as it can.
        None => Builder::new_multi_thread().worker_threads(1).enable_all().build()?.block_on(run(&options)),
    }
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let cast = Cast { claims: options.claims };
    let cluster = data::start(cast).await?;
    if options.only_data {
        return cluster.stop().await;
    }
    let stage = set(options, cast, cluster)?;
    let work = async {
        match options.only_serve {
            true => wait(&stage).await,
            false => measure(options, &stage).await,
        }
    };
    // However it ends, nothing that was started stays behind.
    let outcome = tokio::select! {
        outcome = work => outcome,
        () = stopped() => Ok(()),
    };
    let Stage { cluster, limit, ours, .. } = stage;
    drop((limit, ours));
    cluster.stop().await?;
    outcome
}

/// Starts both servers.
fn set(options: &Options, cast: Cast, cluster: Cluster) -> anyhow::Result<Stage> {
    let folder = data::folder(cast).join("server");
    let authority = Authority::new(&folder)?;
    let ours = Server::cpor(&options.program, cluster.url(), &folder, &authority, &options.serve)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["limit", cluster.url()]);
    let limit = Server::start(command)?;
    let people = 0..cast.organizations() * PEOPLE_PER_ORGANIZATION;
    let tokens = people.map(|person| authority.sign(&subject(person))).collect::<Result<_, _>>()?;
    Ok(Stage { cast, cluster, limit, ours, tokens: Arc::new(tokens), next: first_number() })
}

/// Waits for Ctrl-C or SIGTERM.
async fn stopped() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        interrupted = tokio::signal::ctrl_c() => drop(interrupted),
    }
}

async fn wait(stage: &Stage) -> anyhow::Result<()> {
    println!("cpor     http://{}/", stage.ours.address());
    println!("limit    http://{}/", stage.limit.address());
    println!("database {}", stage.cluster.url());
    println!("token    {}", stage.tokens.first().map_or("", String::as_str));
    std::future::pending().await
}

async fn measure(options: &Options, stage: &Stage) -> anyhow::Result<()> {
    for workload in &options.workloads {
        stage.compare(*workload).await?;
    }
    let all = options.workloads.len() * options.connections.len();
    let bar = ProgressBar::new(all as u64);
    let time = Duration::from_secs_f64(options.seconds);
    let mut lines = Vec::new();
    for connections in &options.connections {
        for workload in &options.workloads {
            let [limit, ours] = stage.measure(*workload, *connections, options.rounds, time).await?;
            lines.push(Line { workload: *workload, connections: *connections, limit, ours });
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    lines.sort_by_key(|line| (line.workload as usize, line.connections));
    print!("{}", tables::render(&mut lines));
    Ok(())
}
