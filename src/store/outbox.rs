//! The outbox: notices that are owed, and what must be known to word and address them.
//!
//! Without a viewer: nobody asked, the notifier pays.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::codec;
use super::database::Conn;
use super::errors::StoreError;
use super::sql::Sql;
use super::words::word;
use crate::domain::actor::Author;
use crate::domain::claim::Claim;
use crate::domain::event::What;
use crate::domain::ids::{ClaimId, OrganizationId, PersonId};
use crate::domain::notice::{Audience, NoticeKind};
use crate::domain::product::ProductCode;

/// Leads that one notice goes to.
const MAX_LEADS: i64 = 100;

/// A notice that is owed: an entry of the history that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The claim.
    pub claim: ClaimId,
    /// The number of the entry that queued it.
    pub seq: i32,
    /// What about.
    pub notice: NoticeKind,
    /// To whom.
    pub audience: Audience,
    /// When it was queued, in the claims' time.
    pub queued_at: DateTime<Utc>,
}

/// A claim as it was when a notice was queued.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// The claim, folded from its history up to the notice.
    pub claim: Claim,
    /// What the latest approval said by then.
    pub approval_comment: Option<String>,
    /// Who submitted it last by then: whose language its contacts are written to in.
    pub submitter: Option<PersonId>,
}

/// Somebody to write to.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Reader {
    /// Who.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// The language.
    #[diesel(sql_type = Text)]
    pub locale: String,
}

/// Notices whose recipients have not been worked out, the oldest first; what goes to the eligibility system has none.
///
/// # Errors
/// What the database says.
pub async fn unaddressed(conn: &mut Conn, limit: i64) -> Result<Vec<Owed>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        claim_id: Uuid,
        #[diesel(sql_type = Integer)]
        seq: i32,
        #[diesel(sql_type = Text)]
        notice: String,
        #[diesel(sql_type = Text)]
        audience: String,
        #[diesel(sql_type = Timestamptz)]
        queued_at: DateTime<Utc>,
    }
    let rows: Vec<Row> = Sql::new(
        "SELECT claim_id, seq, notice, audience, queued_at FROM outbox
         WHERE state = 'PENDING' AND audience <> 'ELIGIBILITY_SYSTEM' ORDER BY queued_at, claim_id, seq LIMIT ",
    )
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    let owed = |row: Row| {
        Ok(Owed {
            claim: ClaimId(row.claim_id),
            seq: row.seq,
            notice: word(&row.notice, NoticeKind::from_code)?,
            audience: word(&row.audience, Audience::from_code)?,
            queued_at: row.queued_at,
        })
    };
    rows.into_iter().map(owed).collect()
}

/// Moves a notice from PENDING on: ADDRESSED, or DEAD if nobody can word it. Answers whether it was still PENDING; whoever
/// moved it holds its row until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn take(conn: &mut Conn, owed: &Owed, can_be_paid: bool) -> Result<bool, StoreError> {
    let taken = Sql::new("UPDATE outbox SET state = CASE WHEN ")
        .bind::<Bool, _>(can_be_paid)
        .push(" THEN 'ADDRESSED' ELSE 'DEAD' END WHERE state = 'PENDING' AND claim_id = ")
        .bind::<SqlUuid, _>(owed.claim.0)
        .push(" AND seq = ")
        .bind::<Integer, _>(owed.seq)
        .execute(conn)
        .await?;
    Ok(taken == 1)
}

/// The claim as its history up to this entry makes it.
///
/// # Errors
/// [`StoreError::Corrupt`] if the history cannot be folded; else what the database says.
pub async fn occasion(conn: &mut Conn, claim: ClaimId, seq: i32) -> Result<Occasion, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        body: String,
    }
    let rows: Vec<Row> = Sql::new("SELECT body FROM history WHERE claim_id = ")
        .bind::<SqlUuid, _>(claim.0)
        .push(" AND seq <= ")
        .bind::<Integer, _>(seq)
        .push(" ORDER BY seq")
        .load(conn)
        .await?;
    let mut occasion: Option<Occasion> = None;
    for row in rows {
        let event = codec::decode(&row.body)?.event;
        let Some(occasion) = &mut occasion else {
            let claim = Claim::from_created(&event).ok_or_else(|| StoreError::corrupt("a history without a beginning"))?;
            occasion = Some(Occasion { claim, approval_comment: None, submitter: None });
            continue;
        };
        occasion.claim.apply(&event);
        match (event.what, event.by) {
            (What::Approved { comment, .. }, _) => occasion.approval_comment = comment,
            (What::Submitted { .. } | What::Resubmitted, Author::Person { id, .. }) => occasion.submitter = Some(id),
            _ => {}
        }
    }
    occasion.ok_or_else(|| StoreError::corrupt("a notice of a claim without a history"))
}

fn active() -> Sql<'static> {
    Sql::new("SELECT id, name, email, locale FROM people WHERE is_active")
}

/// A person, unless they may no longer act.
///
/// # Errors
/// What the database says.
pub async fn person(conn: &mut Conn, id: PersonId) -> Result<Option<Reader>, StoreError> {
    let rows: Vec<Reader> = active().push(" AND id = ").bind::<SqlUuid, _>(id.0).load(conn).await?;
    Ok(rows.into_iter().next())
}

/// The active leads who may know of a claim of this organization: those who do not belong to it.
///
/// # Errors
/// What the database says.
pub async fn leads_outside(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<Reader>, StoreError> {
    let sql = active().push(" AND role = 'REVIEW_LEAD' AND organization_id IS DISTINCT FROM ");
    let sql = sql.bind::<SqlUuid, _>(organization.0).push(" ORDER BY id LIMIT ").bind::<BigInt, _>(MAX_LEADS);
    Ok(sql.load(conn).await?)
}

/// The name of an organization.
///
/// # Errors
/// What the database says.
pub async fn organization_name(conn: &mut Conn, id: OrganizationId) -> Result<String, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let row: Row = Sql::new("SELECT name FROM organizations WHERE id = ").bind::<SqlUuid, _>(id.0).get_result(conn).await?;
    Ok(row.name)
}

/// The names of products in the catalogue.
///
/// # Errors
/// What the database says.
pub async fn product_names(conn: &mut Conn, codes: &[ProductCode]) -> Result<BTreeMap<ProductCode, String>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        code: String,
        #[diesel(sql_type = Text)]
        name: String,
    }
    let codes: Vec<&str> = codes.iter().map(|code| code.0.as_str()).collect();
    let sql = Sql::new("SELECT code, name FROM catalogue WHERE code = ANY(").bind::<Array<Text>, _>(codes).push(")");
    let rows: Vec<Row> = sql.load(conn).await?;
    Ok(rows.into_iter().map(|row| (ProductCode(row.code), row.name)).collect())
}
