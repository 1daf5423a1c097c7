//! Records: rows as the database gives them, before the domain's words are read; and the statements that give such rows.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::{PoisonError, RwLock};

use diesel::deserialize::FromSqlRow;
use diesel::dsl::SqlTypeOf;
use diesel::pg::{Pg, PgQueryBuilder};
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::result::Error::DeserializationError;
use diesel::sql_types::Nullable;
use diesel::{QueryResult, Selectable};
use diesel_async::AsyncConnectionCore;
use futures_util::TryStreamExt;

use super::database::Conn;
use super::errors::StoreError;
use super::people::PersonColumns;
use super::pipelines::Pipelines;
use super::sql::Sql;

/// The SQL types of the columns of a record.
type Columns<T> = SqlTypeOf<<T as Selectable<Pg>>::SelectExpression>;

/// A row of known columns: whatever Diesel can select and read.
pub(super) trait Record: Readable<Self::Sql> {
    /// The SQL types of the columns, in order.
    type Sql: Send;

    /// The columns, in order, for a SELECT from tables that go by their own names.
    fn columns() -> Sql<'static>;
}

impl<T> Record for T
where
    T: Selectable<Pg> + Readable<Columns<T>> + 'static,
    T::SelectExpression: QueryFragment<Pg> + Send + 'static,
    Columns<T>: Send,
{
    type Sql = Columns<T>;

    fn columns() -> Sql<'static> {
        Sql::new(column_text::<T>())
    }
}

/// The text of a record's columns, put together once: a wide row's is longer than the rest of its statement.
fn column_text<T>() -> &'static str
where
    T: Selectable<Pg> + 'static,
    T::SelectExpression: QueryFragment<Pg>,
{
    static TEXTS: RwLock<BTreeMap<TypeId, &'static str>> = RwLock::new(BTreeMap::new());
    let known = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<T>()).copied();
    known.unwrap_or_else(|| {
        let mut builder = PgQueryBuilder::default();
        if let Err(error) = T::construct_selection().to_sql(&mut builder, &Pg) {
            tracing::error!(%error, "columns that cannot be written as text");
        }
        // Names of ours need no quotes. One text per type, for as long as the process lives.
        let text: &'static str = builder.finish().replace('"', "").leak();
        TEXTS.write().unwrap_or_else(PoisonError::into_inner).insert(TypeId::of::<T>(), text);
        text
    })
}

/// A record that can be read together with a person: whoever wrote it, if the viewer may know of them.
pub(super) trait Authored: Record {
    /// The rows of a statement that gives the columns of both.
    fn with_person(readers: &Pipelines, sql: Sql<'static>) -> impl Future<Output = Result<WithPerson<Self>, StoreError>> + Send;
}

/// Records, each with a person.
pub(super) type WithPerson<T> = Vec<(T, Option<PersonColumns>)>;

impl<T> Authored for T
where
    T: Record + Send,
    T::Sql: 'static,
    (T, Option<PersonColumns>): Readable<(T::Sql, Nullable<Columns<PersonColumns>>)>,
{
    async fn with_person(readers: &Pipelines, sql: Sql<'static>) -> Result<WithPerson<Self>, StoreError> {
        fetch::<(T::Sql, Nullable<Columns<PersonColumns>>), _>(readers, sql).await
    }
}

/// A statement whose rows are read by place rather than by name: a wide row costs no search for each of its columns.
struct Placed<ST> {
    sql: Sql<'static>,
    kind: PhantomData<fn() -> ST>,
}

impl<ST> QueryFragment<Pg> for Placed<ST> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.sql.walk_ast(out)
    }
}

impl<ST> QueryId for Placed<ST> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Placed<ST> {
    type SqlType = ST;
}

/// What Diesel can read from columns of these SQL types. Says in one bound what otherwise takes five.
pub(super) trait Readable<ST>: Sized + Send {
    /// Runs the statement, behind those that are under way on the connection.
    fn load(sql: Sql<'static>, conn: &Conn) -> impl Future<Output = QueryResult<Vec<Self>>> + Send;
}

impl<ST, R> Readable<ST> for R
where
    ST: 'static,
    R: FromSqlRow<ST, Pg> + Send + 'static,
{
    async fn load(sql: Sql<'static>, mut conn: &Conn) -> QueryResult<Vec<Self>> {
        let mut rows = conn.load(Placed { sql, kind: PhantomData::<fn() -> ST> }).await?;
        let mut read = Vec::new();
        while let Some(row) = rows.try_next().await? {
            read.push(R::build_from_row(&row).map_err(DeserializationError)?);
        }
        Ok(read)
    }
}

/// The rows of a statement, over a connection that readers share.
pub(super) async fn fetch<ST, R: Readable<ST>>(readers: &Pipelines, sql: Sql<'static>) -> Result<Vec<R>, StoreError> {
    let turn = readers.turn().await?;
    let rows = R::load(sql, turn.conn()).await;
    turn.answered();
    Ok(rows?)
}

/// The records of a statement.
pub(super) async fn records<R: Record>(readers: &Pipelines, sql: Sql<'static>) -> Result<Vec<R>, StoreError> {
    fetch::<R::Sql, R>(readers, sql).await
}
