//! Which claims to list, and in which order.

use async_graphql::{Enum, ID, InputObject};
use chrono::Utc;

use crate::domain::details::{Domain, MpnId};
use crate::domain::ids::{SubscriptionId, TenantId};
use crate::domain::product::ProductCode;
use crate::graphql::enums::{Activity, AssessmentState, ClaimStatus, ConsentState, RejectionReason, SolutionArea};
use crate::graphql::errors::Failure;
use crate::graphql::id::decode;
use crate::graphql::scalars::{DateTime, Uuid};
use crate::store::claim_filter::{Assignees, ClaimFilter, FilterError, MAX_FILTER_ITEMS, MAX_SEARCH_CHARS, Overdue, TimeRange};
use crate::store::claim_order::{ClaimOrder, ClaimOrderField as Key};

/// A stretch of time.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct TimeRangeInput {
    /// The first instant, inclusive; none means from the beginning.
    pub from: Option<DateTime>,
    /// The end, exclusive; none means without an end.
    pub to: Option<DateTime>,
}

/// Which claims to list. Members that are given must all hold; of a list, one item must. Lists have 50 items at most.
#[derive(InputObject, Clone, Debug, Default)]
pub struct ClaimFilterInput {
    /// Where the claims stand.
    pub statuses: Option<Vec<ClaimStatus>>,
    /// The customer's consent.
    pub consents: Option<Vec<ConsentState>>,
    /// The assessment.
    pub assessments: Option<Vec<AssessmentState>>,
    /// Whether a reviewers' clock has run out.
    pub is_overdue: Option<bool>,
    /// A running clock, the partner's or the reviewers', ends before this instant.
    pub due_before: Option<DateTime>,
    /// The solution area.
    pub areas: Option<Vec<SolutionArea>>,
    /// The claims name any of these activities.
    pub activities: Option<Vec<Activity>>,
    /// The claims name any of these products, by catalogue code.
    pub products: Option<Vec<String>>,
    /// The claims name this subscription.
    pub subscription_id: Option<Uuid>,
    /// The customer's tenant.
    pub tenant_ids: Option<Vec<Uuid>>,
    /// The customer's domain, whole.
    pub customer_domain: Option<String>,
    /// The partner location, by MPN id.
    pub locations: Option<Vec<String>>,
    /// The partner organization.
    pub organization_ids: Option<Vec<ID>>,
    /// The reviewer to whom the claims are assigned. Not together with `isUnassigned`.
    pub assignee_ids: Option<Vec<ID>>,
    /// True: the claims are assigned to nobody.
    pub is_unassigned: Option<bool>,
    /// Why the claims were rejected last.
    pub rejection_reasons: Option<Vec<RejectionReason>>,
    /// The claims bear any of these tags.
    pub tags: Option<Vec<String>>,
    /// The partner's own reference, whole.
    pub external_reference: Option<String>,
    /// When the claims were created.
    pub created: Option<TimeRangeInput>,
    /// When the claims were first submitted.
    pub submitted: Option<TimeRangeInput>,
    /// When the claims were last decided.
    pub decided: Option<TimeRangeInput>,
    /// When the claims' state last changed.
    pub updated: Option<TimeRangeInput>,
    /// A claim's number in full, or words of which each begins a word of its number, name, customer or products. Letter case and accents
    /// do not matter. 200 characters at most.
    pub search: Option<String>,
}

/// What claims are ordered by. Claims without the key come last.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::store::claim_order::ClaimOrderField")]
pub enum ClaimOrderField {
    /// When they were created.
    CreatedAt,
    /// When their state last changed.
    UpdatedAt,
    /// When they were first submitted.
    SubmittedAt,
    /// When they were last decided.
    DecidedAt,
    /// The earliest end of a running clock.
    DueAt,
    /// Their number.
    Number,
}

/// The direction of an order.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderDirection {
    /// The smallest, or earliest, first.
    Asc,
    /// The greatest, or latest, first.
    Desc,
}

/// An order of claims.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct ClaimOrderInput {
    /// The key.
    pub field: ClaimOrderField,
    /// The direction.
    pub direction: OrderDirection,
}

impl From<ClaimOrderInput> for ClaimOrder {
    fn from(input: ClaimOrderInput) -> Self {
        Self { field: Key::from(input.field), descending: input.direction == OrderDirection::Desc }
    }
}

impl ClaimFilterInput {
    /// The filter at this time.
    ///
    /// # Errors
    /// [`Failure::BadId`] for an id of a wrong kind, [`Failure::TooLong`] for a list or text beyond its bound.
    pub fn filter(self, now: chrono::DateTime<Utc>) -> Result<ClaimFilter, Failure> {
        let assignees = match (self.is_unassigned, self.assignee_ids) {
            (Some(true), _) => Some(Assignees::Nobody),
            (_, Some(ids)) => Some(Assignees::Any(decoded(&ids, "filter.assigneeIds")?)),
            _ => None,
        };
        let organizations = self.organization_ids.map(|ids| decoded(&ids, "filter.organizationIds")).transpose()?;
        // What is not even well-formed no claim can have: the empty list admits nothing.
        let domain = self.customer_domain.as_deref().map(Domain::parse);
        let statuses = if domain == Some(None) { Some(Vec::new()) } else { self.statuses.map(converted) };
        let filter = ClaimFilter {
            statuses,
            consents: self.consents.map(converted),
            assessments: self.assessments.map(converted),
            overdue: self.is_overdue.map(|is| Overdue { is, now }),
            due_before: self.due_before.map(|instant| instant.0),
            areas: self.areas.map(converted),
            activities: self.activities.map(converted),
            products: self.products.map(|codes| codes.into_iter().map(ProductCode).collect()),
            subscription: self.subscription_id.map(|id| SubscriptionId(id.0)),
            tenants: self.tenant_ids.map(|ids| ids.into_iter().map(|id| TenantId(id.0)).collect()),
            domain: domain.flatten(),
            locations: self.locations.map(|ids| ids.iter().filter_map(|id| MpnId::parse(id)).collect()),
            organizations,
            assignees,
            reasons: self.rejection_reasons.map(converted),
            tags: self.tags,
            external_reference: self.external_reference,
            created: range(self.created),
            submitted: range(self.submitted),
            decided: range(self.decided),
            updated: range(self.updated),
            search: self.search,
        };
        filter.check().map_err(too_long)?;
        Ok(filter)
    }
}

fn converted<T, U: From<T>>(list: Vec<T>) -> Vec<U> {
    list.into_iter().map(Into::into).collect()
}

fn decoded<I: crate::graphql::id::Global>(ids: &[ID], argument: &'static str) -> Result<Vec<I>, Failure> {
    if ids.len() > MAX_FILTER_ITEMS {
        return Err(Failure::TooLong { argument, maximum: MAX_FILTER_ITEMS });
    }
    ids.iter().map(|id| decode(id, argument)).collect()
}

fn range(input: Option<TimeRangeInput>) -> TimeRange {
    input.map_or_else(TimeRange::default, |range| TimeRange { from: range.from.map(|at| at.0), to: range.to.map(|at| at.0) })
}

fn too_long(error: FilterError) -> Failure {
    match error {
        FilterError::TooManyItems { member } => Failure::TooLong { argument: member, maximum: MAX_FILTER_ITEMS },
        FilterError::SearchTooLong => Failure::TooLong { argument: "search", maximum: MAX_SEARCH_CHARS },
    }
}
