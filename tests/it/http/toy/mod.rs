//! A small server behind the wire: a schema with one field for each thing that can go wrong.

mod live;
mod schema;

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize};
use std::time::Duration;

use async_graphql::{Request, Response, SDLExportOptions, Schema};
use chrono::{DateTime, Utc};
use cpor::app::UploadError;
use cpor::auth::AuthError;
use cpor::domain::file::FileRefusal;
use cpor::graphql::context::RequestId;
use cpor::graphql::live::Telling;
use cpor::http::{Arrived, Caller, Gateway, Sent};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use tokio::sync::Notify;

use self::live::Live;
use self::schema::{Mutation, Query};

/// What tests look at and turn from outside.
#[derive(Default)]
pub struct World {
    pub bumps: AtomicI32,
    pub not_ready: AtomicBool,
    pub revoked: AtomicBool,
    pub directory_down: AtomicBool,
    pub release: Notify,
    pub streams_open: Arc<AtomicUsize>,
    pub uploads_open: Arc<AtomicUsize>,
    pub uploads_begun: AtomicUsize,
}

pub type ToySchema = Schema<Query, Mutation, Live>;

/// Whose request it is.
#[derive(Clone)]
pub struct Who(pub String);

/// The gateway of the tests. Tokens: `token-<name>` holds, `short-<name>` for a fifth of a second; others do not.
pub struct Toy {
    pub world: Arc<World>,
    pub schema: ToySchema,
}

impl Toy {
    pub fn new(world: Arc<World>) -> Self {
        let schema = Schema::build(Query, Mutation, Live).data(world.clone()).finish();
        Self { world, schema }
    }
}

struct Person {
    world: Arc<World>,
    name: String,
    expires_at: Option<DateTime<Utc>>,
}

impl Gateway for Toy {
    fn authenticate<'a>(&'a self, bearer: Option<&'a str>) -> BoxFuture<'a, Result<Arc<dyn Caller>, AuthError>> {
        Box::pin(async move {
            if self.world.directory_down.load(SeqCst) {
                return Err(AuthError::Unavailable);
            }
            let bearer = bearer.ok_or(AuthError::Missing)?;
            let (name, expires_at) = match bearer.split_once('-') {
                Some(("token", name)) => (name, None),
                Some(("short", name)) => (name, Some(Utc::now() + Duration::from_millis(200))),
                _ => return Err(AuthError::Invalid("no such token".into())),
            };
            let (world, name) = (self.world.clone(), name.to_owned());
            Ok(Arc::new(Person { world, name, expires_at }) as Arc<dyn Caller>)
        })
    }
    fn ready(&self) -> BoxFuture<'_, bool> {
        Box::pin(async { !self.world.not_ready.load(SeqCst) })
    }
    fn execute(&self, request: Request) -> BoxFuture<'static, Response> {
        let schema = self.schema.clone();
        Box::pin(async move { schema.execute(request).await })
    }
    fn execute_stream(&self, request: Request) -> BoxStream<'static, Telling> {
        self.schema.execute_stream(request).map(Telling::from).boxed()
    }
    fn sdl(&self) -> String {
        self.schema.sdl_with_options(SDLExportOptions::new().sorted_fields())
    }
    fn metrics(&self) -> BoxFuture<'_, String> {
        Box::pin(async { "toy_total 1\n".to_owned() })
    }
}

impl Caller for Person {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }
    fn limit_key(&self) -> String {
        self.name.clone()
    }
    fn revalidate(&self) -> BoxFuture<'_, bool> {
        Box::pin(async { !self.world.revoked.load(SeqCst) })
    }
    fn upload<'a>(&'a self, Sent { name, mut bytes, .. }: Sent<'a>) -> BoxFuture<'a, Result<Arrived, UploadError>> {
        Box::pin(async move {
            let open = self.world.uploads_open.clone();
            self.world.uploads_begun.fetch_add(1, SeqCst);
            open.fetch_add(1, SeqCst);
            let forgotten = move || {
                open.fetch_sub(1, SeqCst);
            };
            let mut size = 0;
            let counted = Arrived::new(String::new(), forgotten.clone());
            while let Some(chunk) = bytes.next().await {
                size += chunk.map_err(|_| UploadError::Broken)?.len();
            }
            if name.ends_with(".exe") {
                return Err(UploadError::File(FileRefusal::TypeNotAllowed));
            }
            let _counted_on = counted.keep();
            Ok(Arrived::new(format!("{name}-{size}"), forgotten))
        })
    }
    fn attach(&self, request: Request, request_id: RequestId, locale: Option<String>) -> Request {
        request.data(Who(self.name.clone())).data(request_id).data(locale)
    }
}
