//! Claims with a deadline that has passed and was not recorded yet: what the sweeper asks for.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::database::Conn;
use super::errors::StoreError;
use super::sql::Sql;
use crate::domain::ids::ClaimId;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    claim_id: Uuid,
}

/// The claims with an unrecorded deadline at or before `now`, the longest overdue first, `limit` at most.
///
/// # Errors
/// What the database says.
pub async fn due(conn: &mut Conn, now: DateTime<Utc>, limit: i64) -> Result<Vec<ClaimId>, StoreError> {
    let sql = Sql::new(
        "SELECT claim_id FROM (SELECT claim_id, min(expires_at) AS first FROM claim_clocks
         WHERE NOT overdue_recorded AND expires_at IS NOT NULL AND expires_at <= ",
    )
    .bind::<Timestamptz, _>(now)
    .push(" GROUP BY claim_id) AS due ORDER BY first LIMIT ")
    .bind::<BigInt, _>(limit);
    let rows: Vec<Row> = sql.load(conn).await?;
    Ok(rows.into_iter().map(|row| ClaimId(row.claim_id)).collect())
}
