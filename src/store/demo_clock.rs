//! How far the demo's clock runs ahead of the real one: a row, so that all processes agree. There is none outside a demo.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::database::Conn;
use super::errors::StoreError;
use super::schema::demo_clock;

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
