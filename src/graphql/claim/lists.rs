//! The lists of a claim: each a connection, but for the associations.

use async_graphql::{Context, Object, Result};
use std::sync::Arc;

use super::Handle;
use crate::domain::ids::ClaimId;
use crate::graphql::association::ProductAssociations;
use crate::graphql::comment::{Comment, Note};
use crate::graphql::connection::{Connection, Count, page};
use crate::graphql::context::AskExt;
use crate::graphql::document::PoeDocument;
use crate::graphql::history::HistoryEntry;
use crate::graphql::product::ClaimProduct;
use crate::graphql::scalars::Cursor;
use crate::store::loaders::ClaimList;

/// The group of lists.
#[derive(Clone)]
pub struct ClaimLists(pub Handle);

/// A page of one of the claim's lists: the loader of its rows, and how a row becomes a node.
macro_rules! listed {
    ($self:ident, $ctx:ident, $list:ident, $loader:ident, $args:expr, $node:expr) => {{
        let ask = $ctx.ask()?;
        let claim = $self.0.row.id;
        let list = ClaimList::$list;
        let (first, after, last, before) = $args;
        let page = page(ask, list.list(), first, after, last, before)?;
        let slice = ask.loaded(ask.loaders().$loader(claim, page).await)?;
        Ok(Connection::new(list.list(), &slice, $node, total(claim, list)))
    }};
}

#[Object]
impl ClaimLists {
    /// The claimed products, in the order of their addition.
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items from the beginning: 0 to 100, 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "Items from the end: 0 to 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<Cursor>,
    ) -> Result<Connection<ClaimProduct>> {
        listed!(self, ctx, Products, products, (first, after, last, before), |row| ClaimProduct(Arc::clone(row)))
    }

    /// The documents of proof of execution, in the order of their addition, superseded ones included. Hidden from customers.
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items from the beginning: 0 to 100, 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "Items from the end: 0 to 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<Cursor>,
    ) -> Result<Connection<PoeDocument>> {
        listed!(self, ctx, Documents, documents, (first, after, last, before), |row| PoeDocument(Arc::clone(row)))
    }

    /// The comments, the oldest first. Hidden from customers.
    async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items from the beginning: 0 to 100, 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "Items from the end: 0 to 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<Cursor>,
    ) -> Result<Connection<Comment>> {
        listed!(self, ctx, Comments, comments, (first, after, last, before), |row| Comment(Arc::clone(row)))
    }

    /// Everything that happened to the claim, the oldest first, numbered without gaps. Hidden from customers.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items from the beginning: 0 to 100, 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "Items from the end: 0 to 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<Cursor>,
    ) -> Result<Connection<HistoryEntry>> {
        listed!(self, ctx, History, history, (first, after, last, before), |row| HistoryEntry(Arc::clone(row)))
    }

    /// The reviewers' internal notes, the oldest first; null for those who may not read them.
    async fn notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items from the beginning: 0 to 100, 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "Items from the end: 0 to 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<Cursor>,
    ) -> Option<Result<Connection<Note>>> {
        let connection = async {
            if !ctx.ask()?.viewer.reads_notes() {
                return Ok(None);
            }
            let found: Result<Connection<Note>> =
                listed!(self, ctx, Notes, notes, (first, after, last, before), |row| Note(Arc::clone(row)));
            found.map(Some)
        };
        connection.await.transpose()
    }

    /// What approvals of the claim created, grouped by product; empty before the first approval.
    async fn associations(&self, ctx: &Context<'_>) -> Result<Vec<ProductAssociations>> {
        let ask = ctx.ask()?;
        let rows = ask.loaded(ask.loaders().associations(self.0.row.id).await)?;
        Ok(ProductAssociations::group(&rows))
    }
}

fn total(claim: ClaimId, list: ClaimList) -> Count {
    Box::new(move |ctx| {
        Box::pin(async move {
            let ask = ctx.ask()?;
            ask.loaded(ask.loaders().total(claim, list).await)
        })
    })
}
