//! A small server behind the wire: a schema with one field for each thing that can go wrong.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize};
use std::time::Duration;

use async_graphql::{
    Context, Enum, Error, ErrorExtensions, InputObject, Object, OneofObject, Request, Response, SDLExportOptions, Schema,
    SimpleObject, Subscription,
};
use chrono::{DateTime, Utc};
use cpor::auth::AuthError;
use cpor::graphql::context::{RequestId, ResumeCursor};
use cpor::http::{Budget, Caller, Gateway};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use tokio::sync::Notify;

/// What tests look at and turn from outside.
#[derive(Default)]
pub struct World {
    pub bumps: AtomicI32,
    pub not_ready: AtomicBool,
    pub revoked: AtomicBool,
    pub directory_down: AtomicBool,
    pub release: Notify,
    pub streams_open: Arc<AtomicUsize>,
}

pub struct Query;
pub struct Mutation;
pub struct Live;

pub type ToySchema = Schema<Query, Mutation, Live>;

#[derive(SimpleObject)]
struct Node {
    id: i32,
    name: String,
}

#[derive(SimpleObject)]
struct Edge {
    cursor: String,
    node: Node,
}

#[derive(SimpleObject)]
struct Page {
    edges: Vec<Edge>,
    nodes: Vec<Node>,
    total_count: i32,
}

struct Tree;

#[Object]
impl Tree {
    async fn tree(&self) -> Tree {
        Tree
    }
    async fn items(&self, first: Option<i32>) -> Page {
        page(first.unwrap_or(20))
    }
    async fn leaf(&self) -> i32 {
        1
    }
    async fn fails(&self) -> async_graphql::Result<i32> {
        Err(Error::new("relation \"claims\" does not exist"))
    }
}

#[derive(InputObject)]
struct Filter {
    size: i32,
    color: Option<Color>,
    tags: Option<Vec<String>>,
    inner: Option<Box<Filter>>,
}

#[derive(OneofObject)]
enum Choice {
    ById(i32),
    ByName(String),
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum Color {
    Red,
    Green,
}

fn page(first: i32) -> Page {
    let node = |id| Node { id, name: format!("n{id}") };
    let first = first.clamp(0, 100);
    Page {
        edges: (0..first).map(|id| Edge { cursor: format!("c{id}"), node: node(id) }).collect(),
        nodes: (0..first).map(node).collect(),
        total_count: 1000,
    }
}

#[Object]
impl Query {
    async fn hello(&self, name: Option<String>) -> String {
        format!("hello {}", name.unwrap_or_else(|| "you".to_owned()))
    }
    async fn echo(&self, text: String) -> String {
        text
    }
    async fn long(&self, length: usize) -> String {
        "x".repeat(length)
    }
    async fn int(&self, n: i32) -> i32 {
        n
    }
    async fn filtered(&self, filter: Filter) -> i32 {
        filter.size
            + i32::from(filter.color == Some(Color::Green))
            + filter.tags.map_or(0, |tags| tags.len() as i32)
            + filter.inner.map_or(0, |inner| inner.size)
    }
    async fn chosen(&self, choice: Choice) -> String {
        match choice {
            Choice::ById(id) => id.to_string(),
            Choice::ByName(name) => name,
        }
    }
    async fn ids(&self, ids: Vec<i32>) -> Vec<i32> {
        ids
    }
    async fn items(&self, first: Option<i32>, last: Option<i32>) -> Page {
        page(first.or(last).unwrap_or(20))
    }
    async fn tree(&self) -> Option<Tree> {
        Some(Tree)
    }
    async fn upload(&self, ctx: &Context<'_>, file: async_graphql::Upload) -> async_graphql::Result<String> {
        Ok(file.value(ctx)?.filename)
    }
    async fn fails(&self) -> Option<async_graphql::Result<i32>> {
        Some(Err(Error::new("SELECT secret FROM pg_tables: connection to 10.0.0.7 refused")))
    }
    async fn coded(&self) -> Option<async_graphql::Result<i32>> {
        Some(Err(Error::new("The cursor is not one of ours.").extend_with(|_, more| more.set("code", "BAD_CURSOR"))))
    }
    async fn many_failures(&self) -> Vec<Option<async_graphql::Result<i32>>> {
        (0..300).map(|_| Some(Err(Error::new("inside")))).collect()
    }
    async fn panics(&self) -> i32 {
        let nothing: Option<i32> = std::hint::black_box(None);
        nothing.expect("a panic with a secret in /srv/app.rs")
    }
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_secs(600)).await;
        1
    }
    /// Waits until the test lets it go.
    async fn held(&self, ctx: &Context<'_>) -> i32 {
        ctx.data_unchecked::<Arc<World>>().release.notified().await;
        7
    }
    async fn request_id(&self, ctx: &Context<'_>) -> String {
        ctx.data_unchecked::<RequestId>().0.to_string()
    }
    async fn who(&self, ctx: &Context<'_>) -> String {
        ctx.data_unchecked::<Who>().0.clone()
    }
    async fn locale(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.data_unchecked::<Option<String>>().clone()
    }
    async fn budget(&self, ctx: &Context<'_>) -> Option<u64> {
        ctx.data_opt::<Budget>().map(|budget| budget.remaining)
    }
}

#[Object]
impl Mutation {
    async fn bump(&self, ctx: &Context<'_>, by: Option<i32>) -> i32 {
        let by = by.unwrap_or(1);
        ctx.data_unchecked::<Arc<World>>().bumps.fetch_add(by, SeqCst) + by
    }
}

#[derive(SimpleObject)]
struct Happened {
    cursor: String,
    number: i32,
}

/// Counts an open stream for as long as it lives.
struct Open(Arc<AtomicUsize>);

impl Open {
    fn new(ctx: &Context<'_>) -> Self {
        let count = ctx.data_unchecked::<Arc<World>>().streams_open.clone();
        count.fetch_add(1, SeqCst);
        Self(count)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

#[Subscription]
impl Live {
    async fn count(&self, to: i32) -> impl Stream<Item = i32> {
        stream::iter(1..=to)
    }
    async fn happened(&self, ctx: &Context<'_>, after: Option<String>) -> impl Stream<Item = Happened> {
        let resume = ctx.data_opt::<ResumeCursor>().map(|cursor| cursor.0.clone());
        let after = after.or(resume).and_then(|cursor| cursor.strip_prefix('c')?.parse().ok()).unwrap_or(0);
        stream::iter(after + 1..=after + 3).map(|number| Happened { cursor: format!("c{number}"), number })
    }
    /// One event, then silence for ever.
    async fn quiet(&self, ctx: &Context<'_>) -> impl Stream<Item = i32> {
        let open = Open::new(ctx);
        stream::once(async { 1 }).chain(stream::pending()).map(move |item| {
            let _ = &open;
            item
        })
    }
    async fn endless(&self, ctx: &Context<'_>) -> impl Stream<Item = String> {
        let open = Open::new(ctx);
        stream::repeat_with(move || {
            let _ = &open;
            "x".repeat(10_000)
        })
    }
    async fn too_slow(&self) -> impl Stream<Item = async_graphql::Result<i32>> {
        let slow = Error::new("Too slow.").extend_with(|_, more| {
            more.set("code", "SLOW_CONSUMER");
            more.set("cursor", "c1");
        });
        stream::iter([Ok(1), Err(slow), Ok(3)])
    }
    async fn hidden_failure(&self) -> impl Stream<Item = async_graphql::Result<i32>> {
        stream::iter([Err(Error::new("SELECT secret"))])
    }
    async fn trees(&self) -> impl Stream<Item = Tree> {
        stream::iter([Tree, Tree])
    }
    async fn panics(&self) -> impl Stream<Item = i32> {
        stream::iter([1, 2]).map(|n| if n == 2 { panic!("in a stream") } else { n })
    }
}

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
    fn execute_stream(&self, request: Request) -> BoxStream<'static, Response> {
        self.schema.execute_stream(request)
    }
    fn sdl(&self) -> String {
        self.schema.sdl_with_options(SDLExportOptions::new().sorted_fields())
    }
    fn metrics(&self) -> String {
        "toy_total 1\n".to_owned()
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
    fn attach(&self, request: Request, request_id: RequestId, locale: Option<String>) -> Request {
        request.data(Who(self.name.clone())).data(request_id).data(locale)
    }
}
