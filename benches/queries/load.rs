//! The load: connections that are kept open, each asking the next thing as soon as it has its answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use bytes::Bytes;
use futures_util::future;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Makes the request of a number.
pub type Source = Arc<dyn Fn(u64) -> Request<Full<Bytes>> + Send + Sync>;

/// What a load met.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How long it ran.
    pub took: Duration,
    /// How long each answer took, in microseconds.
    pub micros: Vec<u32>,
}

impl Report {
    /// Puts another round of the same load behind this one.
    pub fn extend(&mut self, other: Self) {
        self.took += other.took;
        self.micros.extend(other.micros);
    }

    /// Answers a second.
    pub fn per_second(&self) -> f64 {
        self.micros.len() as f64 / self.took.as_secs_f64()
    }

    /// The time within which this share of the answers came, in milliseconds.
    pub fn percentile_millis(&mut self, share: f64) -> f64 {
        self.micros.sort_unstable();
        let at = (self.micros.len() as f64 * share) as usize;
        self.micros.get(at.min(self.micros.len().saturating_sub(1))).map_or(0.0, |micros| f64::from(*micros) / 1_000.0)
    }
}

/// Runs a load for some time. `next` numbers the requests on, over several loads.
pub async fn run(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    source: &Source,
    next: &Arc<AtomicU64>,
) -> anyhow::Result<Report> {
    let opened = future::try_join_all((0..connections).map(|_| connect(address))).await?;
    let start = Instant::now();
    let tasks = opened.into_iter().map(|mut sender| {
        let (source, next) = (Arc::clone(source), Arc::clone(next));
        tokio::spawn(async move {
            let mut micros = Vec::new();
            while start.elapsed() < time {
                let request = source(next.fetch_add(1, Ordering::Relaxed));
                let asked = Instant::now();
                answered(&mut sender, request).await?;
                micros.push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
            anyhow::Ok(micros)
        })
    });
    let mut report = Report::default();
    for task in future::try_join_all(tasks).await? {
        report.micros.extend(task?);
    }
    report.took = start.elapsed();
    Ok(report)
}

/// Asks once, on a connection of its own.
pub async fn ask(address: SocketAddr, request: Request<Full<Bytes>>) -> anyhow::Result<Bytes> {
    answered(&mut connect(address).await?, request).await
}

async fn connect(address: SocketAddr) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// The whole answer, if it is a good one: GraphQL tells of errors in an answer that is otherwise fine.
async fn answered(sender: &mut SendRequest<Full<Bytes>>, request: Request<Full<Bytes>>) -> anyhow::Result<Bytes> {
    sender.ready().await?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    let failed = status != StatusCode::OK || body.windows(ERRORS.len()).any(|part| part == ERRORS);
    if failed {
        return Err(anyhow::anyhow!("{}", String::from_utf8_lossy(&body[..body.len().min(2_000)]))).context(status);
    }
    Ok(body)
}

const ERRORS: &[u8] = b"\"errors\":[";
