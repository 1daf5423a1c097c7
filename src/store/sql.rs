//! Hand-written SQL as a Diesel query: text and bound values in turn, prepared once per connection and text.
//!
//! Diesel's own `sql_query` marks itself as not cacheable, so that each run prepares anew; this one is cached by its text. Keep the
//! number of different texts small: bind lists as one array (`= ANY($1)`), never one placeholder per item.

use std::fmt;
use std::marker::PhantomData;

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};

/// A statement, put together from text and bound values.
///
/// Rows are read by name, into `#[derive(QueryableByName)]`. Text comes from the source code alone: [`Sql::push`] takes only
/// `&'static str`, so that nothing a client sent can become part of a statement.
///
/// ```ignore
/// let rows: Vec<Row> = Sql::new("SELECT id FROM claims WHERE organization_id = ")
///     .bind::<sql_types::Uuid, _>(organization.0)
///     .push(" ORDER BY id LIMIT ")
///     .bind::<sql_types::BigInt, _>(limit)
///     .load(conn)
///     .await?;
/// ```
#[must_use = "a statement runs when it is loaded or executed"]
pub struct Sql<'f> {
    pieces: Vec<Piece<'f>>,
}

enum Piece<'f> {
    Text(&'static str),
    Part(Box<dyn QueryFragment<Pg> + Send + 'f>),
}

struct Bound<ST, U> {
    value: U,
    kind: PhantomData<fn() -> ST>,
}

impl<ST, U> QueryFragment<Pg> for Bound<ST, U>
where
    Pg: HasSqlType<ST>,
    U: ToSql<ST, Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<ST, U>(&self.value)
    }
}

impl<'f> Sql<'f> {
    /// A statement that begins with this text.
    pub fn new(text: &'static str) -> Self {
        Self { pieces: vec![Piece::Text(text)] }
    }

    /// Appends text.
    pub fn push(mut self, text: &'static str) -> Self {
        self.pieces.push(Piece::Text(text));
        self
    }

    /// Appends a placeholder and binds a value of an SQL type to it.
    pub fn bind<ST, U>(mut self, value: U) -> Self
    where
        Pg: HasSqlType<ST>,
        U: ToSql<ST, Pg> + Send + 'f,
        ST: 'f,
    {
        self.pieces.push(Piece::Part(Box::new(Bound { value, kind: PhantomData::<fn() -> ST> })));
        self
    }

    /// Appends a part that Diesel itself wrote, such as the columns of a table.
    pub fn fragment(mut self, part: impl QueryFragment<Pg> + Send + 'f) -> Self {
        self.pieces.push(Piece::Part(Box::new(part)));
        self
    }

    /// Appends another statement's text and values.
    pub fn append(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }
}

impl QueryFragment<Pg> for Sql<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_sql(text),
                Piece::Part(part) => part.walk_ast(out.reborrow())?,
            }
        }
        Ok(())
    }
}

/// No static identity: the cache of prepared statements goes by the text and the types of the bound values.
impl QueryId for Sql<'_> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Sql<'_> {
    type SqlType = Untyped;
}

impl fmt::Debug for Sql<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&diesel::debug_query::<Pg, _>(self).to_string())
    }
}

#[cfg(test)]
mod tests {
    use diesel::sql_types::{Array, BigInt, Text};

    use super::*;

    #[test]
    fn placeholders_are_numbered_in_the_order_of_binding() {
        let tail = Sql::new(" LIMIT ").bind::<BigInt, _>(3_i64);
        let sql = Sql::new("SELECT ").bind::<Text, _>("a").push(", ").bind::<Array<Text>, _>(vec!["b"]).append(tail);
        assert_eq!(format!("{sql:?}"), "SELECT $1, $2 LIMIT $3 -- binds: [\"a\", [\"b\"], 3]");
    }

    #[test]
    fn the_statement_may_be_cached_by_its_text() {
        let sql = Sql::new("SELECT ").bind::<Text, _>("a");
        assert!(sql.is_safe_to_cache_prepared(&Pg).unwrap_or(false));
        assert!(Sql::query_id().is_none());
    }
}
