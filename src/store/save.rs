//! The statements that write a claim: its row whenever its history grew, of its parts only what differs.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Timestamptz, Uuid as SqlUuid};

use super::claim_row::ClaimRow;
use super::errors::StoreError;
use super::fold;
use super::save_parts::{insert_parts, save_parts};
use super::schema::claims;
use super::sql::Sql;
use super::transaction::Writes;
use crate::domain::claim::Claim;
use crate::domain::product::{Catalogue, ProductCode};

/// Writes a new claim.
///
/// # Errors
/// [`StoreError::Corrupt`] if the claim holds what no row can.
pub(super) fn insert(writes: &mut Writes, claim: &Claim, catalogue: &Catalogue) -> Result<(), StoreError> {
    let values = (ClaimRow::of(claim)?, claims::search_text.eq(search_text(claim, catalogue)));
    writes.push(Sql::new("").fragment(diesel::insert_into(claims::table).values(values)));
    insert_parts(writes, claim)
}

/// Writes what events made of a claim whose row this transaction holds locked. That nobody wrote it since it was read is proved by the
/// history, which takes each number once.
///
/// # Errors
/// [`StoreError::Corrupt`] if the claim holds what no row can.
pub(super) fn save(writes: &mut Writes, before: &Claim, after: &Claim, catalogue: &Catalogue) -> Result<(), StoreError> {
    writes.push(row(before, after, catalogue)?);
    save_parts(writes, before, after)
}

fn row(before: &Claim, after: &Claim, catalogue: &Catalogue) -> Result<Sql<'static>, StoreError> {
    if is_talk(before, after) {
        return Ok(Sql::new("UPDATE claims SET sequence = ")
            .bind::<Integer, _>(after.sequence)
            .push(", last_event_at = ")
            .bind::<Timestamptz, _>(after.last_event_at)
            .push(", answered_since_request = ")
            .bind::<Bool, _>(after.answered_since_request)
            .push(" WHERE id = ")
            .bind::<SqlUuid, _>(after.id.0));
    }
    let (same, row) = (claims::table.find(after.id.0), ClaimRow::of(after)?);
    if searchable(before) == searchable(after) {
        return Ok(Sql::new("").fragment(diesel::update(same).set(row)));
    }
    let found_by = claims::search_text.eq(search_text(after, catalogue));
    Ok(Sql::new("").fragment(diesel::update(same).set((row, found_by))))
}

/// Whether the history grew and nothing else of the claim changed: by a comment or a notice.
fn is_talk(before: &Claim, after: &Claim) -> bool {
    let grown = Claim {
        sequence: after.sequence,
        last_event_at: after.last_event_at,
        answered_since_request: after.answered_since_request,
        ..before.clone()
    };
    grown == *after
}

/// What a claim is found by.
fn searchable(claim: &Claim) -> (Option<&str>, Option<&str>, Vec<&ProductCode>) {
    let products = claim.products.iter().map(|line| &line.product).collect();
    (claim.details.name.as_deref(), claim.details.customer_name.as_deref(), products)
}

/// The text for searching; products are found by their names in the catalogue.
fn search_text(claim: &Claim, catalogue: &Catalogue) -> String {
    let (name, customer, products) = searchable(claim);
    let claimed: HashSet<&ProductCode> = products.into_iter().collect();
    let names = catalogue.values().filter(|entry| claimed.contains(&entry.code)).map(|entry| entry.name.as_str());
    fold::search_text(claim.number, name, customer, names)
}
