//! The list of claims: filter, order, page.

use async_graphql::{Context, Result};

use super::claim::{Claim, ahead};
use super::connection::{Connection, Count, page};
use super::context::AskExt;
use super::inputs::{ClaimFilterInput, ClaimOrderInput};
use super::scalars::Cursor;
use crate::store::claim_filter::{Assignees, ClaimFilter};
use crate::store::claim_order::ClaimOrder;
use crate::store::claims;

/// What a client asks of the list of claims.
pub struct ClaimsArgs {
    /// Which claims.
    pub filter: Option<ClaimFilterInput>,
    /// In which order.
    pub order_by: Option<ClaimOrderInput>,
    /// `first`, `after`, `last` and `before`.
    pub page: (Option<i32>, Option<Cursor>, Option<i32>, Option<Cursor>),
}

/// Whose claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// All that the viewer may read.
    All,
    /// For those who review, the claims assigned to them; for all others, all that they may read.
    Mine,
}

/// A page of claims.
///
/// # Errors
/// Bad pages, cursors, ids and lists; our own failures.
pub async fn list(ctx: &Context<'_>, args: ClaimsArgs, whose: Whose) -> Result<Connection<Claim>> {
    let ask = ctx.ask()?;
    let mut filter = args.filter.unwrap_or_default().filter(ask.now())?;
    if whose == Whose::Mine && ask.viewer.role().reviews() {
        filter.assignees = ask.viewer.person().map(|person| Assignees::Any(vec![person.id]));
    }
    let order = args.order_by.map_or_else(ClaimOrder::default, Into::into);
    let (first, after, last, before) = args.page;
    let page = page(ask, order.list(), first, after, last, before)?;
    let ahead = ahead::of_connection(ask, ctx);
    let slice = ask.loaders().claims(&filter, order, page, &ahead).await;
    let slice = slice.map_err(|cause| ask.failed(&cause))?;
    Ok(Claim::connection(order.list(), &slice, count(filter)))
}

fn count(filter: ClaimFilter) -> Count {
    Box::new(move |ctx| {
        let filter = filter.clone();
        Box::pin(async move {
            let ask = ctx.ask()?;
            claims::count(ask.app.database(), &ask.viewer, &filter).await.map_err(|cause| ask.failed(&cause))
        })
    })
}
