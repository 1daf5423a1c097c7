//! What is stored of some claims, read in one snapshot.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bytea, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::aggregate;
use super::super::database::Conn;
use super::super::errors::StoreError;
use super::super::sql::Sql;
use crate::domain::claim::Claim;
use crate::domain::ids::ClaimId;

/// Claims checked at a time, in one snapshot.
const BATCH_CLAIMS: i64 = 100;

/// Some claims with all that is stored of them.
pub(super) struct Batch {
    pub ids: Vec<ClaimId>,
    pub claims: HashMap<Uuid, Claim>,
    pub history: HashMap<Uuid, Vec<HistoryRow>>,
    pub notes: HashMap<Uuid, Vec<NoteRow>>,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
pub(super) struct HistoryRow {
    #[diesel(sql_type = SqlUuid)]
    pub claim_id: Uuid,
    #[diesel(sql_type = Integer)]
    pub seq: i32,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub by_kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub by_person: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub by_role: Option<String>,
    #[diesel(sql_type = Integer)]
    pub version: i32,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Text)]
    pub body: String,
    #[diesel(sql_type = Bytea)]
    pub prev_hash: Vec<u8>,
    #[diesel(sql_type = Bytea)]
    pub hash: Vec<u8>,
}

#[derive(QueryableByName)]
pub(super) struct NoteRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub claim_id: Uuid,
    #[diesel(sql_type = Integer)]
    pub seq: i32,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    pub by_person: Uuid,
    #[diesel(sql_type = Text)]
    pub by_role: String,
    #[diesel(sql_type = Text)]
    pub body: String,
    #[diesel(sql_type = Bytea)]
    pub prev_hash: Vec<u8>,
    #[diesel(sql_type = Bytea)]
    pub hash: Vec<u8>,
}

pub(super) async fn load(conn: &mut Conn, after: Uuid) -> Result<Batch, StoreError> {
    let ids: Vec<IdRow> = Sql::new("SELECT id FROM claims WHERE id > ")
        .bind::<SqlUuid, _>(after)
        .push(" ORDER BY id LIMIT ")
        .bind::<BigInt, _>(BATCH_CLAIMS)
        .load(conn)
        .await?;
    let uuids: Vec<Uuid> = ids.iter().map(|row| row.id).collect();
    let ids: Vec<ClaimId> = uuids.iter().copied().map(ClaimId).collect();
    let claims = aggregate::load_many(conn, &ids).await?;
    let history: Vec<HistoryRow> = Sql::new(
        "SELECT claim_id, seq, at, kind, by_kind, by_person, by_role, version, status, body, prev_hash, hash
         FROM history WHERE claim_id = ANY(",
    )
    .bind::<Array<SqlUuid>, _>(uuids.clone())
    .push(") ORDER BY claim_id, seq")
    .load(conn)
    .await?;
    let notes: Vec<NoteRow> =
        Sql::new("SELECT id, claim_id, seq, at, by_person, by_role, body, prev_hash, hash FROM notes WHERE claim_id = ANY(")
            .bind::<Array<SqlUuid>, _>(uuids)
            .push(") ORDER BY claim_id, seq")
            .load(conn)
            .await?;
    Ok(Batch {
        ids,
        claims: claims.into_iter().map(|claim| (claim.id.0, claim)).collect(),
        history: grouped(history, |row| row.claim_id),
        notes: grouped(notes, |row| row.claim_id),
    })
}

fn grouped<R>(rows: Vec<R>, owner: impl Fn(&R) -> Uuid) -> HashMap<Uuid, Vec<R>> {
    let mut groups: HashMap<Uuid, Vec<R>> = HashMap::new();
    for row in rows {
        groups.entry(owner(&row)).or_default().push(row);
    }
    groups
}
