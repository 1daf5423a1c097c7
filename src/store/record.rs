//! Records: rows as the database gives them, before the domain's words are read; and the statements that give such rows.

use std::marker::PhantomData;

use diesel::dsl::SqlTypeOf;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::{QueryResult, Selectable};
use diesel_async::RunQueryDsl;
use diesel_async::methods::LoadQuery;

use super::database::{Conn, Database};
use super::errors::StoreError;
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
    T: Selectable<Pg> + Readable<Columns<T>>,
    T::SelectExpression: QueryFragment<Pg> + Send + 'static,
    Columns<T>: Send,
{
    type Sql = Columns<T>;

    fn columns() -> Sql<'static> {
        Sql::new("").fragment(T::construct_selection())
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
    /// Runs the statement.
    fn load(sql: Sql<'static>, conn: &mut Conn) -> impl Future<Output = QueryResult<Vec<Self>>> + Send;
}

impl<ST, R> Readable<ST> for R
where
    ST: 'static,
    R: Send + 'static,
    Placed<ST>: LoadQuery<'static, Conn, R> + Send,
{
    async fn load(sql: Sql<'static>, conn: &mut Conn) -> QueryResult<Vec<Self>> {
        RunQueryDsl::load(Placed { sql, kind: PhantomData::<fn() -> ST> }, conn).await
    }
}

/// The rows of a statement, on a connection of the read pool that is held for this one statement.
pub(super) async fn fetch<ST, R: Readable<ST>>(database: &Database, sql: Sql<'static>) -> Result<Vec<R>, StoreError> {
    let mut conn = database.read().await?;
    Ok(R::load(sql, &mut conn).await?)
}

/// The records of a statement.
pub(super) async fn records<R: Record>(database: &Database, sql: Sql<'static>) -> Result<Vec<R>, StoreError> {
    fetch::<R::Sql, R>(database, sql).await
}
