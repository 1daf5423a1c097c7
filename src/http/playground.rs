//! The playground: GraphiQL from the server's own binary, so that no request leaves the machine.
//!
//! `build.rs` makes the bundle and leaves each file gzipped. It is served as it lies there; a client that takes no
//! gzip gets it unpacked. Where the bundle was left out of the build, a page says how to get it.

use std::borrow::Cow;
use std::io::Read as _;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bytes::Bytes;
use rust_embed::{Embed, EmbeddedFile};

use self::negotiate::{accepts_gzip, content_type, has_tag};

pub(super) use self::negotiate::names_loopback;

mod negotiate;

/// The bundle that `build.rs` made; each file bears `.gz` behind its name. Debug builds read it from disk.
#[derive(Embed)]
#[folder = "$CPOR_PLAYGROUND_DIST"]
struct Bundle;

/// Everything from this server and nothing from elsewhere; styles inline, because the editor writes some.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";
const HOME: &str = "/playground/";
/// Names under `assets/` carry a hash of their content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Kept, but asked about each time (by `ETag`).
const CHECKED: &str = "no-cache";
const NEVER: &str = "no-store";
/// Bytes of the content's SHA-256 that an `ETag` shows.
const ETAG_BYTES: usize = 12;
const MISSING: &str = include_str!("playground/missing.html");

/// `/` and `/playground/`, with the page and its files.
///
/// `people` is the JSON answered at `/playground/people.json`: the demo's people with a token each, or `None` (404)
/// outside of the demo. It is answered to requests that name this machine as their host and to no others,
/// so that a foreign site cannot read it by pointing a name of its own at the loopback address.
pub fn routes<S>(people: Option<Bytes>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let people = move |uri: Uri, headers: HeaderMap| async move {
        match people {
            Some(json) if names_loopback(&uri, &headers) => {
                secured([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, NEVER)], json)
            }
            _ => not_found(),
        }
    };
    Router::new()
        .route("/", get(home))
        .route("/playground", get(home))
        .route(HOME, get(|headers: HeaderMap| file("index.html".into(), headers)))
        .route("/playground/people.json", get(people))
        .route("/playground/{*path}", get(|Path(path): Path<String>, headers: HeaderMap| file(path, headers)))
}

async fn home() -> Redirect {
    Redirect::temporary(HOME)
}

async fn file(path: String, headers: HeaderMap) -> Response {
    match Bundle::get(&format!("{path}.gz")) {
        Some(found) => answer(&path, found, &headers),
        None if path == "index.html" => missing(),
        None => not_found(),
    }
}

fn answer(path: &str, found: EmbeddedFile, headers: &HeaderMap) -> Response {
    let packed = accepts_gzip(headers);
    let tag = etag(&found, packed);
    let lasting = if path.starts_with("assets/") { FOREVER } else { CHECKED };
    let common = [(CACHE_CONTROL, lasting), (ETAG, tag.as_str()), (VARY, "accept-encoding")];
    if has_tag(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, secured(common, ())).into_response();
    }
    let mut response = if packed {
        secured(common, Body::from(owned(found.data)))
    } else {
        match unpacked(&found.data) {
            Ok(plain) => secured(common, Body::from(plain)),
            Err(error) => {
                tracing::error!(%error, path, "a file of the playground cannot be unpacked");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        }
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    if packed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// A response with the headers that every answer of the playground bears.
fn secured<const N: usize>(extra: [(HeaderName, &str); N], body: impl IntoResponse) -> Response {
    let always = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    (always, extra, body).into_response()
}

fn missing() -> Response {
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, NEVER)];
    (StatusCode::SERVICE_UNAVAILABLE, secured(headers, MISSING)).into_response()
}

fn not_found() -> Response {
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, NEVER)];
    (StatusCode::NOT_FOUND, secured(headers, "Not found\n")).into_response()
}

fn owned(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

fn unpacked(gzip: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(gzip).read_to_end(&mut plain)?;
    Ok(plain)
}

/// The two encodings of one file are two representations: each has a tag of its own.
fn etag(file: &EmbeddedFile, packed: bool) -> String {
    let mut tag = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..ETAG_BYTES] {
        tag.push_str(&format!("{byte:02x}"));
    }
    tag.push_str(if packed { "-gzip\"" } else { "\"" });
    tag
}

#[cfg(test)]
mod tests;
