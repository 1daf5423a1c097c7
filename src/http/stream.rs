//! An operation's events as the body of an HTTP answer.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::ServerError;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use futures_util::stream;

use super::Wire;
use super::closing::Closing;
use super::error::{Code, Refusal};
use super::events::{CredentialWatch, Event, Events};
use super::frames::Frames;
use super::gateway::Caller;
use super::operation::Meta;

/// Tells proxies that buffer answers not to.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

struct Feed {
    frames: Frames,
    /// `None` when nothing was started: the queue then holds all there is.
    events: Option<Events>,
    watch: Option<CredentialWatch>,
    closing: Closing,
    heartbeat: Duration,
    meta: Meta,
    /// Written before anything else is asked for.
    queue: VecDeque<String>,
}

/// Streams a running operation.
pub(super) fn respond(
    wire: &Wire,
    frames: Frames,
    events: Events,
    caller: Arc<dyn Caller>,
    meta: &Meta,
    closing: Closing,
) -> Response {
    let body = Feed {
        frames,
        events: Some(events),
        watch: Some(CredentialWatch::new(caller, wire.settings.revalidate_interval)),
        closing,
        heartbeat: wire.settings.streams.heartbeat,
        meta: meta.clone(),
        queue: VecDeque::from([frames.open().to_owned()]),
    };
    into_response(body)
}

/// Streams nothing but a refusal: a client that asked for a stream reads errors there.
pub(super) fn refuse(wire: &Wire, frames: Frames, refusal: &Refusal, meta: &Meta) -> Response {
    let mut body = Feed {
        frames,
        events: None,
        watch: None,
        closing: Closing::default(),
        heartbeat: wire.settings.streams.heartbeat,
        meta: meta.clone(),
        queue: VecDeque::from([frames.open().to_owned()]),
    };
    body.end_with(refusal);
    into_response(body)
}

fn into_response(body: Feed) -> Response {
    let content_type = body.frames.content_type();
    let chunks = stream::unfold(body, |mut body| async move {
        let chunk = body.chunk().await?;
        Some((Ok::<_, Infallible>(Bytes::from(chunk)), body))
    });
    let mut response = Response::new(Body::from_stream(chunks));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

impl Feed {
    async fn chunk(&mut self) -> Option<String> {
        if let Some(ready) = self.queue.pop_front() {
            return Some(ready);
        }
        let (events, watch) = (self.events.as_mut()?, self.watch.as_ref()?);
        tokio::select! {
            // The body ends without a word of completion, which tells clients to come back.
            () = self.closing.closed() => return None,
            () = watch.ended() => {
                let refusal = Refusal::new(Code::CredentialEnded, "The credential does not hold any more.");
                self.end_with(&refusal);
            }
            () = tokio::time::sleep(self.heartbeat) => return Some(self.frames.heartbeat().to_owned()),
            event = events.next() => match event {
                Some(Event::Next(telling)) => return Some(self.frames.next(&telling)),
                Some(Event::Failed(errors)) => self.end(&errors),
                None => {
                    self.events = None;
                    self.queue.push_back(self.frames.complete().to_owned());
                }
            },
        }
        self.queue.pop_front()
    }

    fn end_with(&mut self, refusal: &Refusal) {
        self.end(&[refusal.to_server_error(self.meta.id())]);
    }

    fn end(&mut self, errors: &[ServerError]) {
        self.events = None;
        self.queue.push_back(self.frames.errors(errors));
        self.queue.push_back(self.frames.complete().to_owned());
    }
}
