//! Documents: how their bytes come in, are kept, go out, and are proved.

mod blobs;
mod buckets;
mod downloads;
mod killed;
mod moto;
mod proof;
mod uploads;

use axum::body::Body;
use axum::http::{Request, Response, header};
use bytes::Bytes;
use cpor::store::blobs::{Blobs, Received, settle};
use cpor::store::database::Database;
use futures_util::{Stream, stream};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::api::Api;
use crate::support::store::at;

/// When bytes come, unless said.
const NOON: &str = "2021-09-06T12:00:00Z";

fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes in pieces, as they come over a wire.
fn pieces(bytes: &[u8], size: usize) -> impl Stream<Item = std::io::Result<Bytes>> + Send + use<> {
    let pieces: Vec<_> = bytes.chunks(size.max(1)).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

/// Bytes that no compression and no chance makes equal to others.
fn noise(size: usize, seed: u64) -> Vec<u8> {
    let mut state = 2 * seed + 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()
    };
    (0..size.div_ceil(8)).flat_map(|_| next()).take(size).collect()
}

/// Receives bytes.
async fn received(blobs: &Blobs, bytes: &[u8]) -> Received {
    blobs.receive(pieces(bytes, 100_000), bytes.len() as u64).await.unwrap()
}

/// Receives and keeps bytes, as the server does at an instant.
async fn keep_at(database: &Database, blobs: &Blobs, bytes: &[u8], instant: &str) {
    let received = received(blobs, bytes).await;
    blobs.keep(database, &received, at(instant)).await.unwrap();
    let mut tx = database.begin().await.unwrap();
    assert!(settle(&mut tx, &received.sha256, at(instant)).await.unwrap());
    tx.commit().await.unwrap();
}

/// Sends a request with headers as somebody, or as nobody.
async fn send(api: &Api, who: Option<&str>, method: &str, uri: &str, headers: &[(&str, &str)], body: Body) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(uri).header(header::HOST, "127.0.0.1");
    if let Some(who) = who {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", api.world.token(who)));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    api.routes.clone().oneshot(request.body(body).unwrap()).await.unwrap()
}

async fn body(response: Response<Body>) -> Bytes {
    response.into_body().collect().await.unwrap().to_bytes()
}
