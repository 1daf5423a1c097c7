//! How far the demo's clock runs ahead of the real one: a row, so that all processes agree. There is none outside a demo.

use diesel::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;

use super::database::Conn;
use super::errors::StoreError;
use super::schema::demo_clock;
use super::sql::Sql;

/// The offset in microseconds; `None` outside a demo.
///
/// # Errors
/// What the database says.
pub async fn offset_micros(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(demo_clock::table.select(demo_clock::offset_micros).first(conn).await.optional()?)
}

/// Sets the offset in microseconds.
///
/// # Errors
/// What the database says; it refuses an offset below zero.
pub async fn set_offset_micros(conn: &mut Conn, micros: i64) -> Result<(), StoreError> {
    diesel::insert_into(demo_clock::table)
        .values((demo_clock::singleton.eq(true), demo_clock::offset_micros.eq(micros)))
        .on_conflict(demo_clock::singleton)
        .do_update()
        .set(demo_clock::offset_micros.eq(micros))
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves the offset by so many microseconds, in one statement that waits for whoever moves it at the same time. Answers what it is then;
/// `None` if it would come to lie beyond `max_micros`.
///
/// # Errors
/// What the database says; it refuses an offset below zero.
pub async fn advance(conn: &mut Conn, by_micros: i64, max_micros: i64) -> Result<Option<i64>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        offset_micros: i64,
    }
    let rows: Vec<Row> = Sql::new("INSERT INTO demo_clock (offset_micros) VALUES (")
        .bind::<BigInt, _>(by_micros)
        .push(
            ") ON CONFLICT (singleton) DO UPDATE SET offset_micros = demo_clock.offset_micros + excluded.offset_micros
             WHERE demo_clock.offset_micros + excluded.offset_micros <= ",
        )
        .bind::<BigInt, _>(max_micros)
        .push(" RETURNING offset_micros")
        .load(conn)
        .await?;
    Ok(rows.into_iter().next().map(|row| row.offset_micros))
}
