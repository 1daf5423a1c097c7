//! What was sent to the eligibility system, in the order of the feed: requests to assess a claim, and withdrawals of such requests.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::cursor::Position;
use super::database::Database;
use super::errors::StoreError;
use super::page::{Item, Page, Slice};
use super::record::fetch;
use super::scope;
use super::sql::Sql;
use super::words::{maybe_word, word};
use crate::auth::viewer::Viewer;
use crate::domain::details::MpnId;
use crate::domain::ids::{ClaimId, ClaimNumber, TenantId};
use crate::domain::notice::NoticeKind;
use crate::domain::product::{Activity, Area};

/// Something that was sent to the eligibility system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessmentRow {
    /// Its place in the feed; each sending has one, and only one.
    pub position: i64,
    /// The claim.
    pub claim: ClaimId,
    /// Its number.
    pub number: ClaimNumber,
    /// The customer's tenant.
    pub tenant: Option<TenantId>,
    /// The customer's name.
    pub customer: Option<String>,
    /// The partner's location.
    pub location: MpnId,
    /// The solution area.
    pub area: Option<Area>,
    /// The activities.
    pub activities: BTreeSet<Activity>,
    /// When the claim was first submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Whether it withdraws what was sent before.
    pub is_withdrawal: bool,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
}

type Found = (
    i64,
    Uuid,
    i64,
    Option<Uuid>,
    Option<String>,
    String,
    Option<String>,
    Vec<String>,
    Option<DateTime<Utc>>,
    String,
    DateTime<Utc>,
);
type FoundSql = (
    BigInt,
    SqlUuid,
    BigInt,
    Nullable<SqlUuid>,
    Nullable<Text>,
    Text,
    Nullable<Text>,
    Array<Text>,
    Nullable<Timestamptz>,
    Text,
    Timestamptz,
);

const COLUMNS: &str = "feed.position, claims.id, claims.number, claims.tenant_id, claims.customer_name, claims.location, claims.area, \
    claims.activities, claims.submitted_at, outbox.notice, outbox.queued_at";

/// A page of what was sent, the oldest first; nothing unless the eligibility system asks.
///
/// Places in the feed are given after commit, contiguously: whoever has read up to a place has missed nothing before it.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn page(database: &Database, viewer: &Viewer, page: Page) -> Result<Slice<AssessmentRow>, StoreError> {
    let Some(mut sql) = scope::assessments(viewer, Sql::new(COLUMNS)) else { return Ok(Slice::default()) };
    for (bound, comparison) in [(page.after, " AND feed.position > "), (page.before, " AND feed.position < ")] {
        if let Some(place) = bound.and_then(|position| position.key) {
            sql = sql.push(comparison).bind::<BigInt, _>(place);
        }
    }
    let order = if page.is_backward() { " ORDER BY feed.position DESC LIMIT " } else { " ORDER BY feed.position LIMIT " };
    let found: Vec<Found> = fetch::<FoundSql, _>(database.lists(), sql.push(order).bind::<BigInt, _>(page.fetch_limit())).await?;
    let items = found.into_iter().map(|found| {
        let row = Arc::new(row(found)?);
        Ok(Item { position: Position { key: Some(row.position), id: row.claim.0 }, row })
    });
    Ok(page.slice(items.collect::<Result<_, StoreError>>()?))
}

/// How many were sent; none unless the eligibility system asks.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn count(database: &Database, viewer: &Viewer) -> Result<i64, StoreError> {
    let Some(sql) = scope::assessments(viewer, Sql::new("count(*)")) else { return Ok(0) };
    let counts: Vec<i64> = fetch::<BigInt, _>(database.lists(), sql).await?;
    Ok(counts.into_iter().next().unwrap_or_default())
}

fn row(found: Found) -> Result<AssessmentRow, StoreError> {
    let (position, claim, number, tenant, customer, location, area, activities, submitted_at, notice, sent_at) = found;
    Ok(AssessmentRow {
        position,
        claim: ClaimId(claim),
        number: ClaimNumber(number),
        tenant: tenant.map(TenantId),
        customer,
        location: word(&location, MpnId::parse)?,
        area: maybe_word(area.as_deref(), Area::from_code)?,
        activities: activities.iter().map(|code| word(code, Activity::from_code)).collect::<Result<_, _>>()?,
        submitted_at,
        is_withdrawal: word(&notice, NoticeKind::from_code)? == NoticeKind::AssessmentWithdrawn,
        sent_at,
    })
}
