//! Connections: one page of a list, in the Relay way, for every list that can grow.

use std::borrow::Cow;

use std::sync::Arc;

use async_graphql::{Context, Description, Object, OutputType, Result, TypeName};
use futures_util::future::BoxFuture;

use super::context::{Ask, AskExt};
use super::errors::Failure;
use super::scalars::Cursor;
use crate::store::cursor::Position;
use crate::store::page::{Page, PageArgs, Slice};

/// Counts a whole list; called only when somebody asks for it.
pub type Count = Box<dyn for<'a> Fn(&'a Context<'a>) -> BoxFuture<'a, Result<i64>> + Send + Sync>;

/// One page of a list, as in the Relay Cursor Connections Specification. `first` and `last` are 20 unless said, 100 at most.
pub struct Connection<T> {
    edges: Vec<Edge<T>>,
    page_info: PageInfo,
    count: Count,
}

/// An item of a list, and where it stands.
pub struct Edge<T> {
    node: T,
    place: Place,
}

/// A place in a list. Its cursor is sealed only for those who ask.
#[derive(Clone, Copy)]
struct Place {
    list: &'static str,
    position: Position,
}

impl Place {
    fn cursor(self, ctx: &Context<'_>) -> Result<Cursor> {
        Ok(Cursor(ctx.ask()?.app.cursors().seal(self.list, self.position)))
    }
}

impl<T> Connection<T> {
    /// The connection of a slice; `list` names the list and its order, as its cursors do.
    pub fn new<R>(list: &'static str, slice: &Slice<R>, node: impl Fn(&Arc<R>) -> T, count: Count) -> Self {
        let edges = slice.items.iter().map(|item| Edge { node: node(&item.row), place: Place { list, position: item.position } });
        let edges: Vec<_> = edges.collect();
        let page_info = PageInfo {
            has_next: slice.has_next,
            has_previous: slice.has_previous,
            start: edges.first().map(|edge| edge.place),
            end: edges.last().map(|edge| edge.place),
        };
        Self { edges, page_info, count }
    }
}

/// Where a page stands in its list.
#[derive(Description)]
pub struct PageInfo {
    has_next: bool,
    has_previous: bool,
    start: Option<Place>,
    end: Option<Place>,
}

#[Object(use_type_description)]
impl PageInfo {
    /// Whether items follow: ask for them with `after: endCursor`.
    async fn has_next_page(&self) -> bool {
        self.has_next
    }

    /// Whether items come before: ask for them with `before: startCursor`.
    async fn has_previous_page(&self) -> bool {
        self.has_previous
    }

    /// The cursor of the first item of the page; null when the page is empty.
    async fn start_cursor(&self, ctx: &Context<'_>) -> Option<Result<Cursor>> {
        self.start.map(|place| place.cursor(ctx))
    }

    /// The cursor of the last item of the page; null when the page is empty.
    async fn end_cursor(&self, ctx: &Context<'_>) -> Option<Result<Cursor>> {
        self.end.map(|place| place.cursor(ctx))
    }
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

/// One page of a list, as in the Relay Cursor Connections Specification. `first` and `last` are 20 unless said, 100 at most.
#[Object(name_type)]
impl<T: OutputType> Connection<T> {
    /// The items of the page, each with its cursor.
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// The items of the page.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where the page stands in its list.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// Items of the whole list; counted only when selected.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let count = (self.count)(ctx).await?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// An item of a list, and where it stands.
#[Object(name_type)]
impl<T: OutputType> Edge<T> {
    /// The item.
    async fn node(&self) -> &T {
        &self.node
    }

    /// Where it stands in the list: for `after` and `before`.
    async fn cursor(&self, ctx: &Context<'_>) -> Result<Cursor> {
        self.place.cursor(ctx)
    }
}

/// The page that the four arguments of a connection ask for.
///
/// # Errors
/// [`Failure::BadPage`] and [`Failure::BadCursor`].
pub fn page(
    ask: &Ask,
    list: &str,
    first: Option<i32>,
    after: Option<Cursor>,
    last: Option<i32>,
    before: Option<Cursor>,
) -> Result<Page, Failure> {
    let args = PageArgs { first, last, after: after.map(|cursor| cursor.0), before: before.map(|cursor| cursor.0) };
    Ok(args.validate(ask.app.cursors(), list)?)
}
