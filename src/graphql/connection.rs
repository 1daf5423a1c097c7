//! Connections: one page of a list, in the Relay way, for every list that can grow.

use std::borrow::Cow;

use async_graphql::{Context, Object, OutputType, Result, SimpleObject, TypeName};
use futures_util::future::BoxFuture;

use super::context::Ask;
use super::errors::Failure;
use super::scalars::Cursor;
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
    cursor: Cursor,
}

/// Where a page stands in its list.
#[derive(SimpleObject, Clone)]
pub struct PageInfo {
    /// Whether items follow: ask for them with `after: endCursor`.
    has_next_page: bool,
    /// Whether items come before: ask for them with `before: startCursor`.
    has_previous_page: bool,
    /// The cursor of the first item of the page; null when the page is empty.
    start_cursor: Option<Cursor>,
    /// The cursor of the last item of the page; null when the page is empty.
    end_cursor: Option<Cursor>,
}

impl<T> Connection<T> {
    /// The connection of a slice; `list` names the list and its order, as its cursors do.
    pub fn new<R>(ask: &Ask, list: &str, slice: &Slice<R>, node: impl Fn(&R) -> T, count: Count) -> Self {
        let sealer = ask.app.cursors();
        let edge =
            |item: &crate::store::page::Item<R>| Edge { node: node(&item.row), cursor: Cursor(sealer.seal(list, item.position)) };
        let edges: Vec<_> = slice.items.iter().map(edge).collect();
        let page_info = PageInfo {
            has_next_page: slice.has_next,
            has_previous_page: slice.has_previous,
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Self { edges, page_info, count }
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
    async fn cursor(&self) -> &Cursor {
        &self.cursor
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
