//! What happens while somebody listens.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;

use async_graphql::{Context, Error, ErrorExtensions, SimpleObject, Subscription};
use cpor::graphql::context::ResumeCursor;
use futures_util::{Stream, StreamExt, stream};

use super::World;
use super::schema::Tree;

pub struct Live;

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
