//! What hangs on claims: lists that belong to one claim each, read for many claims in one statement.

use std::collections::HashMap;

use diesel::sql_types::{Array, BigInt, Integer, Uuid as SqlUuid};
use uuid::Uuid;

use super::cursor::Position;
use super::database::Database;
use super::errors::StoreError;
use super::page::{Item, Page, Slice};
use super::record::{Record, fetch, records};
use super::scope::{self, Relation};
use super::sql::Sql;
use crate::auth::viewer::Viewer;
use crate::domain::ids::ClaimId;

/// A row that hangs on a claim, in the domain's words.
pub(super) trait Hanging: Sized + Send {
    /// What the database gives.
    type Record: Record;
    /// Where it stands.
    const RELATION: Relation;
    /// The order within a claim, over the rows.
    const ORDER: &'static str;

    /// The claim it belongs to.
    fn claim(record: &Self::Record) -> ClaimId;

    /// The row in the domain's words.
    fn read(record: Self::Record) -> Result<Self, StoreError>;
}

/// A row of a list that comes in pages: its place within the claim is a column of whole numbers, each once per claim.
pub(super) trait Numbered: Hanging {
    /// The column of the place, over the rows.
    const PLACE: &'static str;

    /// The place of a row.
    fn place(record: &Self::Record) -> i32;
}

/// All rows of each of these claims, in their order. Claims that have none, or that the viewer may not read, have no entry.
pub(super) async fn whole<T: Hanging>(
    database: &Database,
    viewer: &Viewer,
    claims: &[ClaimId],
) -> Result<HashMap<ClaimId, Vec<T>>, StoreError> {
    let Some(sql) = scope::rows(viewer, T::RELATION, T::Record::columns()) else { return Ok(HashMap::new()) };
    let sql = sql.push(" AND claims.id = ANY(").bind::<Array<SqlUuid>, _>(uuids(claims)).push(") ORDER BY ").push(T::ORDER);
    let mut lists: HashMap<ClaimId, Vec<T>> = HashMap::new();
    for record in records::<T::Record>(database, sql).await? {
        lists.entry(T::claim(&record)).or_default().push(T::read(record)?);
    }
    Ok(lists)
}

/// The rows with these identities, as far as the viewer may read them, in no order. Only for relations with an `id`.
pub(super) async fn by_ids<T: Hanging>(database: &Database, viewer: &Viewer, ids: &[Uuid]) -> Result<Vec<T>, StoreError> {
    let Some(sql) = scope::rows(viewer, T::RELATION, T::Record::columns()) else { return Ok(Vec::new()) };
    let sql = sql.push(" AND ").push(T::RELATION.table()).push(".id = ANY(").bind::<Array<SqlUuid>, _>(ids.to_vec()).push(")");
    records::<T::Record>(database, sql).await?.into_iter().map(T::read).collect()
}

/// The same page of the list of each of these claims, in one statement.
pub(super) async fn pages<T: Numbered>(
    database: &Database,
    viewer: &Viewer,
    claims: &[ClaimId],
    page: Page,
) -> Result<HashMap<ClaimId, Slice<T>>, StoreError> {
    let columns = T::Record::columns();
    let Some(sql) = scope::pages(viewer, T::RELATION, claims, columns, page_end::<T>(page)) else { return Ok(HashMap::new()) };
    let mut fetched: HashMap<ClaimId, Vec<Item<T>>> = claims.iter().map(|claim| (*claim, Vec::new())).collect();
    for record in records::<T::Record>(database, sql).await? {
        let (claim, place) = (T::claim(&record), i64::from(T::place(&record)));
        let position = Position { key: Some(place), id: claim.0 };
        fetched.entry(claim).or_default().push(Item { position, row: T::read(record)? });
    }
    let slice = |mut items: Vec<Item<T>>| {
        items.sort_by_key(|item| item.position.key);
        if page.is_backward() {
            items.reverse();
        }
        page.slice(items)
    };
    Ok(fetched.into_iter().map(|(claim, items)| (claim, slice(items))).collect())
}

/// How many rows each of these claims has that the viewer may read. Claims without any have no entry.
pub(super) async fn totals(
    database: &Database,
    viewer: &Viewer,
    relation: Relation,
    claims: &[ClaimId],
) -> Result<HashMap<ClaimId, i64>, StoreError> {
    let Some(sql) = scope::rows(viewer, relation, Sql::new("claims.id, count(*)")) else { return Ok(HashMap::new()) };
    let sql = sql.push(" AND claims.id = ANY(").bind::<Array<SqlUuid>, _>(uuids(claims)).push(") GROUP BY claims.id");
    let found = fetch::<(SqlUuid, BigInt), (Uuid, i64)>(database, sql).await?;
    Ok(found.into_iter().map(|(claim, count)| (ClaimId(claim), count)).collect())
}

/// The end of one claim's query: only places within the page, from the page's end, one more than asked for.
fn page_end<T: Numbered>(page: Page) -> Sql<'static> {
    let mut sql = Sql::new("");
    for (bound, comparison) in [(page.after, " > "), (page.before, " < ")] {
        if let Some(place) = bound.and_then(|position| position.key) {
            // Outside the range of the column, a cursor of ours never is.
            let place = i32::try_from(place).unwrap_or(i32::MAX);
            sql = sql.push(" AND ").push(T::PLACE).push(comparison).bind::<Integer, _>(place);
        }
    }
    let direction = if page.is_backward() { " DESC LIMIT " } else { " ASC LIMIT " };
    sql.push(" ORDER BY ").push(T::PLACE).push(direction).bind::<BigInt, _>(page.fetch_limit())
}

fn uuids(claims: &[ClaimId]) -> Vec<Uuid> {
    claims.iter().map(|id| id.0).collect()
}
