//! What this layer needs of the rest of the server, so that the wire can be tested without it.

use std::sync::Arc;

use async_graphql::{ObjectType, Request, Response, SDLExportOptions, Schema};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::app::App;
use crate::auth::AuthError;
use crate::auth::viewer::Viewer;
use crate::graphql::context::{self, RequestId};
use crate::graphql::{Query, Subscription};

/// The server behind the wire.
pub trait Gateway: Send + Sync + 'static {
    /// Who holds this credential.
    fn authenticate<'a>(&'a self, bearer: Option<&'a str>) -> BoxFuture<'a, Result<Arc<dyn Caller>, AuthError>>;
    /// Whether requests can be served now.
    fn ready(&self) -> BoxFuture<'_, bool>;
    /// Runs a query or a mutation.
    fn execute(&self, request: Request) -> BoxFuture<'static, Response>;
    /// Runs a query or a mutation whose document was found valid before.
    fn execute_valid(&self, request: Request) -> BoxFuture<'static, Response> {
        self.execute(request)
    }
    /// Runs a subscription.
    fn execute_stream(&self, request: Request) -> BoxStream<'static, Response>;
    /// The contract, sorted, as it is committed.
    fn sdl(&self) -> String;
    /// More lines for `/metrics`, in Prometheus text format.
    fn metrics(&self) -> String {
        String::new()
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
    /// Adds to a request what resolvers need to know.
    fn attach(&self, request: Request, request_id: RequestId, locale: Option<String>) -> Request;
}

/// The real server.
pub(super) struct Server<M> {
    pub(super) app: App,
    pub(super) schema: Schema<Query, M, Subscription>,
    /// The same contract, which trusts that documents are valid.
    pub(super) trusting: Schema<Query, M, Subscription>,
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

    fn execute_valid(&self, request: Request) -> BoxFuture<'static, Response> {
        let schema = self.trusting.clone();
        Box::pin(async move { schema.execute(request).await })
    }

    fn execute_stream(&self, request: Request) -> BoxStream<'static, Response> {
        self.schema.execute_stream(request)
    }

    fn sdl(&self) -> String {
        let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
        self.schema.sdl_with_options(options)
    }

    fn metrics(&self) -> String {
        let (recorded, due) = (self.app.sweep().recorded_total(), self.app.sweep().due());
        let statements = self.app.database().statements();
        format!(
            "# HELP cpor_database_statements_total Statements sent to the database, beginnings and ends of transactions included.\n\
             # TYPE cpor_database_statements_total counter\n\
             cpor_database_statements_total {statements}\n\
             # HELP cpor_sweeper_recorded_total Claims whose passed deadlines this server recorded.\n\
             # TYPE cpor_sweeper_recorded_total counter\n\
             cpor_sweeper_recorded_total {recorded}\n\
             # HELP cpor_sweeper_due Claims with passed deadlines that were found and are not recorded yet, one batch at most.\n\
             # TYPE cpor_sweeper_due gauge\n\
             cpor_sweeper_due {due}\n"
        )
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

    fn attach(&self, request: Request, request_id: RequestId, locale: Option<String>) -> Request {
        context::attach(request, &self.app, self.viewer.clone(), request_id, locale)
    }
}
