//! The server written by hand that `cpor` is held against: axum and tokio-postgres, no GraphQL, nobody asked who they are. Plain binary
//! rows, one statement per relation, pipelined, JSON written as the rows come. Its answers are those of `cpor`.

mod json;
mod pool;
mod read;
mod statements;
mod write;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use cpor::store::cursor::CursorSealer;
use cpor::store::database::{Database, PoolSizes};
use cpor::store::secrets;
use tokio::net::TcpListener;
use uuid::Uuid;

use self::pool::{Failure, Pool, SENT};

struct Limit {
    pool: Pool,
    sealer: CursorSealer,
}

type Shared = State<Arc<Limit>>;
type Answer = Result<([(header::HeaderName, &'static str); 1], String), Failure>;

/// Serves until it is ended.
pub async fn serve(database_url: &str) -> anyhow::Result<()> {
    let database = Database::new(database_url, PoolSizes { reads: 1, writes: 1 })?;
    let secret = secrets::shared_secret(&database, "cursors").await?;
    database.close();
    let limit = Arc::new(Limit { pool: Pool::open(database_url).await?, sealer: CursorSealer::new(&secret) });
    let routes = Router::new()
        .route("/q1/{claim}", get(one))
        .route("/q2/{organization}/{status}", get(dashboard))
        .route("/q3/{number}", get(detail))
        .route("/q4/{organization}", get(fifty))
        .route("/q5/{claim}/{person}", post(comment))
        .route("/metrics", get(metrics))
        .with_state(limit);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}/", listener.local_addr()?);
    // Answers are one write each; a stream that cannot be told so is as good.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    Ok(axum::serve(listener, routes).await?)
}

fn json(text: String) -> Answer {
    Ok(([(header::CONTENT_TYPE, "application/json")], text))
}

async fn one(State(limit): Shared, Path(claim): Path<Uuid>) -> Answer {
    json(read::one(limit.pool.reader(), claim).await?)
}

async fn dashboard(State(limit): Shared, Path((organization, status)): Path<(Uuid, String)>) -> Answer {
    json(read::dashboard(limit.pool.reader(), &limit.sealer, organization, &status).await?)
}

async fn detail(State(limit): Shared, Path(number): Path<i64>) -> Answer {
    json(read::detail(limit.pool.reader(), number).await?)
}

async fn fifty(State(limit): Shared, Path(organization): Path<Uuid>) -> Answer {
    json(read::fifty(limit.pool.reader(), organization).await?)
}

async fn comment(State(limit): Shared, Path((claim, person)): Path<(Uuid, Uuid)>, body: String) -> Answer {
    json(limit.pool.write(async |connection| write::comment(connection, claim, person, &body).await).await?)
}

async fn metrics() -> impl IntoResponse {
    format!("cpor_database_statements_total {}\n", SENT.load(Ordering::Relaxed))
}
