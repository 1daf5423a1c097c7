//! What can be asked and changed.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use async_graphql::{Context, Enum, Error, ErrorExtensions, InputObject, Object, OneofObject, SimpleObject};
use cpor::graphql::context::{Budget, RequestId};

use super::{Who, World};

pub struct Query;
pub struct Mutation;

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

pub struct Tree;

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
        Some(Err(Error::new("The cursor is not one of ours.").extend_with(|_, more| {
            more.set("code", "BAD_CURSOR");
            more.set("class", "REQUEST");
        })))
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
