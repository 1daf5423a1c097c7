//! What this layer needs of the rest of the server, so that the wire can be tested without it.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{ObjectType, Request, Response, SDLExportOptions, Schema};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::gauges::Counted;
use crate::app::{App, UploadError};
use crate::auth::AuthError;
use crate::auth::viewer::Viewer;
use crate::domain::ids::UploadId;
use crate::graphql::context::{self, RequestId};
use crate::graphql::live::{Teller, Telling};
use crate::graphql::{Query, Subscription, id};

/// The server behind the wire.
pub trait Gateway: Send + Sync + 'static {
    /// Who holds this credential.
    fn authenticate<'a>(&'a self, bearer: Option<&'a str>) -> BoxFuture<'a, Result<Arc<dyn Caller>, AuthError>>;
    /// Whether requests can be served now.
    fn ready(&self) -> BoxFuture<'_, bool>;
    /// Runs a query or a mutation.
    fn execute(&self, request: Request) -> BoxFuture<'static, Response>;
    /// Runs a subscription.
    fn execute_stream(&self, request: Request) -> BoxStream<'static, Telling>;
    /// The contract, sorted, as it is committed.
    fn sdl(&self) -> String;
    /// More lines for `/metrics`, in Prometheus text format.
    fn metrics(&self) -> BoxFuture<'_, String> {
        Box::pin(std::future::ready(String::new()))
    }
}

/// Who asks, for as long as a request, stream or socket lives.
pub trait Caller: Send + Sync + 'static {
    /// When the credential runs out, on the real clock.
    fn expires_at(&self) -> Option<DateTime<Utc>>;
    /// Whose budgets and counts are touched.
    fn limit_key(&self) -> String;
    /// Whether the credential still holds.
    fn revalidate(&self) -> BoxFuture<'_, bool>;
    /// The same for a stream, where an answer that is no older will do.
    fn still_holds(&self, _within: Duration) -> BoxFuture<'_, bool> {
        self.revalidate()
    }
    /// Takes a file that came beside an operation.
    fn upload<'a>(&'a self, file: Sent<'a>) -> BoxFuture<'a, Result<Arrived, UploadError>>;
    /// Adds to a request what resolvers need to know.
    fn attach(&self, request: Request, request_id: RequestId, locale: Option<String>) -> Request;
}

/// A file on its way in.
pub struct Sent<'a> {
    /// Its name.
    pub name: &'a str,
    /// The media type that the sender says, if any.
    pub media_type: Option<&'a str>,
    /// Its bytes, as they come.
    pub bytes: BoxStream<'static, Result<Bytes, BrokenOff>>,
}

/// The bytes of a file broke off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes broke off")]
pub struct BrokenOff;

/// An upload that serves the operation it came with. Dropped without [`Arrived::keep`], it is forgotten.
pub struct Arrived {
    id: String,
    forget: Option<Box<dyn FnOnce() + Send>>,
}

impl Arrived {
    /// An upload with this id; `forget` undoes it.
    pub fn new(id: String, forget: impl FnOnce() + Send + 'static) -> Self {
        Self { id, forget: Some(Box::new(forget)) }
    }

    /// The id, for good.
    #[must_use]
    pub fn keep(mut self) -> String {
        self.forget = None;
        std::mem::take(&mut self.id)
    }
}

impl Drop for Arrived {
    fn drop(&mut self) {
        if let Some(forget) = self.forget.take() {
            forget();
        }
    }
}

/// The real server.
pub(super) struct Server<M: ObjectType + 'static> {
    app: App,
    schema: Schema<Query, M, Subscription>,
    teller: Arc<Teller<Schema<Query, M, Subscription>>>,
    gauges: Counted,
}

impl<M: ObjectType + 'static> Server<M> {
    pub(super) fn new(app: App, schema: Schema<Query, M, Subscription>) -> Self {
        Self { app, teller: Teller::new(schema.clone()), schema, gauges: Counted::default() }
    }
}

struct Member {
    app: App,
    viewer: Arc<Viewer>,
}

impl<M: ObjectType + 'static> Gateway for Server<M> {
    fn authenticate<'a>(&'a self, bearer: Option<&'a str>) -> BoxFuture<'a, Result<Arc<dyn Caller>, AuthError>> {
        Box::pin(async move {
            let viewer = self.app.authenticate(bearer).await?;
            let app = self.app.clone();
            Ok(Arc::new(Member { app, viewer }) as Arc<dyn Caller>)
        })
    }

    fn ready(&self) -> BoxFuture<'_, bool> {
        Box::pin(self.app.ready())
    }

    fn execute(&self, request: Request) -> BoxFuture<'static, Response> {
        let schema = self.schema.clone();
        Box::pin(async move { schema.execute(request).await })
    }

    fn execute_stream(&self, request: Request) -> BoxStream<'static, Telling> {
        self.teller.subscribe(request)
    }

    fn sdl(&self) -> String {
        let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
        self.schema.sdl_with_options(options)
    }

    fn metrics(&self) -> BoxFuture<'_, String> {
        Box::pin(async { self.gauges.text(&self.app).await.to_string() })
    }
}

impl Caller for Member {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.viewer.expires_at()
    }

    fn limit_key(&self) -> String {
        self.viewer.id().to_string()
    }

    fn revalidate(&self) -> BoxFuture<'_, bool> {
        Box::pin(self.app.revalidate(&self.viewer))
    }

    fn still_holds(&self, within: Duration) -> BoxFuture<'_, bool> {
        Box::pin(self.app.still_holds(&self.viewer, within))
    }

    fn upload<'a>(&'a self, file: Sent<'a>) -> BoxFuture<'a, Result<Arrived, UploadError>> {
        Box::pin(async move {
            let ticket = self.app.upload_create(&self.viewer, file.name).await?;
            let app = self.app.clone();
            // From here on whoever breaks off leaves nothing.
            let upload = Arrived::new(id::encode(ticket.id).0, move || drop(tokio::spawn(forget(app, ticket.id))));
            self.app.upload_receive(&ticket.token, file.media_type, file.bytes).await?;
            Ok(upload)
        })
    }

    fn attach(&self, request: Request, request_id: RequestId, locale: Option<String>) -> Request {
        context::attach(request, &self.app, self.viewer.clone(), request_id, locale)
    }
}

async fn forget(app: App, upload: UploadId) {
    if let Err(error) = app.upload_forget(upload).await {
        tracing::warn!(%error, "an upload is left until its time is over");
    }
}
