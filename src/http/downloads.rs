//! Proof of execution over plain HTTP: bytes out, by credential or by a link that holds for a short while.

use std::ops::Range;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use headers::{ETag, HeaderMapExt};
use serde_json::json;
use uuid::Uuid;

use super::files::failed;
use super::ranges::{Asked, asked};
use crate::app::{App, AppError, Downloaded};
use crate::auth::AuthError;
use crate::domain::file::ScanState;
use crate::domain::ids::DocumentId;
use crate::domain::poe::FileFacts;

/// What a browser may do with a document that it shows all the same: nothing.
const DOCUMENT_CSP: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";
/// Nobody keeps a document but who saves it.
const CACHE_CONTROL: &str = "private, no-store";

/// The routes; each answers HEAD as well. A method that is not theirs is answered 405.
pub(super) fn routes(app: App) -> Router {
    Router::new().route("/documents/{id}", get(by_credential)).route("/downloads/{link}", get(by_link)).with_state(app)
}

/// `GET /documents/{id}`: authorized each time; what is not for this viewer does not exist.
async fn by_credential(State(app): State<App>, Path(document): Path<String>, method: Method, headers: HeaderMap) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let viewer = match app.authenticate(bearer.map(|(_, token)| token)).await {
        Ok(viewer) => viewer,
        Err(AuthError::Unavailable) => return failed(),
        Err(_) => return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response(),
    };
    let Ok(id) = Uuid::try_parse(&document) else { return StatusCode::NOT_FOUND.into_response() };
    let found = app.download(&viewer, DocumentId(id)).await;
    answer(&app, found, &method, &headers).await
}

/// `GET /downloads/{link}`: the link of `PoeDocument.downloadUrl` is the permission, for as long as whom it was made for may see the
/// document.
async fn by_link(State(app): State<App>, Path(link): Path<String>, method: Method, headers: HeaderMap) -> Response {
    let found = app.download_by_link(&link).await;
    answer(&app, found, &method, &headers).await
}

async fn answer(app: &App, found: Result<Downloaded, AppError>, method: &Method, headers: &HeaderMap) -> Response {
    let response = match found {
        Ok(Downloaded::File(file)) => document(app, &file, method, headers).await,
        Ok(Downloaded::Held(state)) => return held(state),
        Ok(Downloaded::NotFound) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => Err(error),
    };
    response.unwrap_or_else(|error| {
        tracing::error!(%error, "a document could not be read");
        failed()
    })
}

/// A file that waits for the virus scanner may be had later; an infected one never.
fn held(state: ScanState) -> Response {
    let body = |code, message| Json(json!({ "error": { "code": code, "message": message } }));
    match state {
        ScanState::Pending => {
            let body = body("FILE_SCAN_PENDING", "The virus scanner has not seen this file yet; try again later.");
            (StatusCode::CONFLICT, [(header::RETRY_AFTER, "10")], body).into_response()
        }
        _ => (StatusCode::FORBIDDEN, body("FILE_INFECTED", "The virus scanner found something in this file.")).into_response(),
    }
}

async fn document(app: &App, file: &FileFacts, method: &Method, headers: &HeaderMap) -> Result<Response, AppError> {
    let size = u64::try_from(file.size_bytes).unwrap_or(0);
    let Some(etag) = etag(file) else { return Ok(failed()) };
    let mut response = match asked(headers, &etag, size) {
        // Only a GET is answered in parts.
        Asked::Part(_) | Asked::Unsatisfiable if *method == Method::HEAD => bytes(app, file, None, size, method).await?,
        Asked::NotModified => StatusCode::NOT_MODIFIED.into_response(),
        Asked::Unsatisfiable => {
            (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, format!("bytes */{size}"))]).into_response()
        }
        Asked::Whole => bytes(app, file, None, size, method).await?,
        Asked::Part(range) => {
            let mut response = bytes(app, file, Some(range.clone()), range.end - range.start, method).await?;
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            set(&mut response, header::CONTENT_RANGE, &format!("bytes {}-{}/{size}", range.start, range.end - 1));
            response
        }
    };
    response.headers_mut().typed_insert(etag);
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    set(&mut response, header::CACHE_CONTROL, CACHE_CONTROL);
    Ok(response)
}

/// The bytes, or only what would be said of them.
async fn bytes(
    app: &App,
    file: &FileFacts,
    range: Option<Range<u64>>,
    length: u64,
    method: &Method,
) -> Result<Response, AppError> {
    let body = match *method == Method::HEAD {
        true => Body::empty(),
        false => Body::from_stream(app.bytes_of(file, range).await?),
    };
    let mut response = Response::new(body);
    set(&mut response, header::CONTENT_TYPE, &file.media_type);
    set(&mut response, header::CONTENT_LENGTH, &length.to_string());
    set(&mut response, header::CONTENT_DISPOSITION, &disposition(&file.name));
    set(&mut response, header::CONTENT_SECURITY_POLICY, DOCUMENT_CSP);
    Ok(response)
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The bytes by their hash: equal tags, equal bytes.
fn etag(file: &FileFacts) -> Option<ETag> {
    let sha256: String = file.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{sha256}\"").parse().ok()
}

/// A name to save the file under (RFC 6266): whole for those who read RFC 8187, in ASCII for the others. Nothing in it can be more than
/// a name.
fn disposition(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " -._()".contains(c);
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", percent_encoded(name))
}

/// A name in the form of RFC 8187: everything but letters, digits and a few marks as percent and two digits.
fn percent_encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_in_a_header_is_nothing_but_a_name() {
        let polish = r#"attachment; filename="Umowa ___.pdf"; filename*=UTF-8''Umowa%20%22%C5%82%22.pdf"#;
        assert_eq!(disposition("Umowa \"ł\".pdf"), polish);
        let header = disposition("a\r\nSet-Cookie: x\"; filename=y.exe");
        assert_eq!(
            header,
            r#"attachment; filename="a__Set-Cookie_ x__ filename_y.exe"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%22%3B%20filename%3Dy.exe"#
        );
    }
}
