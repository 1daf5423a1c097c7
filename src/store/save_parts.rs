//! The statements that write the parts of a claim: products, findings, clocks, associations, documents.

use std::collections::HashSet;

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};

use super::claim_parts::{AssociationRow, ClockRow, FindingRow, ProductRow};
use super::document_row::DocumentRow;
use super::errors::StoreError;
use super::schema::{associations, claim_findings, claim_products, documents};
use super::sql::Sql;
use super::transaction::Writes;
use super::uploads;
use crate::domain::claim::Claim;
use crate::domain::clock::Clock;
use crate::domain::event::Association;
use crate::domain::reason::Finding;

/// Writes the parts of a new claim.
pub(super) fn insert_parts(writes: &mut Writes, claim: &Claim) -> Result<(), StoreError> {
    insert_products(writes, claim);
    insert_findings(writes, claim);
    put_clocks(writes, claim, claim.clocks.iter())?;
    insert_associations(writes, claim, claim.associations.iter())?;
    insert_documents(writes, claim, 0);
    Ok(())
}

/// Writes those parts that differ.
pub(super) fn save_parts(writes: &mut Writes, before: &Claim, after: &Claim) -> Result<(), StoreError> {
    if before.products != after.products {
        let old = claim_products::table.filter(claim_products::claim_id.eq(after.id.0));
        writes.push(Sql::new("").fragment(diesel::delete(old)));
        insert_products(writes, after);
    }
    if findings(before) != findings(after) {
        let old = claim_findings::table.filter(claim_findings::claim_id.eq(after.id.0));
        writes.push(Sql::new("").fragment(diesel::delete(old)));
        insert_findings(writes, after);
    }
    save_clocks(writes, before, after)?;
    save_associations(writes, before, after)?;
    save_documents(writes, before, after);
    Ok(())
}

fn findings(claim: &Claim) -> (Option<&[Finding]>, Option<&[Finding]>) {
    (
        claim.request.as_ref().map(|request| request.findings.as_slice()),
        claim.rejection.as_ref().map(|rejection| rejection.findings.as_slice()),
    )
}

fn insert_products(writes: &mut Writes, claim: &Claim) {
    let rows = ProductRow::all_of(claim);
    if !rows.is_empty() {
        writes.push(Sql::new("").fragment(diesel::insert_into(claim_products::table).values(rows)));
    }
}

fn insert_findings(writes: &mut Writes, claim: &Claim) {
    let rows = FindingRow::all_of(claim);
    if !rows.is_empty() {
        writes.push(Sql::new("").fragment(diesel::insert_into(claim_findings::table).values(rows)));
    }
}

fn save_clocks(writes: &mut Writes, before: &Claim, after: &Claim) -> Result<(), StoreError> {
    let ended: Vec<&'static str> =
        before.clocks.iter().filter(|clock| after.clock(clock.kind).is_none()).map(|clock| clock.kind.code()).collect();
    if !ended.is_empty() {
        let sql = Sql::new("DELETE FROM claim_clocks WHERE claim_id = ").bind::<SqlUuid, _>(after.id.0);
        writes.push(sql.push(" AND kind = ANY(").bind::<Array<Text>, _>(ended).push(")"));
    }
    put_clocks(writes, after, after.clocks.iter().filter(|clock| before.clock(clock.kind) != Some(*clock)))
}

/// Inserts clocks, or replaces those of the same kind.
fn put_clocks<'a>(writes: &mut Writes, claim: &Claim, clocks: impl Iterator<Item = &'a Clock>) -> Result<(), StoreError> {
    let rows: Vec<ClockRow> = clocks.map(|clock| ClockRow::of(claim, clock)).collect::<Result<_, _>>()?;
    if rows.is_empty() {
        return Ok(());
    }
    let sql = Sql::new("INSERT INTO claim_clocks (claim_id, kind, laid_out_at, days, expires_at, days_left, overdue_recorded, reminders) SELECT ")
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
        );
    writes.push(sql);
    Ok(())
}

/// Instants as PostgreSQL writes an array of them.
fn array_text(instants: &[DateTime<Utc>]) -> String {
    let texts: Vec<String> = instants.iter().map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true)).collect();
    format!("{{{}}}", texts.join(","))
}

fn save_associations(writes: &mut Writes, before: &Claim, after: &Claim) -> Result<(), StoreError> {
    let old = |new: &Association| before.associations.iter().find(|old| old.id == new.id);
    let changed: Vec<&Association> = after.associations.iter().filter(|new| old(new).is_some_and(|old| old != *new)).collect();
    if !changed.is_empty() {
        let sql = Sql::new(
            "UPDATE associations SET state = new.state, ended_at = new.ended_at, end_reason = new.end_reason FROM unnest(",
        )
        .bind::<Array<SqlUuid>, _>(changed.iter().map(|one| one.id.0).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Text>, _>(changed.iter().map(|one| one.state.code()).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Nullable<Timestamptz>>, _>(changed.iter().map(|one| one.ended_at).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Nullable<Text>>, _>(
            changed.iter().map(|one| one.end_reason.map(|reason| reason.code())).collect::<Vec<_>>(),
        )
        .push(") AS new (id, state, ended_at, end_reason) WHERE associations.id = new.id");
        writes.push(sql);
    }
    insert_associations(writes, after, after.associations.iter().filter(|new| old(new).is_none()))
}

fn insert_associations<'a>(
    writes: &mut Writes,
    claim: &Claim,
    new: impl Iterator<Item = &'a Association>,
) -> Result<(), StoreError> {
    let rows: Vec<AssociationRow> = new.map(|association| AssociationRow::of(claim, association)).collect::<Result<_, _>>()?;
    if !rows.is_empty() {
        writes.push(Sql::new("").fragment(diesel::insert_into(associations::table).values(rows)));
    }
    Ok(())
}

/// Documents are only added; of an old one nothing but its successor can change.
fn save_documents(writes: &mut Writes, before: &Claim, after: &Claim) {
    for (old, new) in before.documents.iter().zip(&after.documents) {
        if old.superseded_by != new.superseded_by {
            let successor = documents::superseded_by.eq(new.superseded_by.map(|document| document.0));
            writes.push(Sql::new("").fragment(diesel::update(documents::table.find(new.id.0)).set(successor)));
        }
    }
    insert_documents(writes, after, before.documents.len());
}

/// Inserts the documents from `first` on and marks their uploads as used. That no two documents use one upload is held by the table.
fn insert_documents(writes: &mut Writes, claim: &Claim, first: usize) {
    let new = claim.documents.iter().enumerate().skip(first);
    let rows: Vec<DocumentRow> = new.map(|(index, document)| DocumentRow::of(claim, index, document)).collect();
    if rows.is_empty() {
        return;
    }
    let used: HashSet<_> = rows.iter().map(|row| row.upload_id).collect();
    writes.push(uploads::mark_attached(used.into_iter().collect()));
    writes.push(Sql::new("").fragment(diesel::insert_into(documents::table).values(rows)));
}
