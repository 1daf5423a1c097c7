//! Claims with a deadline or a reminder that is due and not recorded.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::database::Conn;
use super::errors::StoreError;
use super::sql::Sql;
use crate::domain::ids::ClaimId;

/// At most `limit` of them, the longest overdue first.
///
/// # Errors
/// What the database says.
pub async fn due(conn: &mut Conn, now: DateTime<Utc>, limit: i64) -> Result<Vec<ClaimId>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        claim_id: Uuid,
    }
    let rows: Vec<Row> = Sql::new("SELECT claim_id FROM claim_clocks WHERE next_at <= ")
        .bind::<Timestamptz, _>(now)
        .push(" GROUP BY claim_id ORDER BY min(next_at), claim_id LIMIT ")
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| ClaimId(row.claim_id)).collect())
}
