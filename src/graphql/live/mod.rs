//! Subscriptions, executed once for all who would get the same answer.
//!
//! A stream at rest is a selection, a viewer and an ear: the engine is asked twice only, for short. First it *opens* the operation: it
//! checks it, and the resolver of the root field says what to watch. Then, for each event, it *tells*: the very same operation is executed
//! over that one event. What it answers is kept for the other streams with the same selection and the same rights, with a hole where
//! each reader's own cursor goes; a selection that depends on more than rights ([`sharing`]) is executed for its viewer alone.

mod audience;
mod rendering;
mod renderings;
mod selection;
pub mod sharing;
mod stage;

use std::sync::{Arc, OnceLock};

use async_graphql::{Error, Executor, PathSegment, Request, Response, ServerError};
use futures_util::future::Either;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use uuid::Uuid;

use self::audience::Audience;
pub use self::rendering::Rendering;
use self::renderings::{Key, Renderings};
use self::selection::{Selection, Selections};
pub use self::stage::{Stage, staged};
use super::claim_event::failed;
use super::context::Asker;
use crate::app::{FeedItem, Told, Watching};

/// What a reader is told.
#[derive(Debug)]
pub struct Telling {
    /// The answer.
    pub answer: Answer,
    /// Where to resume after it; `None` where there is no such place.
    pub cursor: Option<String>,
}

/// An answer to a subscription.
#[derive(Debug)]
pub enum Answer {
    /// Made for this reader.
    Own(Box<Response>),
    /// Made for many; lacks their cursors.
    Shared(Arc<Rendering>),
}

impl From<Response> for Telling {
    fn from(response: Response) -> Self {
        Self { answer: Answer::Own(Box::new(response)), cursor: None }
    }
}

/// Executes subscriptions. One a server, so that what is executed once is once for all.
pub struct Teller<E> {
    schema: E,
    selections: Selections,
    renderings: Renderings,
    /// Stands in shared answers where cursors go. Nobody can know it, so no other text of an answer can be it.
    hole: String,
}

impl<E: Executor> Teller<E> {
    /// A teller for this schema.
    #[must_use]
    pub fn new(schema: E) -> Arc<Self> {
        let hole = format!("hole-{}", Uuid::new_v4().simple());
        Arc::new(Self { schema, selections: Selections::default(), renderings: Renderings::default(), hole })
    }

    /// What a subscription tells. Ends after the first answer whose source failed.
    pub fn subscribe(self: &Arc<Self>, request: Request) -> BoxStream<'static, Telling> {
        let teller = Arc::clone(self);
        stream::once(Box::pin(async move { teller.open(request).await })).flatten().boxed()
    }

    async fn open(self: Arc<Self>, mut request: Request) -> BoxStream<'static, Telling> {
        let asker = Asker::of(&request);
        let selection = match self.selections.find(&mut request) {
            Ok(selection) => selection,
            Err(error) => return answers(vec![Response::from_errors(vec![error])]),
        };
        let opening = Arc::new(OnceLock::new());
        let request = request.data(Stage::Opening(Arc::clone(&opening)));
        let refused: Vec<_> = self.schema.execute_stream(request, None).collect().await;
        match (asker, opening.get()) {
            (Some(asker), Some(watching)) => Box::pin(self.watch(asker, selection, watching.clone())),
            _ => answers(refused),
        }
    }

    fn watch(
        self: Arc<Self>,
        asker: Asker,
        selection: Arc<Selection>,
        watching: Watching,
    ) -> impl Stream<Item = Telling> + use<E> {
        let told = asker.app.watch(Arc::clone(&asker.viewer), watching);
        let audience = Arc::new(Audience::of(&asker, selection.is_shared));
        let reader = Arc::new(Reader { teller: self, asker, selection, audience });
        told.then(move |told| match told {
            Ok(told) => {
                let key = reader.key(&told);
                match reader.teller.renderings.get(&key) {
                    Some(rendering) => Either::Left(std::future::ready(shared(rendering, told))),
                    None => Either::Right(Box::pin(Arc::clone(&reader).tell(key, told))),
                }
            }
            Err(error) => Either::Left(std::future::ready(reader.selection.failure(failed(error)).into())),
        })
    }
}

/// One stream: who reads what.
struct Reader<E> {
    teller: Arc<Teller<E>>,
    asker: Asker,
    selection: Arc<Selection>,
    audience: Arc<Audience>,
}

impl<E: Executor> Reader<E> {
    fn key(&self, told: &Told) -> Key {
        let position = match told {
            Told::Event(item) => Some(item.happening.entry.position),
            Told::Checkpoint { .. } => None,
        };
        Key { selection: self.selection.number, position, audience: Arc::clone(&self.audience) }
    }

    /// The answer for what was told, executed by whoever asks for it first. Answers with errors are not shared.
    async fn tell(self: Arc<Self>, key: Key, told: Told) -> Telling {
        let cell = self.teller.renderings.cell(key);
        let rendered = cell.get_or_try_init(|| async {
            let response = self.execute(&told).await;
            Rendering::of(&response, &self.teller.hole).map(Arc::new).ok_or(response)
        });
        match rendered.await {
            Ok(rendering) => shared(Arc::clone(rendering), told),
            Err(mut response) => {
                let cursor = cursor(told);
                rendering::fill(&mut response.data, &self.teller.hole, &cursor);
                Telling { answer: Answer::Own(Box::new(response)), cursor: Some(cursor) }
            }
        }
    }

    /// The operation over one event.
    async fn execute(&self, told: &Told) -> Response {
        let cursor = self.teller.hole.clone();
        let told = match told {
            Told::Event(item) => Told::Event(FeedItem { cursor, happening: Arc::clone(&item.happening) }),
            Told::Checkpoint { .. } => Told::Checkpoint { cursor },
        };
        let request = self.asker.attach(self.selection.request()).data(Stage::Telling(told));
        let first = self.teller.schema.execute_stream(request, None).next().await;
        first.unwrap_or_else(|| self.selection.failure(super::errors::Failure::Internal.into()))
    }
}

impl Selection {
    /// The answer that ends a stream: the error is the root field's own.
    fn failure(&self, error: Error) -> Response {
        let path = vec![PathSegment::Field(self.root.clone())];
        let error: ServerError = error.into_server_error(self.pos);
        Response::from_errors(vec![error.with_path(path)])
    }
}

fn shared(rendering: Arc<Rendering>, told: Told) -> Telling {
    Telling { answer: Answer::Shared(rendering), cursor: Some(cursor(told)) }
}

fn cursor(told: Told) -> String {
    match told {
        Told::Event(item) => item.cursor,
        Told::Checkpoint { cursor } => cursor,
    }
}

fn answers(responses: Vec<Response>) -> BoxStream<'static, Telling> {
    stream::iter(responses).map(Telling::from).boxed()
}
