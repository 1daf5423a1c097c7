//! How far a demo's clock runs ahead: one row, present only where a demo was loaded.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::database::Conn;
use super::errors::StoreError;
use super::schema::demo_clock;

/// The offset in microseconds; `None` where no demo was loaded.
///
/// # Errors
/// What the database says.
pub async fn offset_micros(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(demo_clock::table.select(demo_clock::offset_micros).first(conn).await.optional()?)
}

/// Remembers that the demo was loaded: its clock begins at the real time.
///
/// # Errors
/// What the database says.
pub async fn begin(conn: &mut Conn) -> Result<(), StoreError> {
    let row = (demo_clock::singleton.eq(true), demo_clock::offset_micros.eq(0_i64));
    diesel::insert_into(demo_clock::table).values(row).on_conflict_do_nothing().execute(conn).await?;
    Ok(())
}
