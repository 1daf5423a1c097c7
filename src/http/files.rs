//! Proof of execution over plain HTTP: bytes in by a single-use address, bytes out by authorization.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use axum::{Json, Router};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{App, Download, Downloaded, TakenFile, UploadError};
use crate::auth::AuthError;
use crate::domain::file::{FileRefusal, ScanState};
use crate::domain::ids::DocumentId;
use crate::messages::{Language, Words};

/// How long the bytes of one file may take to arrive.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(600);
/// What a browser may do with a document that it shows all the same: nothing.
const DOCUMENT_CSP: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// The routes. A method that is not theirs is answered 405.
pub(super) fn routes(app: App) -> Router {
    Router::new().route("/uploads/{token}", put(upload)).route("/documents/{id}", get(download)).with_state(app)
}

/// `PUT /uploads/{token}`: the token of `poeUploadCreate` is the permission, and works once.
async fn upload(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap, body: Body) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let language = text(header::ACCEPT_LANGUAGE).and_then(Language::accepted).unwrap_or_default();
    let receive = app.upload_receive(&token, text(header::CONTENT_TYPE), body.into_data_stream());
    match tokio::time::timeout(UPLOAD_TIMEOUT, receive).await.unwrap_or(Err(UploadError::Broken)) {
        Ok(taken) => (StatusCode::CREATED, Json(taken_json(&taken, language))).into_response(),
        Err(error) => refused(&error, language),
    }
}

fn taken_json(TakenFile { file, flags, scan }: &TakenFile, language: Language) -> Value {
    let sha256: String = file.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let flags: Vec<_> = flags.iter().map(|flag| json!({ "code": flag.code(), "message": flag.words(language) })).collect();
    json!({
        "name": file.name, "mediaType": file.media_type, "sizeBytes": file.size_bytes, "sha256": sha256, "flags": flags,
        "scan": scan.code(),
    })
}

/// The status of a refused file.
fn file_status(refusal: FileRefusal) -> StatusCode {
    match refusal {
        FileRefusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FileRefusal::TypeNotAllowed | FileRefusal::ExtensionMismatch | FileRefusal::IsArchive => {
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn refused(error: &UploadError, language: Language) -> Response {
    let (status, code) = match error {
        UploadError::NotFound => (StatusCode::NOT_FOUND, "UPLOAD_NOT_FOUND"),
        UploadError::File(refusal) => {
            let error = json!({ "code": refusal.code(), "message": refusal.words(language) });
            return (file_status(*refusal), Json(json!({ "error": error }))).into_response();
        }
        UploadError::Broken => (StatusCode::BAD_REQUEST, "UPLOAD_BROKEN"),
        UploadError::BadName | UploadError::Forbidden | UploadError::TooMany => (StatusCode::CONFLICT, "UPLOAD_REFUSED"),
        UploadError::App(cause) => {
            tracing::error!(error = %cause, "a file could not be taken");
            return failed();
        }
    };
    (status, Json(json!({ "error": { "code": code, "message": error.to_string() } }))).into_response()
}

fn failed() -> Response {
    let body = json!({ "error": { "code": "UNAVAILABLE", "message": "The server cannot do this now; try again." } });
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], Json(body)).into_response()
}

/// `GET /documents/{id}`: authorized each time; what is not for this viewer does not exist.
async fn download(State(app): State<App>, Path(document): Path<String>, headers: HeaderMap) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let viewer = match app.authenticate(bearer.map(|(_, token)| token)).await {
        Ok(viewer) => viewer,
        Err(AuthError::Unavailable) => return failed(),
        Err(_) => return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response(),
    };
    let Ok(id) = Uuid::try_parse(&document) else { return StatusCode::NOT_FOUND.into_response() };
    match app.download(&viewer, DocumentId(id)).await {
        Ok(Downloaded::File(found)) => document_response(found),
        Ok(Downloaded::Held(state)) => held(state),
        Ok(Downloaded::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a document could not be read");
            failed()
        }
    }
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

fn document_response(Download { file, bytes }: Download) -> Response {
    let mut response = Response::new(Body::from_stream(bytes));
    let headers = response.headers_mut();
    let mut set = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, file.media_type);
    set(header::CONTENT_LENGTH, file.size_bytes.to_string());
    set(header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", percent_encoded(&file.name)));
    set(header::CONTENT_SECURITY_POLICY, DOCUMENT_CSP.to_owned());
    set(header::CACHE_CONTROL, "private, no-store".to_owned());
    response
}

/// A name in the form of RFC 8187: everything but letters, digits and a few marks as percent and two digits.
fn percent_encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::percent_encoded;

    #[test]
    fn a_name_in_a_header_is_nothing_but_a_name() {
        assert_eq!(percent_encoded("Umowa \"ł\".pdf"), "Umowa%20%22%C5%82%22.pdf");
        assert_eq!(percent_encoded("a\r\nSet-Cookie: x"), "a%0D%0ASet-Cookie%3A%20x");
    }
}
