//! The claim as deciding sees it: what folding its history gives.

use chrono::{DateTime, Utc};

use super::actor::Author;
use super::clock::{Clock, ClockKind};
use super::details::Details;
use super::event::Association;
use super::ids::{ClaimId, ClaimNumber, DocumentId, OrganizationId, PersonId, ProductLineId};
use super::poe::Document;
use super::product::{Key, ProductLine, keys};
use super::reason::{Finding, PartnerReason, RejectionReason};
use super::status::{Assessment, AssociationState, Consent, Status};

/// A claim: the request of one partner location for one customer, one solution area, one or more products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
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
    /// Its products, in the order of their addition.
    pub products: Vec<ProductLine>,
    /// Its documents, in the order of their addition, superseded ones included.
    pub documents: Vec<Document>,
    /// The reviewer to whom it is assigned.
    pub assignee: Option<PersonId>,
    /// The reviewer who may not decide its dispute.
    pub excluded_reviewer: Option<PersonId>,
    /// When it was first submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was last approved or rejected.
    pub decided_at: Option<DateTime<Utc>>,
    /// The clocks that have not ended, by kind.
    pub clocks: Vec<Clock>,
    /// The latest request for action.
    pub request: Option<ActionRequest>,
    /// Whether the partner changed or said something since that request.
    pub answered_since_request: bool,
    /// The latest rejection.
    pub rejection: Option<Rejection>,
    /// The dispute; a claim has one at most.
    pub dispute: Option<Dispute>,
    /// The consent window, from the first approval on.
    pub consent: Option<Consent>,
    /// The assessment, from the first approval on.
    pub assessment: Option<Assessment>,
    /// When it was sent for assessment; kept when the assessment is withdrawn.
    pub assessment_sent_at: Option<DateTime<Utc>>,
    /// Why the claim is not eligible for incentives.
    pub assessment_reason: Option<String>,
    /// The associations its approvals created.
    pub associations: Vec<Association>,
}

/// A reviewer's request for more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRequest {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Author,
    /// What and why.
    pub comment: String,
    /// The findings.
    pub findings: Vec<Finding>,
}

/// A rejection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
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
    /// What was missing.
    pub findings: Vec<Finding>,
    /// The exclusive end of the time for a dispute; `None` when it can never be disputed.
    pub disputable_until: Option<DateTime<Utc>>,
}

/// A dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Author,
    /// The business justification.
    pub justification: Option<String>,
}

impl Rejection {
    /// Whether nothing can be done any more: it cannot be disputed, or not any longer.
    #[must_use]
    pub fn is_final(&self, now: DateTime<Utc>) -> bool {
        self.disputable_until.is_none_or(|end| now >= end)
    }
}

impl Claim {
    /// The clock of this kind, if it has not ended.
    #[must_use]
    pub fn clock(&self, kind: ClockKind) -> Option<&Clock> {
        self.clocks.iter().find(|clock| clock.kind == kind)
    }

    /// The product line with this identity.
    #[must_use]
    pub fn line(&self, id: ProductLineId) -> Option<&ProductLine> {
        self.products.iter().find(|line| line.id == id)
    }

    /// The documents that no newer one superseded.
    pub fn current_documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(|document| document.superseded_by.is_none())
    }

    /// The document with this identity.
    #[must_use]
    pub fn document(&self, id: DocumentId) -> Option<&Document> {
        self.documents.iter().find(|document| document.id == id)
    }

    /// The keys it claims; none while the tenant is not known.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        self.details
            .tenant
            .map_or_else(Vec::new, |tenant| keys(tenant, &self.products, &self.details.activities).into_iter().collect())
    }

    /// Whether an association of it is pending or active.
    #[must_use]
    pub fn has_living_association(&self) -> bool {
        self.associations.iter().any(|association| association.state != AssociationState::Ended)
    }

    /// The earliest exclusive end of a running clock; nothing that stands still counts.
    #[must_use]
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        self.clocks.iter().filter_map(Clock::expires_at).min()
    }

    /// From when on the claim is overdue: the earliest end of a running reviewers' clock.
    #[must_use]
    pub fn overdue_from(&self) -> Option<DateTime<Utc>> {
        self.clocks.iter().filter(|clock| clock.kind.is_reviewers()).filter_map(Clock::expires_at).min()
    }
}
