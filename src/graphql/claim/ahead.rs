//! Looking ahead: what a selection is going to ask of claims, so that the store reads it together with them.
//!
//! Only names and arguments are looked at. What is overlooked here is loaded when its field asks; what is fetched in vain costs a
//! statement. Neither changes an answer.

use std::sync::Arc;

use async_graphql::{Context, Lookahead, SelectionField, Value};

use crate::graphql::connection::page;
use crate::graphql::context::Ask;
use crate::graphql::scalars::Cursor;
use crate::store::ahead::{Ahead, WholeList};
use crate::store::loaders::ClaimList;
use crate::store::page::Page;

/// What is going to be asked of the claim (or node) that the field is.
#[must_use]
pub fn of_claim(ask: &Ask, ctx: &Context<'_>) -> Arc<Ahead> {
    let mut ahead = Ahead::default();
    add_claim(&mut ahead, ask, ctx.field());
    Arc::new(ahead)
}

/// What is going to be asked of the claims of the connection that the field is.
#[must_use]
pub fn of_connection(ask: &Ask, ctx: &Context<'_>) -> Ahead {
    let mut ahead = Ahead::default();
    nodes(ctx.field(), &mut |node| add_claim(&mut ahead, ask, node));
    ahead
}

/// The fields of a connection that are its items.
fn nodes<'a>(connection: SelectionField<'a>, each: &mut impl FnMut(SelectionField<'a>)) {
    for field in connection.selection_set() {
        match field.name() {
            "nodes" => each(field),
            "edges" => field.selection_set().filter(|inner| inner.name() == "node").for_each(&mut *each),
            _ => {}
        }
    }
}

fn add_claim(ahead: &mut Ahead, ask: &Ask, claim: SelectionField<'_>) {
    for field in claim.selection_set() {
        let selects = |name| Lookahead::from(field).field(name).exists();
        match field.name() {
            "products" => add_list(ahead, ask, field, ClaimList::Products, |_| false),
            "documents" => add_list(ahead, ask, field, ClaimList::Documents, |node| node.field("attachedBy").exists()),
            "comments" => add_list(ahead, ask, field, ClaimList::Comments, |node| node.field("author").field("person").exists()),
            "history" => add_list(ahead, ask, field, ClaimList::History, |node| node.field("actor").field("person").exists()),
            "notes" => add_list(ahead, ask, field, ClaimList::Notes, |node| node.field("author").field("person").exists()),
            "associations" => ahead.whole(WholeList::Associations),
            "deadlines" => ahead.whole(WholeList::Clocks),
            "statusFacts" if selects("nextDeadline") => ahead.whole(WholeList::Clocks),
            "currentRequest" | "rejection" if selects("findings") => ahead.whole(WholeList::Findings),
            "organization" => ahead.organization = true,
            "location" => ahead.location = true,
            "assignee" => ahead.assignee = true,
            _ => {}
        }
    }
}

fn add_list(ahead: &mut Ahead, ask: &Ask, field: SelectionField<'_>, list: ClaimList, has_author: fn(&Lookahead<'_>) -> bool) {
    if let Some(page) = page_of(ask, field, list) {
        let mut authors = false;
        nodes(field, &mut |node| authors |= has_author(&Lookahead::from(node)));
        ahead.page(list, page, authors);
    }
    if Lookahead::from(field).field("totalCount").exists() {
        ahead.total(list);
    }
}

/// The page that the arguments of a list ask for; none if they are wrong, which the field itself will say.
fn page_of(ask: &Ask, field: SelectionField<'_>, list: ClaimList) -> Option<Page> {
    let (mut first, mut after, mut last, mut before) = (None, None, None, None);
    for (name, value) in field.arguments().ok()? {
        match (name.as_str(), value) {
            (_, Value::Null) => {}
            ("first", Value::Number(number)) => first = Some(i32::try_from(number.as_i64()?).ok()?),
            ("last", Value::Number(number)) => last = Some(i32::try_from(number.as_i64()?).ok()?),
            ("after", Value::String(cursor)) => after = Some(Cursor(cursor)),
            ("before", Value::String(cursor)) => before = Some(Cursor(cursor)),
            _ => return None,
        }
    }
    page(ask, list.list(), first, after, last, before).ok()
}
