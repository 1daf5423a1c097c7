//! What hangs on claims: lists that belong to one claim each, read for many claims in one statement.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::sql_types::{Array, BigInt, Integer, Uuid as SqlUuid};
use uuid::Uuid;

use super::cursor::Position;
use super::database::Database;
use super::errors::StoreError;
use super::page::{Item, Page, Slice};
use super::people::{PersonColumns, PersonRow};
use super::record::{Authored, Record, fetch, records};
use super::scope::{self, Chosen, Relation};
use super::sql::Sql;
use crate::auth::viewer::Viewer;
use crate::domain::ids::{ClaimId, PersonId};

/// A row that hangs on a claim, in the domain's words.
pub(super) trait Hanging: Sized + Send {
    /// What the database gives.
    type Record: Authored;
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

    /// The column of the person behind a row.
    const AUTHOR: Option<&'static str>;

    /// The place of a row.
    fn place(record: &Self::Record) -> i32;

    /// The person behind a row.
    fn author(&self) -> Option<PersonId>;
}

/// The people who were read with rows; nobody for those of whom the viewer may not know.
pub(super) type Authors = HashMap<PersonId, Option<Arc<PersonRow>>>;

/// All rows of each of these claims, in their order. Claims that have none, or that the viewer may not read, have no entry.
pub(super) async fn whole<T: Hanging>(
    database: &Database,
    viewer: &Viewer,
    claims: &Chosen,
) -> Result<HashMap<ClaimId, Vec<T>>, StoreError> {
    let Some(sql) = scope::rows(viewer, T::RELATION, T::Record::columns()) else { return Ok(HashMap::new()) };
    let sql = claims.add_to(sql.push(" AND ")).push(" ORDER BY ").push(T::ORDER);
    let mut lists: HashMap<ClaimId, Vec<T>> = HashMap::new();
    for record in records::<T::Record>(database.by_key(), sql).await? {
        lists.entry(T::claim(&record)).or_default().push(T::read(record)?);
    }
    Ok(lists)
}

/// The rows with these identities, as far as the viewer may read them, in no order. Only for relations with an `id`.
pub(super) async fn by_ids<T: Hanging>(database: &Database, viewer: &Viewer, ids: &[Uuid]) -> Result<Vec<T>, StoreError> {
    let Some(sql) = scope::rows(viewer, T::RELATION, T::Record::columns()) else { return Ok(Vec::new()) };
    let sql = sql.push(" AND ").push(T::RELATION.table()).push(".id = ANY(").bind::<Array<SqlUuid>, _>(ids.to_vec()).push(")");
    records::<T::Record>(database.by_key(), sql).await?.into_iter().map(T::read).collect()
}

/// A page of the list of each of many claims.
pub(super) struct Pages<T> {
    /// Of the claims of whose list something is on the page.
    lists: HashMap<ClaimId, Arc<Slice<T>>>,
    /// Of all others.
    empty: Arc<Slice<T>>,
}

impl<T> Pages<T> {
    /// Where the viewer reads no rows at all.
    fn none() -> Self {
        Self { lists: HashMap::new(), empty: Arc::default() }
    }

    /// The page of a claim.
    pub(super) fn of(&self, claim: ClaimId) -> Arc<Slice<T>> {
        Arc::clone(self.lists.get(&claim).unwrap_or(&self.empty))
    }
}

/// The same page of the list of each of these claims, in one statement.
pub(super) async fn pages<T: Numbered>(
    database: &Database,
    viewer: &Viewer,
    claims: &Chosen,
    page: Page,
) -> Result<Pages<T>, StoreError> {
    let columns = T::Record::columns();
    let Some(sql) = scope::pages(viewer, T::RELATION, claims, columns, None, page_end::<T>(page)) else {
        return Ok(Pages::none());
    };
    slices(records::<T::Record>(database.by_key(), sql).await?.into_iter().map(item), page)
}

/// The same, together with the people behind the rows.
pub(super) async fn authored_pages<T: Numbered>(
    database: &Database,
    viewer: &Viewer,
    claims: &Chosen,
    page: Page,
) -> Result<(Pages<T>, Authors), StoreError> {
    let author = T::AUTHOR.map(|column| (column, PersonColumns::columns()));
    let Some(author) = author else { return Ok((pages(database, viewer, claims, page).await?, Authors::new())) };
    let columns = T::Record::columns();
    let sql = scope::pages(viewer, T::RELATION, claims, columns, Some(author), page_end::<T>(page));
    let Some(sql) = sql else { return Ok((Pages::none(), Authors::new())) };
    let (mut items, mut authors) = (Vec::new(), Authors::new());
    for (record, person) in T::Record::with_person(database.by_key(), sql).await? {
        let (claim, found) = item::<T>(record)?;
        if let Some(id) = found.row.author()
            && !authors.contains_key(&id)
        {
            authors.insert(id, person.map(|person| person.into_row().map(Arc::new)).transpose()?);
        }
        items.push(Ok((claim, found)));
    }
    Ok((slices(items.into_iter(), page)?, authors))
}

fn item<T: Numbered>(record: T::Record) -> Result<(ClaimId, Item<T>), StoreError> {
    let (claim, place) = (T::claim(&record), i64::from(T::place(&record)));
    Ok((claim, Item { position: Position { key: Some(place), id: claim.0 }, row: Arc::new(T::read(record)?) }))
}

fn slices<T>(items: impl Iterator<Item = Result<(ClaimId, Item<T>), StoreError>>, page: Page) -> Result<Pages<T>, StoreError> {
    let mut fetched: HashMap<ClaimId, Vec<Item<T>>> = HashMap::new();
    for item in items {
        let (claim, item) = item?;
        fetched.entry(claim).or_default().push(item);
    }
    let slice = |mut items: Vec<Item<T>>| {
        items.sort_by_key(|item| item.position.key);
        if page.is_backward() {
            items.reverse();
        }
        Arc::new(page.slice(items))
    };
    let lists = fetched.into_iter().map(|(claim, items)| (claim, slice(items))).collect();
    Ok(Pages { lists, empty: slice(Vec::new()) })
}

/// How many rows each of these claims has that the viewer may read. Claims without any have no entry.
pub(super) async fn totals(
    database: &Database,
    viewer: &Viewer,
    relation: Relation,
    claims: &Chosen,
) -> Result<HashMap<ClaimId, i64>, StoreError> {
    let Some(sql) = scope::rows(viewer, relation, Sql::new("claims.id, count(*)")) else { return Ok(HashMap::new()) };
    let sql = claims.add_to(sql.push(" AND ")).push(" GROUP BY claims.id");
    let found = fetch::<(SqlUuid, BigInt), (Uuid, i64)>(database.by_key(), sql).await?;
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
