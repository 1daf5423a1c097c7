//! Writing a claim: its row whenever its history grew, of its parts only what differs.

use std::collections::HashSet;

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::claim_parts::{AssociationRow, ClockRow, FindingRow, ProductRow};
use super::claim_row::ClaimRow;
use super::database::Conn;
use super::document_row::DocumentRow;
use super::errors::StoreError;
use super::fold;
use super::schema::{associations, catalogue, claim_findings, claim_products, claims, documents};
use super::sql::Sql;
use super::uploads;
use crate::domain::claim::Claim;
use crate::domain::clock::Clock;
use crate::domain::event::Association;
use crate::domain::product::ProductCode;
use crate::domain::reason::Finding;

/// Writes a new claim.
///
/// # Errors
/// What the database says; [`StoreError::Corrupt`] if the claim holds what no row can.
pub async fn insert(conn: &mut Conn, claim: &Claim) -> Result<(), StoreError> {
    let search_text = search_text(conn, claim).await?;
    let row = ClaimRow::of(claim)?;
    diesel::insert_into(claims::table).values((&row, claims::search_text.eq(search_text))).execute(conn).await?;
    insert_parts(conn, claim).await
}

async fn insert_parts(conn: &mut Conn, claim: &Claim) -> Result<(), StoreError> {
    insert_products(conn, claim).await?;
    insert_findings(conn, claim).await?;
    put_clocks(conn, claim, claim.clocks.iter()).await?;
    insert_associations(conn, claim, claim.associations.iter()).await?;
    insert_documents(conn, claim, 0).await
}

/// Writes what events made of a claim whose row this transaction holds locked.
///
/// # Errors
/// [`StoreError::KeyHeld`] if another claim's association is active on a key; [`StoreError::Contention`] if an upload was taken
/// meanwhile or the row is not the one that was read; else what the database says.
pub async fn save(conn: &mut Conn, before: &Claim, after: &Claim) -> Result<(), StoreError> {
    if before == after {
        return Ok(());
    }
    let row = ClaimRow::of(after)?;
    let same = claims::table.filter(claims::id.eq(before.id.0)).filter(claims::sequence.eq(before.sequence));
    let written = if searchable(before) == searchable(after) {
        diesel::update(same).set(&row).execute(conn).await?
    } else {
        let search_text = search_text(conn, after).await?;
        diesel::update(same).set((&row, claims::search_text.eq(search_text))).execute(conn).await?
    };
    if written != 1 {
        return Err(StoreError::Contention(format!("claim {} changed under its lock", before.id)));
    }
    if before.products != after.products {
        let old = claim_products::table.filter(claim_products::claim_id.eq(after.id.0));
        diesel::delete(old).execute(conn).await?;
        insert_products(conn, after).await?;
    }
    if findings(before) != findings(after) {
        let old = claim_findings::table.filter(claim_findings::claim_id.eq(after.id.0));
        diesel::delete(old).execute(conn).await?;
        insert_findings(conn, after).await?;
    }
    save_clocks(conn, before, after).await?;
    save_associations(conn, before, after).await?;
    save_documents(conn, before, after).await
}

/// What a claim is found by.
fn searchable(claim: &Claim) -> (Option<&str>, Option<&str>, Vec<&ProductCode>) {
    let products = claim.products.iter().map(|line| &line.product).collect();
    (claim.details.name.as_deref(), claim.details.customer_name.as_deref(), products)
}

/// The text for searching; products are found by their names in the catalogue.
async fn search_text(conn: &mut Conn, claim: &Claim) -> Result<String, StoreError> {
    let (name, customer, products) = searchable(claim);
    let codes: Vec<&str> = products.iter().map(|code| code.0.as_str()).collect();
    let names: Vec<String> = if codes.is_empty() {
        Vec::new()
    } else {
        let named = catalogue::table.filter(catalogue::code.eq_any(codes)).order(catalogue::code);
        named.select(catalogue::name).load(conn).await?
    };
    Ok(fold::search_text(claim.number, name, customer, names.iter().map(String::as_str)))
}

fn findings(claim: &Claim) -> (Option<&[Finding]>, Option<&[Finding]>) {
    (
        claim.request.as_ref().map(|request| request.findings.as_slice()),
        claim.rejection.as_ref().map(|rejection| rejection.findings.as_slice()),
    )
}

async fn insert_products(conn: &mut Conn, claim: &Claim) -> Result<(), StoreError> {
    let rows = ProductRow::all_of(claim);
    if !rows.is_empty() {
        diesel::insert_into(claim_products::table).values(rows).execute(conn).await?;
    }
    Ok(())
}

async fn insert_findings(conn: &mut Conn, claim: &Claim) -> Result<(), StoreError> {
    let rows = FindingRow::all_of(claim);
    if !rows.is_empty() {
        diesel::insert_into(claim_findings::table).values(rows).execute(conn).await?;
    }
    Ok(())
}

async fn save_clocks(conn: &mut Conn, before: &Claim, after: &Claim) -> Result<(), StoreError> {
    let ended: Vec<&str> =
        before.clocks.iter().filter(|clock| after.clock(clock.kind).is_none()).map(|clock| clock.kind.code()).collect();
    if !ended.is_empty() {
        Sql::new("DELETE FROM claim_clocks WHERE claim_id = ")
            .bind::<SqlUuid, _>(after.id.0)
            .push(" AND kind = ANY(")
            .bind::<Array<Text>, _>(ended)
            .push(")")
            .execute(conn)
            .await?;
    }
    put_clocks(conn, after, after.clocks.iter().filter(|clock| before.clock(clock.kind) != Some(*clock))).await
}

/// Inserts clocks, or replaces those of the same kind.
async fn put_clocks(conn: &mut Conn, claim: &Claim, clocks: impl Iterator<Item = &Clock>) -> Result<(), StoreError> {
    let rows: Result<Vec<ClockRow>, _> = clocks.map(|clock| ClockRow::of(claim, clock)).collect();
    let rows = rows?;
    if rows.is_empty() {
        return Ok(());
    }
    Sql::new("INSERT INTO claim_clocks (claim_id, kind, laid_out_at, days, expires_at, days_left, overdue_recorded, reminders) SELECT ")
        .bind::<SqlUuid, _>(claim.id.0)
        .push(", kind, laid_out_at, days, expires_at, days_left, overdue_recorded, reminders::timestamptz[] FROM unnest(")
        .bind::<Array<Text>, _>(rows.iter().map(|row| row.kind.clone()).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.laid_out_at).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<SmallInt>, _>(rows.iter().map(|row| row.days).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Nullable<Timestamptz>>, _>(rows.iter().map(|row| row.expires_at).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Nullable<SmallInt>>, _>(rows.iter().map(|row| row.days_left).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Bool>, _>(rows.iter().map(|row| row.overdue_recorded).collect::<Vec<_>>())
        .push(", ")
        // A list for each row: unnest would take an array of arrays apart altogether, so each travels as its text.
        .bind::<Array<Text>, _>(rows.iter().map(|row| array_text(&row.reminders)).collect::<Vec<_>>())
        .push(
            ") AS new (kind, laid_out_at, days, expires_at, days_left, overdue_recorded, reminders)
             ON CONFLICT (claim_id, kind) DO UPDATE SET laid_out_at = excluded.laid_out_at, days = excluded.days,
             expires_at = excluded.expires_at, days_left = excluded.days_left, overdue_recorded = excluded.overdue_recorded,
             reminders = excluded.reminders",
        )
        .execute(conn)
        .await?;
    Ok(())
}

/// Instants as PostgreSQL writes an array of them.
fn array_text(instants: &[DateTime<Utc>]) -> String {
    let texts: Vec<String> = instants.iter().map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true)).collect();
    format!("{{{}}}", texts.join(","))
}

async fn save_associations(conn: &mut Conn, before: &Claim, after: &Claim) -> Result<(), StoreError> {
    let old = |new: &Association| before.associations.iter().find(|old| old.id == new.id);
    let changed: Vec<&Association> = after.associations.iter().filter(|new| old(new).is_some_and(|old| old != *new)).collect();
    if !changed.is_empty() {
        Sql::new("UPDATE associations SET state = new.state, ended_at = new.ended_at, end_reason = new.end_reason FROM unnest(")
            .bind::<Array<SqlUuid>, _>(changed.iter().map(|one| one.id.0).collect::<Vec<_>>())
            .push(", ")
            .bind::<Array<Text>, _>(changed.iter().map(|one| one.state.code()).collect::<Vec<_>>())
            .push(", ")
            .bind::<Array<Nullable<Timestamptz>>, _>(changed.iter().map(|one| one.ended_at).collect::<Vec<_>>())
            .push(", ")
            .bind::<Array<Nullable<Text>>, _>(
                changed.iter().map(|one| one.end_reason.map(|reason| reason.code())).collect::<Vec<_>>(),
            )
            .push(") AS new (id, state, ended_at, end_reason) WHERE associations.id = new.id")
            .execute(conn)
            .await?;
    }
    insert_associations(conn, after, after.associations.iter().filter(|new| old(new).is_none())).await
}

async fn insert_associations(conn: &mut Conn, claim: &Claim, new: impl Iterator<Item = &Association>) -> Result<(), StoreError> {
    let rows: Result<Vec<AssociationRow>, _> = new.map(|association| AssociationRow::of(claim, association)).collect();
    let rows = rows?;
    if !rows.is_empty() {
        diesel::insert_into(associations::table).values(rows).execute(conn).await?;
    }
    Ok(())
}

/// Documents are only added; of an old one nothing but its successor can change.
async fn save_documents(conn: &mut Conn, before: &Claim, after: &Claim) -> Result<(), StoreError> {
    for (old, new) in before.documents.iter().zip(&after.documents) {
        if old.superseded_by != new.superseded_by {
            diesel::update(documents::table.find(new.id.0))
                .set(documents::superseded_by.eq(new.superseded_by.map(|document| document.0)))
                .execute(conn)
                .await?;
        }
    }
    insert_documents(conn, after, before.documents.len()).await
}

/// Inserts the documents from `first` on and marks their uploads as used.
async fn insert_documents(conn: &mut Conn, claim: &Claim, first: usize) -> Result<(), StoreError> {
    let new = claim.documents.iter().enumerate().skip(first);
    let rows: Vec<DocumentRow> = new.map(|(index, document)| DocumentRow::of(claim, index, document)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let used: HashSet<_> = rows.iter().map(|row| row.upload_id).collect();
    uploads::mark_attached(conn, used.into_iter().collect()).await?;
    diesel::insert_into(documents::table).values(rows).execute(conn).await?;
    Ok(())
}
