//! `/graphql`: GraphQL over HTTP by GET and POST. A request passes, in this order: method, origin, `Accept`, credential,
//! content type, body, parameters, limits, place and budget; then it is executed or streamed.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::admission;
use super::closing::Closing;
use super::error::{Code, Refusal};
use super::events::Events;
use super::frames::Frames;
use super::gateway::Caller;
use super::media::{self, Accepted, Content, Media};
use super::operation::{self, Admitted, Meta, admit, internal};
use super::params::Params;
use super::uploads::{self, Files};
use super::{Wire, body, csrf, response, stream, ws};
use crate::auth::AuthError;
use crate::graphql::context::RequestId;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST");
const POST_ONLY: HeaderValue = HeaderValue::from_static("POST");

/// Answers every request to `/graphql`, whatever its method.
pub(super) async fn handle(State(wire): State<Arc<Wire>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let request_id = parts.extensions.get::<RequestId>().cloned();
    let request_id = request_id.unwrap_or_else(|| RequestId("unknown".into()));
    let meta = Meta::new(request_id, &parts.headers);
    let accepted = media::negotiate(&parts.headers);
    let fallback = accepted.as_ref().map_or(Media::GraphqlJson, Accepted::for_refusal);
    let respond = AssertUnwindSafe(respond(&wire, parts, body, accepted, &meta)).catch_unwind();
    match respond.await.unwrap_or_else(|_| Err(internal())) {
        Ok(response) => response,
        Err(refusal) => {
            wire.metrics.refusal(refusal.code.as_str());
            response::refusal(&refusal, fallback, meta.id())
        }
    }
}

async fn respond(
    wire: &Arc<Wire>,
    parts: Parts,
    body: Body,
    accepted: Result<Accepted, Refusal>,
    meta: &Meta,
) -> Result<Response, Refusal> {
    let closing = Closing::of(&parts.extensions);
    if parts.method == Method::GET && ws::is_upgrade(&parts.headers) {
        return ws::upgrade(wire, parts, meta.clone(), closing).await;
    }
    if parts.method == Method::OPTIONS {
        return Ok((StatusCode::NO_CONTENT, [(header::ALLOW, METHODS)]).into_response());
    }
    if ![Method::GET, Method::POST].contains(&parts.method) {
        let message = "Send a GET or POST request.";
        return Err(Refusal::new(Code::MethodNotAllowed, message).header(header::ALLOW, METHODS));
    }
    csrf::check(&parts, &wire.settings)?;
    let accepted = accepted?;
    let caller = identify(wire, &parts, &accepted).await?;
    let (params, files) = read(wire, &parts, body).await?;
    let admitted = admit(wire, params, &*caller, meta).and_then(|admitted| {
        let kind = admitted.prepared.kind;
        allow_kind(kind, &parts.method)?;
        Ok((choose(kind, &accepted)?, admitted))
    });
    match admitted {
        Ok((media, mut admitted)) => {
            if let Some(files) = files {
                files.receive(&*caller, &mut admitted.prepared.request.variables).await?;
            }
            answer(wire, media, admitted, caller, meta, closing).await
        }
        // Whoever reads a stream reads errors of the document there.
        Err(refusal) if refusal.code.is_of_document() && accepted.for_result() == Media::EventStream => {
            wire.metrics.refusal(refusal.code.as_str());
            Ok(stream::refuse(wire, Frames::Sse, &refusal, meta))
        }
        Err(refusal) => Err(refusal),
    }
}

/// Executes what was admitted, or begins to stream it.
async fn answer(
    wire: &Arc<Wire>,
    media: Media,
    admitted: Admitted,
    caller: Arc<dyn Caller>,
    meta: &Meta,
    closing: Closing,
) -> Result<Response, Refusal> {
    let budget = admitted.budget;
    let frames = match media {
        Media::EventStream => Some(Frames::Sse),
        Media::Multipart => Some(Frames::Multipart),
        Media::Json | Media::GraphqlJson => None,
    };
    let mut response = match frames {
        Some(frames) => stream::respond(wire, frames, Events::start(wire, admitted, meta), caller, meta, closing),
        None => {
            let _slot = admitted.slot;
            response::answer(operation::execute(wire, admitted.prepared, meta).await?, media)
        }
    };
    if let Some(budget) = budget {
        admission::write(budget, response.headers_mut());
    }
    Ok(response)
}

/// Answers a POST to `/graphql/stream-ticket` with a ticket for one event stream.
pub(super) async fn ticket(State(wire): State<Arc<Wire>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let request_id = parts.extensions.get::<RequestId>().map_or("", |id| &id.0);
    let issued = async {
        csrf::check(&parts, &wire.settings)?;
        wire.tickets.issue(authenticate(&wire, bearer(&parts.headers)?.as_deref()).await?)
    };
    issued.await.unwrap_or_else(|refusal: Refusal| {
        wire.metrics.refusal(refusal.code.as_str());
        response::refusal(&refusal, Media::GraphqlJson, request_id)
    })
}

/// Who asks: by the header, or by a ticket in the address of an event stream.
async fn identify(wire: &Wire, parts: &Parts, accepted: &Accepted) -> Result<Arc<dyn Caller>, Refusal> {
    let streams = parts.method == Method::GET && accepted.for_result() == Media::EventStream;
    if streams && let Some(ticket) = ticket_in(parts.uri.query().unwrap_or_default()) {
        return wire.tickets.redeem(&ticket).await.ok_or_else(|| unauthenticated("invalid_token"));
    }
    authenticate(wire, bearer(&parts.headers)?.as_deref()).await
}

fn ticket_in(query: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "ticket").map(|(_, ticket)| ticket.into_owned())
}

async fn read(wire: &Wire, parts: &Parts, body: Body) -> Result<(Params, Option<Files>), Refusal> {
    let limits = &wire.settings.limits;
    if parts.method == Method::GET {
        let query = parts.uri.query().unwrap_or_default();
        let maximum = wire.settings.url_bytes_max;
        if query.len() > maximum {
            return Err(Refusal::limit("url_bytes", maximum as u64, query.len() as u64));
        }
        return Ok((Params::from_query_string(query, limits)?, None));
    }
    match media::content(&parts.headers)? {
        Content::Json => {
            let body = body::read(&parts.headers, body, &wire.settings).await?;
            Ok((Params::from_json(&body, limits)?, None))
        }
        Content::Form => {
            let (params, files) = uploads::read(&parts.headers, body, &wire.settings).await?;
            Ok((params, Some(files)))
        }
    }
}

/// A link that somebody clicks must not change anything.
fn allow_kind(kind: OperationType, method: &Method) -> Result<(), Refusal> {
    if kind == OperationType::Mutation && *method == Method::GET {
        let message = "A mutation must be sent by POST.";
        return Err(Refusal::new(Code::MethodNotAllowed, message).header(header::ALLOW, POST_ONLY));
    }
    Ok(())
}

fn choose(kind: OperationType, accepted: &Accepted) -> Result<Media, Refusal> {
    if kind != OperationType::Subscription {
        return Ok(accepted.for_result());
    }
    accepted.for_subscription().ok_or_else(|| {
        Refusal::new(Code::NotAcceptable, "A subscription needs a WebSocket, or Accept: text/event-stream or multipart/mixed.")
    })
}

/// The token of an `Authorization: Bearer` header.
///
/// # Errors
/// `UNAUTHENTICATED` for any other scheme, and for two headers.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (all.next(), all.next()) else {
        return match headers.contains_key(header::AUTHORIZATION) {
            true => Err(unauthenticated("invalid_request")),
            false => Ok(None),
        };
    };
    let token = value.to_str().ok().and_then(|text| text.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim().to_owned())),
        _ => Err(unauthenticated("invalid_request")),
    }
}

/// Finds out who asks.
///
/// # Errors
/// `UNAUTHENTICATED`, or `UNAVAILABLE` when that cannot be found out now.
pub(super) async fn authenticate(wire: &Wire, bearer: Option<&str>) -> Result<Arc<dyn Caller>, Refusal> {
    match wire.gateway.authenticate(bearer).await {
        Ok(caller) => Ok(caller),
        Err(AuthError::Missing) => Err(unauthenticated("")),
        Err(AuthError::Invalid(_)) => Err(unauthenticated("invalid_token")),
        Err(AuthError::Unavailable) => Err(Refusal::new(Code::Unavailable, "Who you are cannot be checked now.")
            .header(header::RETRY_AFTER, HeaderValue::from(response::RETRY_AFTER_SECONDS))),
    }
}

/// `error` as RFC 6750 names it; empty where no credential was sent.
fn unauthenticated(error: &'static str) -> Refusal {
    let challenge = match error {
        "invalid_token" => "Bearer realm=\"cpor\", error=\"invalid_token\"",
        "invalid_request" => "Bearer realm=\"cpor\", error=\"invalid_request\"",
        _ => "Bearer realm=\"cpor\"",
    };
    let message = match error {
        "" => "Send a credential: Authorization: Bearer <token>.",
        _ => "The credential does not hold.",
    };
    Refusal::new(Code::Unauthenticated, message).header(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}
