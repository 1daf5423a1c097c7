//! Proof of execution over plain HTTP: bytes in by a single-use address.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use axum::{Json, Router};
use serde_json::json;

use crate::app::{App, UploadError};

/// How long the bytes of one file may take to arrive.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(600);
/// The routes. A method that is not theirs is answered 405.
pub(super) fn routes(app: App) -> Router {
    Router::new().route("/uploads/{token}", put(upload)).with_state(app)
}

/// `PUT /uploads/{token}`: the token of `poeUploadCreate` is the permission, and works once.
async fn upload(State(app): State<App>, Path(token): Path<String>, body: Body) -> Response {
    let received = tokio::time::timeout(UPLOAD_TIMEOUT, app.upload_receive(&token, body.into_data_stream())).await;
    let result = received.unwrap_or(Err(UploadError::Broken));
    match result {
        Ok(file) => {
            let sha256: String = file.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
            let facts = json!({
                "name": file.name, "mediaType": file.media_type, "sizeBytes": file.size_bytes, "sha256": sha256,
            });
            (StatusCode::CREATED, Json(facts)).into_response()
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &UploadError) -> Response {
    let (status, code) = match error {
        UploadError::NotFound => (StatusCode::NOT_FOUND, "UPLOAD_NOT_FOUND"),
        UploadError::Empty => (StatusCode::UNPROCESSABLE_ENTITY, "FILE_EMPTY"),
        UploadError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "FILE_TOO_LARGE"),
        UploadError::TypeNotAllowed => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "FILE_TYPE_NOT_ALLOWED"),
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
