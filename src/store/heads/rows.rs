//! Heads in the database.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bytea, Timestamptz};
use diesel_async::RunQueryDsl;

use super::super::database::Conn;
use super::super::errors::StoreError;
use super::super::sql::Sql;
use super::super::words::hash32;
use super::{Head, read_items, write_items};

const SELECT: &str =
    "SELECT number, position, entries, signed_at, prev_hash, hash, public_key, signature FROM history_heads WHERE number ";

#[derive(QueryableByName)]
struct HeadRow {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Bytea)]
    entries: Vec<u8>,
    #[diesel(sql_type = Timestamptz)]
    signed_at: DateTime<Utc>,
    #[diesel(sql_type = Bytea)]
    prev_hash: Vec<u8>,
    #[diesel(sql_type = Bytea)]
    hash: Vec<u8>,
    #[diesel(sql_type = Bytea)]
    public_key: Vec<u8>,
    #[diesel(sql_type = Bytea)]
    signature: Vec<u8>,
}

impl HeadRow {
    fn into_head(self) -> Result<Head, StoreError> {
        Ok(Head {
            number: self.number,
            position: self.position,
            items: read_items(&self.entries)?,
            signed_at: self.signed_at,
            prev_hash: hash32(&self.prev_hash)?,
            hash: hash32(&self.hash)?,
            public_key: hash32(&self.public_key)?,
            signature: self.signature,
        })
    }
}

/// The head after a number: the first after 0.
///
/// # Errors
/// What the database says, or [`StoreError::Corrupt`].
pub async fn after(conn: &mut Conn, number: i64) -> Result<Option<Head>, StoreError> {
    first(conn, Sql::new(SELECT).push("> ").bind::<BigInt, _>(number).push(" ORDER BY number LIMIT 1")).await
}

/// The newest head.
pub(super) async fn newest(conn: &mut Conn) -> Result<Option<Head>, StoreError> {
    first(conn, Sql::new(SELECT).push("> 0 ORDER BY number DESC LIMIT 1")).await
}

/// The head with a number.
pub(super) async fn with_number(conn: &mut Conn, number: i64) -> Result<Option<Head>, StoreError> {
    first(conn, Sql::new(SELECT).push("= ").bind::<BigInt, _>(number)).await
}

async fn first(conn: &mut Conn, sql: Sql<'static>) -> Result<Option<Head>, StoreError> {
    let rows: Vec<HeadRow> = sql.load(conn).await?;
    rows.into_iter().next().map(HeadRow::into_head).transpose()
}

/// Writes a head.
pub(super) async fn insert(conn: &mut Conn, head: &Head) -> Result<(), StoreError> {
    Sql::new("INSERT INTO history_heads (number, position, entries, signed_at, prev_hash, hash, public_key, signature) VALUES (")
        .bind::<BigInt, _>(head.number)
        .push(", ")
        .bind::<BigInt, _>(head.position)
        .push(", ")
        .bind::<Bytea, _>(write_items(&head.items))
        .push(", ")
        .bind::<Timestamptz, _>(head.signed_at)
        .push(", ")
        .bind::<Bytea, _>(head.prev_hash.to_vec())
        .push(", ")
        .bind::<Bytea, _>(head.hash.to_vec())
        .push(", ")
        .bind::<Bytea, _>(head.public_key.to_vec())
        .push(", ")
        .bind::<Bytea, _>(head.signature.clone())
        .push(")")
        .execute(conn)
        .await?;
    Ok(())
}

/// How many notes no head lists yet.
pub(in crate::store) async fn unsigned_notes(conn: &mut Conn) -> Result<i64, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        waiting: i64,
    }
    let row: Row = Sql::new("SELECT count(*) AS waiting FROM notes_unsigned").get_result(conn).await?;
    Ok(row.waiting)
}
