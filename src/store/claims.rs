//! Claims, as a viewer may read them.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Text, Uuid as SqlUuid};

use super::claim_filter::ClaimFilter;
use super::claim_order::{ClaimOrder, ClaimOrderField};
use super::claim_record::ClaimRecord;
use super::cursor::Position;
use super::database::Database;
use super::errors::StoreError;
use super::page::{Item, Page, Slice};
use super::record::{Record, code, fetch, records};
use super::scope;
use super::sql::Sql;
use crate::auth::viewer::Viewer;
use crate::domain::actor::{Author, Role};
use crate::domain::claim::Dispute;
use crate::domain::details::Details;
use crate::domain::ids::{ClaimId, ClaimNumber, OrganizationId, PersonId};
use crate::domain::reason::{PartnerReason, RejectionReason};
use crate::domain::status::{Assessment, Consent, Status};

/// A claim's own columns. What it has many of comes as lists of their own.
///
/// For viewers who do not see claims whole, what is between partner and reviewers is left out here already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRow {
    /// Identity.
    pub id: ClaimId,
    /// The number people quote.
    pub number: ClaimNumber,
    /// The partner organization.
    pub organization: OrganizationId,
    /// Where it stands.
    pub status: Status,
    /// Counts the changes of state; what `expectedVersion` compares.
    pub version: i32,
    /// Entries of its history.
    pub sequence: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When its state last changed.
    pub updated_at: DateTime<Utc>,
    /// When its history last grew.
    pub last_event_at: DateTime<Utc>,
    /// The policy under which it was first submitted.
    pub policy: Option<String>,
    /// Its fields.
    pub details: Details,
    /// The reviewer to whom it is assigned.
    pub assignee: Option<PersonId>,
    /// The reviewer who may not decide its dispute.
    pub excluded_reviewer: Option<PersonId>,
    /// When it was first submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was last approved or rejected.
    pub decided_at: Option<DateTime<Utc>>,
    /// The latest request for action; its findings are a list of their own.
    pub request: Option<RequestRow>,
    /// Whether the partner changed or said something since that request.
    pub answered_since_request: bool,
    /// The latest rejection; its findings are a list of their own.
    pub rejection: Option<RejectionRow>,
    /// The dispute.
    pub dispute: Option<Dispute>,
    /// The consent window, from the first approval on.
    pub consent: Option<Consent>,
    /// The assessment, from the first approval on.
    pub assessment: Option<Assessment>,
    /// Why the claim is not eligible for incentives.
    pub assessment_reason: Option<String>,
    /// The earliest exclusive end of a running clock.
    pub due_at: Option<DateTime<Utc>>,
    /// From when on the claim is overdue: the earliest end of a running reviewers' clock.
    pub overdue_from: Option<DateTime<Utc>>,
}

/// A reviewer's request for more, without its findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Author,
    /// What and why.
    pub comment: String,
}

/// A rejection, without its findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectionRow {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Author,
    /// Why.
    pub reason: RejectionReason,
    /// The partner's sub-reason.
    pub partner_reason: Option<PartnerReason>,
    /// In words.
    pub comment: Option<String>,
    /// The exclusive end of the time for a dispute; `None` when it can never be disputed.
    pub disputable_until: Option<DateTime<Utc>>,
}

/// The claims with these identities that the viewer may read, in no order.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn by_ids(database: &Database, viewer: &Viewer, ids: &[ClaimId]) -> Result<Vec<ClaimRow>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let sql = scope::claims(viewer, ClaimRecord::columns("c.")).push(" AND c.id = ANY(").bind::<Array<SqlUuid>, _>(ids).push(")");
    rows(database, viewer, sql).await
}

/// The claim with this number, if the viewer may read it.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn by_number(database: &Database, viewer: &Viewer, number: ClaimNumber) -> Result<Option<ClaimRow>, StoreError> {
    let sql = scope::claims(viewer, ClaimRecord::columns("c.")).push(" AND c.number = ").bind::<BigInt, _>(number.0);
    Ok(rows(database, viewer, sql).await?.pop())
}

/// A page of the viewer's claims.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn page(
    database: &Database,
    viewer: &Viewer,
    filter: &ClaimFilter,
    order: ClaimOrder,
    page: Page,
) -> Result<Slice<ClaimRow>, StoreError> {
    let part = |keyed| part(viewer, filter, order, page, keyed);
    let sql = match (part(true), part(false)) {
        (Some(keyed), Some(keyless)) => Sql::new("(").append(keyed).push(") UNION ALL (").append(keyless).push(")"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => return Ok(page.slice(Vec::new())),
    };
    let found = records::<ClaimRecord>(database, sql).await?;
    let items = found.into_iter().map(|record| {
        let row = record.row()?;
        Ok(Item { position: Position { key: order.key(&row), id: row.id.0 }, row: redact(row, viewer) })
    });
    let mut items = items.collect::<Result<Vec<_>, StoreError>>()?;
    items.sort_by(|a, b| {
        let ordering = order.compare(a.position, b.position);
        if page.is_backward() { ordering.reverse() } else { ordering }
    });
    Ok(page.slice(items))
}

/// How many of the viewer's claims pass the filter.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn count(database: &Database, viewer: &Viewer, filter: &ClaimFilter) -> Result<i64, StoreError> {
    let sql = filter.add_to(scope::claims(viewer, Sql::new("count(*)")));
    Ok(fetch::<BigInt, i64>(database, sql).await?.pop().unwrap_or_default())
}

/// How many of the viewer's claims stand where; what none stands in is left out.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn counts_by_status(database: &Database, viewer: &Viewer) -> Result<Vec<(Status, i64)>, StoreError> {
    let sql = scope::claims(viewer, Sql::new("c.status, count(*)")).push(" GROUP BY c.status");
    let found = fetch::<(Text, BigInt), (String, i64)>(database, sql).await?;
    let mut counts = found.into_iter().map(|(status, count)| Ok((code(&status, Status::from_code)?, count)));
    let mut counts = counts.by_ref().collect::<Result<Vec<_>, StoreError>>()?;
    counts.sort_unstable();
    Ok(counts)
}

async fn rows(database: &Database, viewer: &Viewer, sql: Sql<'static>) -> Result<Vec<ClaimRow>, StoreError> {
    let found = records::<ClaimRecord>(database, sql).await?;
    found.into_iter().map(|record| Ok(redact(record.row()?, viewer))).collect()
}

/// The statement for the claims that have the key, or for those that lack it (which come last): each is a range of the same index.
/// `None` if the page holds none of that part.
fn part(viewer: &Viewer, filter: &ClaimFilter, order: ClaimOrder, page: Page, keyed: bool) -> Option<Sql<'static>> {
    if !keyed && !order.is_nullable() {
        return None;
    }
    let mut sql = filter.add_to(scope::claims(viewer, ClaimRecord::columns("c.")));
    if order.is_nullable() {
        sql = sql.push(" AND ").push(order.column()).push(if keyed { " IS NOT NULL" } else { " IS NULL" });
    }
    let (further, nearer) = if order.descending { (" < ", " > ") } else { (" > ", " < ") };
    for (bound, comparison, is_after) in [(page.after, further, true), (page.before, nearer, false)] {
        sql = match bound {
            Some(Position { key: Some(key), id }) if keyed => {
                let sql = sql.push(" AND (").push(order.column()).push(", c.id)").push(comparison).push("(");
                order.bind(sql, key).push(", ").bind::<SqlUuid, _>(id).push(")")
            }
            Some(Position { key: None, id }) if !keyed => sql.push(" AND c.id").push(comparison).bind::<SqlUuid, _>(id),
            // The bound lies in the other part: this one is on the right side of it as a whole, or on the wrong one.
            Some(_) if keyed == is_after => return None,
            _ => sql,
        };
    }
    let direction = if order.descending == page.is_backward() { " ASC" } else { " DESC" };
    sql = sql.push(" ORDER BY ");
    if keyed {
        sql = sql.push(order.column()).push(direction).push(", ");
    }
    Some(sql.push("c.id").push(direction).push(" LIMIT ").bind::<BigInt, _>(page.fetch_limit()))
}

impl ClaimOrder {
    /// The key of a claim in this order.
    fn key(self, row: &ClaimRow) -> Option<i64> {
        let micros = |instant: Option<DateTime<Utc>>| instant.map(|at| at.timestamp_micros());
        match self.field {
            ClaimOrderField::CreatedAt => micros(Some(row.created_at)),
            ClaimOrderField::UpdatedAt => micros(Some(row.updated_at)),
            ClaimOrderField::SubmittedAt => micros(row.submitted_at),
            ClaimOrderField::DecidedAt => micros(row.decided_at),
            ClaimOrderField::DueAt => micros(row.due_at),
            ClaimOrderField::Number => Some(row.number.0),
        }
    }

    /// Which of two positions comes first.
    fn compare(self, a: Position, b: Position) -> Ordering {
        let within = (a.key, a.id).cmp(&(b.key, b.id));
        let within = if self.descending { within.reverse() } else { within };
        a.key.is_none().cmp(&b.key.is_none()).then(within)
    }
}

/// Leaves out what the viewer may not read of a claim that is in the scope.
///
/// A customer learns who claims what for whom; the eligibility system also how the assessment stands.
fn redact(mut row: ClaimRow, viewer: &Viewer) -> ClaimRow {
    if viewer.reads_whole() {
        return row;
    }
    row.details.name = None;
    row.details.partner_contact = None;
    row.details.external_reference = None;
    row.details.tags.clear();
    row.assignee = None;
    row.excluded_reviewer = None;
    row.request = None;
    row.answered_since_request = false;
    row.rejection = None;
    row.dispute = None;
    row.due_at = None;
    row.overdue_from = None;
    if viewer.role() == Role::Customer {
        row.assessment = None;
        row.assessment_reason = None;
    }
    row
}
