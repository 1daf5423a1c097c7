//! Runs a workload on both servers in turns, and keeps what each cost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use serde_json::Value;

use super::data::cast::Cast;
use super::load::{self, Report, Source};
use super::workloads::{Side, Workload};
use crate::support::cluster::Cluster;
use crate::support::process::Usage;
use crate::support::server::Server;

/// How long each server is warmed up before the first round.
const WARM_UP: Duration = Duration::from_millis(700);
/// Questions whose answers are compared before anything is measured.
const COMPARED: u64 = 20;

/// Everything that runs.
pub struct Stage {
    pub cast: Cast,
    pub cluster: Cluster,
    pub limit: Server,
    pub ours: Server,
    pub tokens: Arc<Vec<String>>,
    /// Numbers the questions, so that no round asks what another asked.
    pub next: Arc<AtomicU64>,
}

/// What one server's rounds cost.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    pub report: Report,
    pub server: Usage,
    pub postgres: Usage,
    pub statements: u64,
}

impl Cost {
    fn per_request(&self, time: Duration) -> f64 {
        time.as_secs_f64() * 1e6 / self.report.micros.len().max(1) as f64
    }

    /// CPU of the server per request, in microseconds.
    pub fn server_micros(&self) -> f64 {
        self.per_request(self.server.cpu)
    }

    /// CPU of PostgreSQL per request, in microseconds.
    pub fn postgres_micros(&self) -> f64 {
        self.per_request(self.postgres.cpu)
    }

    /// CPU of both per request, in microseconds.
    pub fn micros(&self) -> f64 {
        self.server_micros() + self.postgres_micros()
    }

    /// Statements per request.
    pub fn statements(&self) -> f64 {
        self.statements as f64 / self.report.micros.len().max(1) as f64
    }
}

impl Stage {
    fn server(&self, side: Side) -> &Server {
        match side {
            Side::Limit => &self.limit,
            Side::Ours => &self.ours,
        }
    }

    fn source(&self, workload: Workload, side: Side) -> Source {
        let (cast, tokens) = (self.cast, Arc::clone(&self.tokens));
        Arc::new(move |number| request(workload, cast, side, number, &tokens))
    }

    /// Whether both give the same answers.
    pub async fn compare(&self, workload: Workload) -> anyhow::Result<()> {
        for number in 0..COMPARED {
            let mut answers = Vec::new();
            for side in Side::BOTH {
                let request = request(workload, self.cast, side, number, &self.tokens);
                let body =
                    load::ask(self.server(side).address(), request).await.with_context(|| format!("{workload:?} {side:?}"))?;
                answers.push(workload.comparable(serde_json::from_slice::<Value>(&body)?));
            }
            anyhow::ensure!(answers[0] == answers[1], "{workload:?}: the answers differ:\n{}\n{}", answers[0], answers[1]);
        }
        Ok(())
    }

    /// Runs a workload on both in turns; answers the cost of each.
    pub async fn measure(
        &self,
        workload: Workload,
        connections: usize,
        rounds: usize,
        time: Duration,
    ) -> anyhow::Result<[Cost; 2]> {
        let mut costs = [Cost::default(), Cost::default()];
        for side in Side::BOTH {
            self.load(workload, side, connections, WARM_UP).await?;
        }
        for _ in 0..rounds {
            for (side, cost) in Side::BOTH.into_iter().zip(&mut costs) {
                self.round(workload, side, connections, time, cost).await?;
            }
        }
        Ok(costs)
    }

    async fn load(&self, workload: Workload, side: Side, connections: usize, time: Duration) -> anyhow::Result<Report> {
        let source = self.source(workload, side);
        let address = self.server(side).address();
        load::run(address, connections, time, &source, &self.next).await.with_context(|| format!("{workload:?} {side:?}"))
    }

    async fn round(
        &self,
        workload: Workload,
        side: Side,
        connections: usize,
        time: Duration,
        cost: &mut Cost,
    ) -> anyhow::Result<()> {
        let server = self.server(side);
        let statements = statements(server).await?;
        let (server_before, postgres_before) = (server.usage()?, self.cluster.usage()?);
        let report = self.load(workload, side, connections, time).await?;
        let (used, postgres) = (server.usage()? - server_before, self.cluster.usage()? - postgres_before);
        cost.statements += statements_since(server, statements).await?;
        cost.server = Usage { cpu: cost.server.cpu + used.cpu, memory_bytes: used.memory_bytes };
        cost.postgres = Usage { cpu: cost.postgres.cpu + postgres.cpu, memory_bytes: postgres.memory_bytes };
        cost.report.extend(report);
        Ok(())
    }
}

fn request(workload: Workload, cast: Cast, side: Side, number: u64, tokens: &[String]) -> Request<Full<Bytes>> {
    let question = workload.draw(cast, number);
    let token = usize::try_from(question.person).ok().and_then(|person| tokens.get(person));
    workload.request(cast, side, &question, token.map_or("", String::as_str))
}

/// Statements that a server has sent so far, as its metrics tell.
async fn statements(server: &Server) -> anyhow::Result<u64> {
    let request = Request::get("/metrics").header(hyper::header::HOST, "127.0.0.1").body(Full::default())?;
    let text = load::ask(server.address(), request).await?;
    let text = String::from_utf8_lossy(&text);
    let count = text.lines().find_map(|line| line.strip_prefix("cpor_database_statements_total ")?.trim().parse().ok());
    count.context("the server does not count its statements")
}

async fn statements_since(server: &Server, before: u64) -> anyhow::Result<u64> {
    Ok(statements(server).await?.saturating_sub(before))
}

/// The first number of the questions that are measured: behind those that are compared.
pub fn first_number() -> Arc<AtomicU64> {
    let next = AtomicU64::default();
    next.store(COMPARED, Ordering::Relaxed);
    Arc::new(next)
}
