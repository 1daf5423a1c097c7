//! Claims, as a viewer may read them.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Text, Uuid as SqlUuid};

use super::claim_filter::ClaimFilter;
use super::claim_order::{ClaimOrder, ClaimOrderField};
use super::claim_row::ClaimRow as Stored;
use super::cursor::Position;
use super::database::Database;
use super::errors::StoreError;
use super::page::{Item, Page, Slice};
use super::record::{Record, fetch, records};
use super::scope::{self, Chosen};
use super::sql::Sql;
use super::words::word;
use crate::auth::viewer::Viewer;
use crate::domain::ids::ClaimId;
use crate::domain::status::Status;

pub use super::claim_view::{ClaimRow, RejectionRow, RequestRow, StoredClaim};

/// The chosen claims, as far as the viewer may read them, in no order.
pub(super) async fn chosen(database: &Database, viewer: &Viewer, chosen: &Chosen) -> Result<Vec<ClaimRow>, StoreError> {
    let sql = chosen.add_to(scope::claims(viewer, Stored::columns()).push(" AND "));
    let found = records::<Stored>(database.by_key(), sql).await?;
    found.into_iter().map(|record| ClaimRow::seen(record, viewer)).collect()
}

/// The claims with these identities as they are stored, in no order: what a viewer reads of them comes from [`StoredClaim::seen_by`].
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn stored(database: &Database, ids: &[ClaimId]) -> Result<Vec<StoredClaim>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let sql = Sql::new("SELECT ").append(Stored::columns()).push(" FROM claims WHERE claims.id = ANY(");
    let found = records::<Stored>(database.by_key(), sql.bind::<Array<SqlUuid>, _>(ids).push(")")).await?;
    found.into_iter().map(StoredClaim::of).collect()
}

/// A page of the viewer's claims.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn page(
    database: &Database,
    viewer: &Viewer,
    filter: &ClaimFilter,
    order: ClaimOrder,
    page: Page,
) -> Result<Slice<ClaimRow>, StoreError> {
    let part = |keyed| part(viewer, filter, order, page, keyed);
    let sql = match (part(true), part(false)) {
        (Some(keyed), Some(keyless)) => Sql::new("(").append(keyed).push(") UNION ALL (").append(keyless).push(")"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => return Ok(page.slice(Vec::new())),
    };
    let found = records::<Stored>(database.lists(), sql).await?;
    let items = found.into_iter().map(|record| {
        let position = Position { key: order.key(&record), id: record.id };
        Ok(Item { position, row: Arc::new(ClaimRow::seen(record, viewer)?) })
    });
    let mut items = items.collect::<Result<Vec<_>, StoreError>>()?;
    items.sort_by(|a, b| {
        let ordering = order.compare(a.position, b.position);
        if page.is_backward() { ordering.reverse() } else { ordering }
    });
    Ok(page.slice(items))
}

/// How many of the viewer's claims pass the filter.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn count(database: &Database, viewer: &Viewer, filter: &ClaimFilter) -> Result<i64, StoreError> {
    let sql = filter.add_to(viewer, scope::claims(viewer, Sql::new("count(*)")));
    Ok(fetch::<BigInt, i64>(database.lists(), sql).await?.pop().unwrap_or_default())
}

/// How many of the viewer's claims stand where; what none stands in is left out.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn counts_by_status(database: &Database, viewer: &Viewer) -> Result<Vec<(Status, i64)>, StoreError> {
    let sql = scope::claims(viewer, Sql::new("claims.status, count(*)")).push(" GROUP BY claims.status");
    let found = fetch::<(Text, BigInt), (String, i64)>(database.lists(), sql).await?;
    let counts = found.into_iter().map(|(status, count)| Ok((word(&status, Status::from_code)?, count)));
    let mut counts = counts.collect::<Result<Vec<_>, StoreError>>()?;
    counts.sort_unstable();
    Ok(counts)
}

/// The statement for the claims that have the key, or for those that lack it (which come last): each is a range of the same index.
/// `None` if the page holds none of that part.
fn part(viewer: &Viewer, filter: &ClaimFilter, order: ClaimOrder, page: Page, keyed: bool) -> Option<Sql<'static>> {
    if !keyed && !order.is_nullable() {
        return None;
    }
    let mut sql = filter.add_to(viewer, scope::claims(viewer, Stored::columns()));
    if order.is_nullable() {
        sql = sql.push(" AND ").push(order.column()).push(if keyed { " IS NOT NULL" } else { " IS NULL" });
    }
    let (further, nearer) = if order.descending { (" < ", " > ") } else { (" > ", " < ") };
    for (bound, comparison, is_after) in [(page.after, further, true), (page.before, nearer, false)] {
        sql = match bound {
            Some(Position { key: Some(key), id }) if keyed => {
                let sql = sql.push(" AND (").push(order.column()).push(", claims.id)").push(comparison).push("(");
                order.bind(sql, key).push(", ").bind::<SqlUuid, _>(id).push(")")
            }
            Some(Position { key: None, id }) if !keyed => sql.push(" AND claims.id").push(comparison).bind::<SqlUuid, _>(id),
            // The bound lies in the other part: this one is on the right side of it as a whole, or on the wrong one.
            Some(_) if keyed == is_after => return None,
            _ => sql,
        };
    }
    let direction = if order.descending == page.is_backward() { " ASC" } else { " DESC" };
    sql = sql.push(" ORDER BY ");
    if keyed {
        sql = sql.push(order.column()).push(direction).push(", ");
    }
    Some(sql.push("claims.id").push(direction).push(" LIMIT ").bind::<BigInt, _>(page.fetch_limit()))
}

impl ClaimOrder {
    /// The key of a claim in this order.
    fn key(self, row: &Stored) -> Option<i64> {
        let micros = |instant: Option<DateTime<Utc>>| instant.map(|at| at.timestamp_micros());
        match self.field {
            ClaimOrderField::CreatedAt => micros(Some(row.created_at)),
            ClaimOrderField::UpdatedAt => micros(Some(row.updated_at)),
            ClaimOrderField::SubmittedAt => micros(row.submitted_at),
            ClaimOrderField::DecidedAt => micros(row.decided_at),
            ClaimOrderField::DueAt => micros(row.due_at),
            ClaimOrderField::Number => Some(row.number),
        }
    }

    /// Which of two positions comes first.
    fn compare(self, a: Position, b: Position) -> Ordering {
        let within = (a.key, a.id).cmp(&(b.key, b.id));
        let within = if self.descending { within.reverse() } else { within };
        a.key.is_none().cmp(&b.key.is_none()).then(within)
    }
}
