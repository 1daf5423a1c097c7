//! Records: the columns of a row, named once, as SQL and as Rust; and the query that gives such rows.

use std::marker::PhantomData;

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel_async::RunQueryDsl;
use diesel_async::methods::LoadQuery;

use super::database::{Conn, Database};
use super::errors::StoreError;
use super::sql::Sql;

/// A row as the database gives it, before the domain's words are read from it.
pub(super) trait Record: Send {
    /// The SQL types of the columns, in order.
    type Sql;
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];

    /// The columns under a table's alias (`"c."`), for a SELECT.
    fn columns(alias: &'static str) -> Sql<'static> {
        let list = Self::COLUMNS.iter().enumerate();
        list.fold(Sql::new(""), |sql, (at, column)| {
            let sql = if at == 0 { sql } else { sql.push(", ") };
            sql.push(alias).push(column)
        })
    }
}

/// Declares a [`Record`]: each field is the column of the same name, with its Rust and its SQL type.
///
/// One list for both sides: columns cannot be read in another order than they were asked for.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $rust:ty = $sql:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(diesel::Queryable)]
        pub(in crate::store) struct $name { $(pub(in crate::store) $field: $rust),+ }

        impl $crate::store::record::Record for $name {
            type Sql = ($($sql,)+);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];
        }
    };
}
pub(super) use record;

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

/// The SQL types of these rows, where Diesel can read them. Written out once, so that generic readers need one bound.
pub(super) trait Readable<ST>: Sized + Send {
    /// Runs the statement.
    fn load(sql: Sql<'static>, connection: &mut Conn) -> impl Future<Output = QueryResult<Vec<Self>>> + Send;
}

impl<ST, R> Readable<ST> for R
where
    ST: 'static,
    R: Send + 'static,
    Placed<ST>: LoadQuery<'static, Conn, R> + Send,
{
    async fn load(sql: Sql<'static>, connection: &mut Conn) -> QueryResult<Vec<Self>> {
        RunQueryDsl::load(Placed { sql, kind: PhantomData::<fn() -> ST> }, connection).await
    }
}

/// The rows of a statement, on a connection of the read pool that is held for this one statement.
pub(super) async fn fetch<ST, R: Readable<ST>>(database: &Database, sql: Sql<'static>) -> Result<Vec<R>, StoreError> {
    let mut connection = database.read().await?;
    Ok(R::load(sql, &mut connection).await?)
}

/// The records of a statement.
pub(super) async fn records<R: Record + Readable<R::Sql>>(database: &Database, sql: Sql<'static>) -> Result<Vec<R>, StoreError> {
    fetch::<R::Sql, R>(database, sql).await
}

/// Reads a published code of the domain.
pub(super) fn code<T>(text: &str, from_code: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
    from_code(text).ok_or_else(|| StoreError::corrupt(format!("{} {text:?}", std::any::type_name::<T>())))
}

/// Reads a published code of the domain where one is stored.
pub(super) fn maybe_code<T>(text: Option<&str>, from_code: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, StoreError> {
    text.map(|text| code(text, from_code)).transpose()
}

/// Reads a count or a number of days.
pub(super) fn natural(number: i16) -> Result<u16, StoreError> {
    u16::try_from(number).map_err(|_| StoreError::corrupt(format!("a negative number of days: {number}")))
}
