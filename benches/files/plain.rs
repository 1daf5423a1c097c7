//! What it is compared with: axum and nothing around it.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use futures_util::StreamExt;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio_util::io::ReaderStream;

/// The plain server in a process of its own; killed when dropped.
pub struct Plain {
    child: Child,
    pub address: String,
}

impl Plain {
    pub fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.arg("--plain").arg(folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { child, address: address.trim().to_owned() }
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

struct Shared {
    file: PathBuf,
    memory: Bytes,
}

/// Serves until killed.
pub fn serve(folder: PathBuf) {
    let shared = Arc::new(Shared { file: folder.join("file"), memory: vec![7; super::FILE_BYTES].into() });
    let routes = Router::new()
        .route("/file", put(take).get(give))
        .route("/nowhere", put(throw_away))
        .route("/memory", get(remember))
        .layer(DefaultBodyLimit::disable())
        .with_state(shared);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        std::io::stdout().flush().unwrap();
        axum::serve(listener, routes).await.unwrap();
    });
}

async fn take(State(shared): State<Arc<Shared>>, body: Body) -> &'static str {
    let mut file = File::create(&shared.file).await.unwrap();
    let mut bytes = body.into_data_stream();
    while let Some(chunk) = bytes.next().await {
        file.write_all(&chunk.unwrap()).await.unwrap();
    }
    file.sync_all().await.unwrap();
    "taken"
}

async fn throw_away(body: Body) -> &'static str {
    let mut bytes = body.into_data_stream();
    while let Some(chunk) = bytes.next().await {
        chunk.unwrap();
    }
    "gone"
}

async fn remember(State(shared): State<Arc<Shared>>) -> Bytes {
    shared.memory.clone()
}

async fn give(State(shared): State<Arc<Shared>>) -> Response {
    let file = File::open(&shared.file).await.unwrap();
    let length = file.metadata().await.unwrap().len().to_string();
    ([(header::CONTENT_LENGTH, length)], Body::from_stream(ReaderStream::new(file))).into_response()
}
