//! Proof of execution over plain HTTP: bytes in by a single-use address.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::app::{App, TakenFile, UploadError};
use crate::domain::file::FileRefusal;
use crate::messages::{Language, Words};

/// How long the bytes of one file may take to arrive.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(600);

/// The routes. A method that is not theirs is answered 405.
pub(super) fn routes(app: App) -> Router {
    Router::new().route("/uploads/{token}", put(upload)).with_state(app)
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

/// The answer where something of ours failed; its cause is in the log.
pub(super) fn failed() -> Response {
    let body = json!({ "error": { "code": "UNAVAILABLE", "message": "The server cannot do this now; try again." } });
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], Json(body)).into_response()
}
