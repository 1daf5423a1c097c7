//! From the engine's answer to the wire: request errors apart from results, our failures masked.

use std::collections::BTreeMap;

use async_graphql::{ErrorExtensionValues, Response as Answer, ServerError, Value};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use super::Wire;
use super::error::{Code, Refusal, describe};
use super::media::Media;
use super::operation::{Meta, internal};
use crate::graphql::live::{self, Telling};

/// What the engine says when an argument has a wrong value that validation did not see: the client's error, not ours.
const COERCION_MESSAGES: [&str; 3] = ["Failed to parse \"", "Expected input type \"", "Invalid value for argument \""];

#[derive(Serialize)]
struct Wired<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

/// Whether nothing was executed: then an answer has no `data` at all.
pub(super) fn is_request_error(answer: &Answer) -> bool {
    let unexecuted = |error: &ServerError| error.path.is_empty();
    answer.data == Value::Null && !answer.errors.is_empty() && answer.errors.iter().all(unexecuted)
}

/// An answer as JSON.
pub(super) fn to_json(answer: &Answer) -> Vec<u8> {
    let data = (!is_request_error(answer)).then_some(&answer.data);
    write(&Wired { errors: &answer.errors, data, extensions: &answer.extensions })
}

/// Writes what a stream tells, as JSON.
pub(super) fn append(telling: &Telling, text: &mut String) {
    match &telling.answer {
        live::Answer::Own(answer) => text.push_str(&String::from_utf8_lossy(&to_json(answer))),
        live::Answer::Shared(rendering) => rendering.append_to(text, telling.cursor.as_deref().unwrap_or_default()),
    }
}

/// Errors without a result, as JSON: nothing was executed, or there is nothing more to execute.
pub(super) fn errors_to_json(errors: &[ServerError]) -> Vec<u8> {
    write(&Wired { errors, data: None, extensions: &BTreeMap::new() })
}

fn write(body: &Wired) -> Vec<u8> {
    serde_json::to_vec(body).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer could not be written");
        br#"{"errors":[{"message":"The server failed to answer.","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#.to_vec()
    })
}

/// Seconds until a client may try again when the server cannot answer now.
pub(super) const RETRY_AFTER_SECONDS: u64 = 5;

/// Whether nothing at all could be answered because the database is away.
fn is_unavailable(answer: &Answer) -> bool {
    let code = Some(Value::from(Code::Unavailable.as_str()));
    let is_away = |error: &ServerError| error.extensions.as_ref().and_then(|all| all.get("code").cloned()) == code;
    let is_empty = match &answer.data {
        Value::Object(fields) => fields.values().all(|value| *value == Value::Null),
        data => *data == Value::Null,
    };
    is_empty && !answer.errors.is_empty() && answer.errors.iter().all(is_away)
}

/// The answer to a query or mutation. One that got nothing because the database is away is a refusal: the client tries again.
pub(super) fn answer(answer: Answer, media: Media) -> Response {
    if is_unavailable(&answer) {
        let mut response = json(Code::Unavailable.status(), media, errors_to_json(&answer.errors));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
        return response;
    }
    let status = match media {
        Media::GraphqlJson if is_request_error(&answer) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    json(status, media, to_json(&answer))
}

/// The answer to a request that was refused.
pub(super) fn refusal(refusal: &Refusal, media: Media, request_id: &str) -> Response {
    let status = match media {
        Media::Json if refusal.code.is_of_document() => StatusCode::OK,
        _ => refusal.code.status(),
    };
    let answer = Answer::from_errors(vec![refusal.to_server_error(request_id)]);
    let mut response = json(status, media, to_json(&answer));
    for (name, value) in &refusal.headers {
        response.headers_mut().insert(name, value.clone());
    }
    response
}

fn json(status: StatusCode, media: Media, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.json_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// Gives every error its code, hides what is ours and logs it, and keeps an answer from being mostly errors.
pub(super) fn mask(wire: &Wire, mut answer: Answer, meta: &Meta) -> Answer {
    let request_error = is_request_error(&answer);
    answer.errors.truncate(wire.settings.errors_max);
    for error in &mut answer.errors {
        mask_one(error, request_error, meta);
        if !wire.settings.introspection {
            // Suggestions tell names that introspection hides.
            if let Some(at) = error.message.find(" Did you mean") {
                error.message.truncate(at);
            }
        }
    }
    answer
}

fn mask_one(error: &mut ServerError, request_error: bool, meta: &Meta) {
    if let Some(extensions) = error.extensions.as_mut().filter(|all| all.get("code").is_some()) {
        extensions.set("requestId", meta.id());
        // Tools that know neither our codes nor our classes take an error with a path for a failure of the server, but
        // for this mark of other servers.
        let theirs = ["REQUEST", "LIMIT"].map(Value::from);
        if extensions.get("class").is_some_and(|class| theirs.contains(class)) {
            extensions.set("classification", "ValidationError");
        }
        return;
    }
    let coercion = COERCION_MESSAGES.iter().any(|start| error.message.starts_with(start));
    let code = match (coercion, request_error) {
        (true, _) => Code::BadUserInput,
        (false, true) => Code::ValidationFailed,
        (false, false) => {
            tracing::error!(request_id = meta.id(), path = ?error.path, cause = %error.message, "a resolver failed");
            error.message = internal().message;
            Code::Internal
        }
    };
    let mut extensions = ErrorExtensionValues::default();
    describe(&mut extensions, code, meta.id());
    error.source = None;
    error.extensions = Some(extensions);
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;
    use crate::graphql::errors::Failure;

    fn failed(data: Value, failures: &[Failure]) -> Response {
        let errors = failures.iter().map(|failure| async_graphql::Error::from(*failure).into_server_error(Default::default()));
        let mut result = Answer::new(data);
        result.errors = errors.collect();
        answer(result, Media::Json)
    }

    #[test]
    fn what_got_nothing_because_the_database_is_away_is_503() {
        for data in [Value::Null, value!({ "claims": null, "viewer": null })] {
            let response = failed(data, &[Failure::Unavailable, Failure::Unavailable]);
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert!(response.headers().contains_key(header::RETRY_AFTER));
        }
    }

    #[test]
    fn what_got_something_or_failed_otherwise_is_an_answer() {
        let some = failed(value!({ "viewer": { "name": "Anna" }, "claims": null }), &[Failure::Unavailable]);
        let ours = failed(value!({ "claims": null }), &[Failure::Unavailable, Failure::Internal]);
        let none = failed(value!({ "claim": null }), &[]);
        assert_eq!([some, ours, none].map(|response| response.status()), [StatusCode::OK; 3]);
    }
}
