//! A wire that can be cut and stalled: everything that clients and servers say to each other, and servers to the database, goes
//! through one of these.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// Read at a time, in bytes.
const CHUNK_BYTES: usize = 16 * 1024;
/// The text of a commit in PostgreSQL's protocol, with the zero that ends it.
const COMMIT: &[u8] = b"COMMIT\0";

/// Where a wire ends.
#[derive(Clone, Debug)]
pub enum Target {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// A wire. Dropped, it takes no more connections.
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    accepting: tokio::task::JoinHandle<()>,
}

struct State {
    target: Target,
    is_stalled: watch::Sender<bool>,
    /// How often everything was cut.
    cuts: watch::Sender<u64>,
    /// Commits whose answers are still to be lost.
    answers_to_lose: AtomicUsize,
    answers_lost: AtomicUsize,
}

impl Proxy {
    /// Listens on a port of its own.
    pub async fn start(target: Target) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            target,
            is_stalled: watch::Sender::new(false),
            cuts: watch::Sender::new(0),
            answers_to_lose: AtomicUsize::new(0),
            answers_lost: AtomicUsize::new(0),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { address, state, accepting }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends all connections that are open now.
    pub fn cut(&self) {
        self.state.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// From now on nothing moves, or everything again.
    pub fn stall(&self, is_stalled: bool) {
        self.state.is_stalled.send_replace(is_stalled);
    }

    /// The next commits pass, but their answers do not, and their connections end.
    pub fn lose_answers(&self, commits: usize) {
        self.state.answers_to_lose.store(commits, Ordering::SeqCst);
    }

    /// How many answers to commits were lost so far.
    pub fn answers_lost(&self) -> usize {
        self.state.answers_lost.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    loop {
        // A connection that was reset before it was accepted is nobody's.
        if let Ok((client, _)) = listener.accept().await {
            tokio::spawn(carry(client, Arc::clone(&state)));
        }
    }
}

/// Carries one connection until either side or the nemesis ends it.
async fn carry(client: TcpStream, state: Arc<State>) {
    let mut cuts = state.cuts.subscribe();
    cuts.mark_unchanged();
    client.set_nodelay(true).ok();
    match &state.target {
        Target::Tcp(address) => {
            let Ok(server) = TcpStream::connect(address).await else { return };
            server.set_nodelay(true).ok();
            both(client, server, &state, cuts).await;
        }
        Target::Unix(path) => {
            let Ok(server) = UnixStream::connect(path).await else { return };
            both(client, server, &state, cuts).await;
        }
    }
}

async fn both<S: AsyncRead + AsyncWrite + Unpin>(client: TcpStream, server: S, state: &State, mut cuts: watch::Receiver<u64>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = tokio::io::split(server);
    let is_mute = AtomicBool::new(false);
    tokio::select! {
        () = up(from_client, to_server, state, &is_mute) => {}
        () = down(from_server, to_client, state, &is_mute) => {}
        _ = cuts.changed() => {}
    }
}

/// What a client says; a commit whose answer is to be lost is passed on.
async fn up(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, state: &State, is_mute: &AtomicBool) {
    let mut chunk = vec![0; CHUNK_BYTES];
    while let Ok(read @ 1..) = from.read(&mut chunk).await {
        let said = &chunk[..read];
        let commits = said.windows(COMMIT.len()).any(|words| words == COMMIT);
        let take_one = |left: usize| left.checked_sub(1);
        if commits && state.answers_to_lose.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take_one).is_ok() {
            is_mute.store(true, Ordering::SeqCst);
            state.answers_lost.fetch_add(1, Ordering::SeqCst);
        }
        moving(state).await;
        if to.write_all(said).await.is_err() {
            return;
        }
    }
}

/// What a server answers.
async fn down(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, state: &State, is_mute: &AtomicBool) {
    let mut chunk = vec![0; CHUNK_BYTES];
    while let Ok(read @ 1..) = from.read(&mut chunk).await {
        // The answer shows that the commit took effect; the client never learns.
        if is_mute.load(Ordering::SeqCst) {
            return;
        }
        moving(state).await;
        if to.write_all(&chunk[..read]).await.is_err() {
            return;
        }
    }
}

/// Waits while the wire is stalled.
async fn moving(state: &State) {
    let mut is_stalled = state.is_stalled.subscribe();
    // The sender lives as long as the state.
    let _ = is_stalled.wait_for(|is_stalled| !is_stalled).await;
}
