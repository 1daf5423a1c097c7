//! The accept loop: HTTP/1.1 and HTTP/2 on one port, slow clients bounded, and an orderly end.
//!
//! `axum::serve` has no header timeout and does not wait for WebSockets, so the loop is hyper's own.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use axum::{Extension, Router};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use ipnet::IpNet;

use super::closing::Closing;
use super::peer::Peer;
use super::preface::begun;

#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Bounds of connections.
#[derive(Debug, Clone)]
pub struct ServeSettings {
    /// Time for the first bytes, for the head of a request, and of silence between requests of one connection.
    pub header_timeout: Duration,
    /// Bytes of the head of a request.
    pub header_bytes_max: usize,
    /// Open connections, sockets and streams included; more wait to be accepted.
    pub connections_max: usize,
    /// Streams in one HTTP/2 connection.
    pub http2_streams_max: u32,
    /// Time between HTTP/2 pings; a client that does not answer within as much is dropped.
    pub http2_ping_interval: Duration,
    /// Time that sent bytes may stay unacknowledged, or a client may refuse to take any, before its connection is cut:
    /// a machine that went away says nothing. Only on Linux.
    pub unacknowledged_timeout: Duration,
    /// Time from the end of readiness to the end of accepting: how long load balancers take to look.
    pub readiness_grace: Duration,
    /// Time that requests in flight and sockets have to end.
    pub drain_timeout: Duration,
    /// Networks of the proxies before this server, whose word for the client's address is believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(30),
            header_bytes_max: 64 * 1024,
            connections_max: 25_000,
            http2_streams_max: 200,
            http2_ping_interval: Duration::from_secs(20),
            unacknowledged_timeout: Duration::from_secs(60),
            readiness_grace: Duration::from_secs(1),
            drain_timeout: Duration::from_secs(8),
            trusted_proxies: Vec::new(),
        }
    }
}

/// Serves until `shutdown`, then ends in order: readiness goes off; after a moment nothing more is accepted; requests
/// in flight are finished, streams end and WebSockets are closed with 1012, which tells clients to come back. What is
/// not over within `drain_timeout` is cut off.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: ServeSettings,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let closing = Closing::default();
    let router = router.layer(Extension(closing.clone()));
    let server = Arc::new(builder(&settings));
    let proxies: Arc<[IpNet]> = settings.trusted_proxies.as_slice().into();
    let (graceful, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(settings.connections_max)));
    let connections = CancellationToken::new();
    let stop = async {
        shutdown.cancelled().await;
        tracing::info!("draining: readiness is off");
        closing.draining.cancel();
        time::sleep(settings.readiness_grace).await;
    };
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places, &settings) => accepted,
        };
        let Some((stream, other_end, place)) = accepted else {
            continue;
        };
        let proxies = proxies.clone();
        let routes = router.clone().map_request(move |mut request: Request<Incoming>| {
            let peer = Peer::of_request(other_end, request.headers(), &proxies);
            request.extensions_mut().insert(peer);
            request
        });
        let (server, service) = (server.clone(), TowerToHyperService::new(routes));
        let (watcher, cut, within) = (graceful.watcher(), connections.clone(), settings.header_timeout);
        let connection = async move {
            let Some(stream) = begun(stream, within).await else {
                return;
            };
            let connection = server.serve_connection_with_upgrades(TokioIo::new(stream), service);
            // A client that breaks off or speaks nonsense is not our failure.
            if let Err(error) = watcher.watch(connection.into_owned()).await {
                tracing::debug!(error, "a connection ended badly");
            }
        };
        tokio::spawn(async move {
            let _place = place;
            cut.run_until_cancelled(connection).await;
        });
    }
    drop(listener);
    closing.closing.cancel();
    closing.sockets.close();
    let end = async { tokio::join!(graceful.shutdown(), closing.sockets.wait()) };
    if time::timeout(settings.drain_timeout, end).await.is_err() {
        tracing::warn!("some connections did not end in time and are cut off");
    }
    connections.cancel();
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    settings: &ServeSettings,
) -> Option<(TcpStream, IpAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, address)) => {
            // Small answers should not wait for more of their kind. A connection that is gone already shows later.
            let _ = stream.set_nodelay(true);
            cut_when_gone(&stream, settings.unacknowledged_timeout);
            Some((stream, address.ip(), place))
        }
        Err(error) => {
            // Out of file descriptors, or a client that was gone already: wait a moment, then go on.
            tracing::warn!(%error, "a connection was not accepted");
            time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

/// Has the system close a connection whose other side takes nothing any more.
#[cfg(target_os = "linux")]
fn cut_when_gone(stream: &TcpStream, after: Duration) {
    let _ = SockRef::from(stream).set_tcp_user_timeout(Some(after));
}

#[cfg(not(target_os = "linux"))]
fn cut_when_gone(_: &TcpStream, _: Duration) {}

fn builder(settings: &ServeSettings) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(settings.header_timeout).max_buf_size(settings.header_bytes_max);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(settings.http2_streams_max)
        .max_header_list_size(settings.header_bytes_max as u32)
        .keep_alive_interval(settings.http2_ping_interval)
        .keep_alive_timeout(settings.http2_ping_interval);
    builder
}
