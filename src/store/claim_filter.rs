//! The filter of the list of claims: all that is given must hold.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};

use super::fold::words;
use super::sql::Sql;
use crate::auth::viewer::Viewer;
use crate::domain::actor::Role;
use crate::domain::details::{Domain, MpnId};
use crate::domain::ids::{ClaimNumber, OrganizationId, PersonId, SubscriptionId, TenantId};
use crate::domain::product::{Activity, Area, ProductCode};
use crate::domain::reason::RejectionReason;
use crate::domain::status::{Assessment, Consent, Status};

/// Items a list of a filter may have.
pub const MAX_FILTER_ITEMS: usize = 50;
/// The longest search, in characters.
pub const MAX_SEARCH_CHARS: usize = 200;

/// A stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeRange {
    /// The first instant, inclusive.
    pub from: Option<DateTime<Utc>>,
    /// The end, exclusive.
    pub to: Option<DateTime<Utc>>,
}

/// Whether claims must be overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overdue {
    /// Overdue, or not.
    pub is: bool,
    /// When.
    pub now: DateTime<Utc>,
}

/// To whom claims must be assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignees {
    /// One of these.
    Any(Vec<PersonId>),
    /// Nobody.
    Nobody,
}

/// Which claims to list. `None` leaves a member out; an empty list admits nothing. Of a list, one must hold; of the members, all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimFilter {
    /// Where they stand.
    pub statuses: Option<Vec<Status>>,
    /// The customer's consent.
    pub consents: Option<Vec<Consent>>,
    /// The assessment.
    pub assessments: Option<Vec<Assessment>>,
    /// Whether a reviewers' clock has run out.
    pub overdue: Option<Overdue>,
    /// A running clock ends before this instant.
    pub due_before: Option<DateTime<Utc>>,
    /// The solution area.
    pub areas: Option<Vec<Area>>,
    /// They name any of these activities.
    pub activities: Option<Vec<Activity>>,
    /// They name any of these products.
    pub products: Option<Vec<ProductCode>>,
    /// They name this subscription.
    pub subscription: Option<SubscriptionId>,
    /// The customer's tenant.
    pub tenants: Option<Vec<TenantId>>,
    /// The customer's domain.
    pub domain: Option<Domain>,
    /// The partner location.
    pub locations: Option<Vec<MpnId>>,
    /// The partner organization.
    pub organizations: Option<Vec<OrganizationId>>,
    /// To whom they are assigned.
    pub assignees: Option<Assignees>,
    /// Why they were rejected last.
    pub reasons: Option<Vec<RejectionReason>>,
    /// They bear any of these tags.
    pub tags: Option<Vec<String>>,
    /// The partner's own reference, whole.
    pub external_reference: Option<String>,
    /// When they were created.
    pub created: TimeRange,
    /// When they were first submitted.
    pub submitted: TimeRange,
    /// When they were last decided.
    pub decided: TimeRange,
    /// When their state last changed.
    pub updated: TimeRange,
    /// A claim's number in full, or words of which each begins a word of its number, name, customer or products; a
    /// blank one admits all, one without a letter or digit nothing.
    pub search: Option<String>,
}

/// Why a filter is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// A list with too many items.
    #[error("`{member}` may have {MAX_FILTER_ITEMS} items")]
    TooManyItems {
        /// Which member.
        member: &'static str,
    },
    /// A text that is too long.
    #[error("`search` may have {MAX_SEARCH_CHARS} characters")]
    SearchTooLong,
}

impl ClaimFilter {
    /// Checks the bounds.
    ///
    /// # Errors
    /// [`FilterError`], the first that applies.
    pub fn check(&self) -> Result<(), FilterError> {
        let assignees = match &self.assignees {
            Some(Assignees::Any(people)) => Some(people.len()),
            _ => None,
        };
        let lists = [
            ("statuses", self.statuses.as_ref().map(Vec::len)),
            ("consents", self.consents.as_ref().map(Vec::len)),
            ("assessments", self.assessments.as_ref().map(Vec::len)),
            ("areas", self.areas.as_ref().map(Vec::len)),
            ("activities", self.activities.as_ref().map(Vec::len)),
            ("products", self.products.as_ref().map(Vec::len)),
            ("tenants", self.tenants.as_ref().map(Vec::len)),
            ("locations", self.locations.as_ref().map(Vec::len)),
            ("organizations", self.organizations.as_ref().map(Vec::len)),
            ("assignees", assignees),
            ("reasons", self.reasons.as_ref().map(Vec::len)),
            ("tags", self.tags.as_ref().map(Vec::len)),
        ];
        if let Some((member, _)) = lists.into_iter().find(|(_, items)| items.is_some_and(|items| items > MAX_FILTER_ITEMS)) {
            return Err(FilterError::TooManyItems { member });
        }
        match &self.search {
            Some(search) if search.chars().count() > MAX_SEARCH_CHARS => Err(FilterError::SearchTooLong),
            _ => Ok(()),
        }
    }

    /// Adds the conditions (over claims), each after ` AND `. What is redacted for the viewer no filter finds: it would be guessed.
    pub(super) fn add_to(&self, viewer: &Viewer, sql: Sql<'static>) -> Sql<'static> {
        if !viewer.reads_whole() && self.asks_for_redacted(viewer.role()) {
            return sql.push(" AND false");
        }
        let sql = self.add_states(sql);
        let sql = self.add_customer_and_products(sql);
        let sql = self.add_people(sql);
        let sql = self.add_times(sql);
        self.add_search(sql)
    }

    /// Whether a member is about what [`ClaimRow`](super::claim_view::ClaimRow) leaves out for this role. The searched words hold the
    /// claim's name among them, so that only a number can be searched for.
    fn asks_for_redacted(&self, role: Role) -> bool {
        let turns = self.assignees.is_some() || self.reasons.is_some() || self.overdue.is_some() || self.due_before.is_some();
        let labels = self.tags.is_some() || self.external_reference.is_some();
        let words = self.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
        turns
            || labels
            || words.is_some_and(|search| ClaimNumber::parse(search).is_none())
            || (role == Role::Customer && self.assessments.is_some())
    }

    fn add_states(&self, sql: Sql<'static>) -> Sql<'static> {
        // One status is a range of an index in the order of the list; of several, the planner decides.
        let sql = match self.statuses.as_deref() {
            Some([status]) => sql.push(" AND claims.status = ").bind::<Text, _>(status.code()),
            _ => any(sql, " AND claims.status = ANY(", &self.statuses, |status| status.code()),
        };
        let sql = any(sql, " AND claims.consent = ANY(", &self.consents, |consent| consent.code());
        let sql = any(sql, " AND claims.assessment = ANY(", &self.assessments, |assessment| assessment.code());
        let sql = any(sql, " AND claims.rejection_reason = ANY(", &self.reasons, |reason| reason.code());
        let sql = any(sql, " AND claims.area = ANY(", &self.areas, |area| area.code());
        any(sql, " AND claims.activities && (", &self.activities, |activity| activity.code())
    }

    fn add_customer_and_products(&self, mut sql: Sql<'static>) -> Sql<'static> {
        if let Some(codes) = &self.products {
            let codes: Vec<_> = codes.iter().map(|code| code.0.clone()).collect();
            sql = sql.push(" AND claims.id IN (SELECT p.claim_id FROM claim_products p WHERE p.product_code = ANY(");
            sql = sql.bind::<Array<Text>, _>(codes).push("))");
        }
        if let Some(subscription) = self.subscription {
            sql = sql.push(" AND claims.id IN (SELECT p.claim_id FROM claim_products p WHERE p.subscription_id = ");
            sql = sql.bind::<SqlUuid, _>(subscription.0).push(")");
        }
        if let Some(tenants) = &self.tenants {
            sql = uuids(sql, " AND claims.tenant_id = ANY(", tenants.iter().map(|id| id.0));
        }
        if let Some(domain) = &self.domain {
            sql = sql.push(" AND claims.customer_domain = ").bind::<Text, _>(domain.as_str().to_owned());
        }
        sql
    }

    fn add_people(&self, mut sql: Sql<'static>) -> Sql<'static> {
        if let Some(locations) = &self.locations {
            let locations: Vec<_> = locations.iter().map(|id| id.as_str().to_owned()).collect();
            sql = sql.push(" AND claims.location = ANY(").bind::<Array<Text>, _>(locations).push(")");
        }
        if let Some(organizations) = &self.organizations {
            sql = uuids(sql, " AND claims.organization_id = ANY(", organizations.iter().map(|id| id.0));
        }
        if let Some(tags) = &self.tags {
            sql = sql.push(" AND claims.tags && ").bind::<Array<Text>, _>(tags.clone());
        }
        if let Some(reference) = &self.external_reference {
            sql = sql.push(" AND claims.external_reference = ").bind::<Text, _>(reference.clone());
        }
        match &self.assignees {
            Some(Assignees::Any(people)) => uuids(sql, " AND claims.assignee_id = ANY(", people.iter().map(|id| id.0)),
            Some(Assignees::Nobody) => sql.push(" AND claims.assignee_id IS NULL"),
            None => sql,
        }
    }

    fn add_times(&self, mut sql: Sql<'static>) -> Sql<'static> {
        sql = match self.overdue {
            Some(Overdue { is: true, now }) => sql.push(" AND claims.overdue_from <= ").bind::<Timestamptz, _>(now),
            Some(Overdue { is: false, now }) => {
                sql.push(" AND (claims.overdue_from IS NULL OR claims.overdue_from > ").bind::<Timestamptz, _>(now).push(")")
            }
            None => sql,
        };
        if let Some(end) = self.due_before {
            sql = sql.push(" AND claims.due_at < ").bind::<Timestamptz, _>(end);
        }
        sql = range(sql, " AND claims.created_at >= ", " AND claims.created_at < ", self.created);
        sql = range(sql, " AND claims.submitted_at >= ", " AND claims.submitted_at < ", self.submitted);
        sql = range(sql, " AND claims.decided_at >= ", " AND claims.decided_at < ", self.decided);
        range(sql, " AND claims.updated_at >= ", " AND claims.updated_at < ", self.updated)
    }

    fn add_search(&self, sql: Sql<'static>) -> Sql<'static> {
        let Some(search) = self.search.as_deref().map(str::trim).filter(|search| !search.is_empty()) else { return sql };
        if let Some(number) = ClaimNumber::parse(search) {
            return sql.push(" AND claims.number = ").bind::<BigInt, _>(number.0);
        }
        // Words are letters and digits alone, so that they cannot leave their quotes.
        let query = words(search).map(|word| format!("'{word}':*")).collect::<Vec<_>>().join(" & ");
        if query.is_empty() {
            return sql.push(" AND false");
        }
        sql.push(" AND to_tsvector('simple', claims.search_text) @@ CAST(").bind::<Text, _>(query).push(" AS tsquery)")
    }
}

fn any<T: Copy>(sql: Sql<'static>, begin: &'static str, given: &Option<Vec<T>>, code: fn(T) -> &'static str) -> Sql<'static> {
    match given {
        Some(some) => sql.push(begin).bind::<Array<Text>, _>(some.iter().map(|one| code(*one)).collect::<Vec<_>>()).push(")"),
        None => sql,
    }
}

fn uuids(sql: Sql<'static>, begin: &'static str, ids: impl Iterator<Item = uuid::Uuid>) -> Sql<'static> {
    sql.push(begin).bind::<Array<SqlUuid>, _>(ids.collect::<Vec<_>>()).push(")")
}

fn range(mut sql: Sql<'static>, from: &'static str, to: &'static str, range: TimeRange) -> Sql<'static> {
    if let Some(first) = range.from {
        sql = sql.push(from).bind::<Timestamptz, _>(first);
    }
    if let Some(end) = range.to {
        sql = sql.push(to).bind::<Timestamptz, _>(end);
    }
    sql
}
