//! A claim's own columns as a viewer reads them.

use chrono::{DateTime, Utc};

use super::claim_row::ClaimRow as Stored;
use super::errors::StoreError;
use crate::auth::viewer::{ClaimOwner, Viewer};
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
    /// When it was sent for assessment; kept when the assessment is withdrawn.
    pub assessment_sent_at: Option<DateTime<Utc>>,
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

/// A claim's own columns as they are stored, for all who watch it: each takes from it what they may read.
#[derive(Debug)]
pub struct StoredClaim {
    owner: ClaimOwner,
    whole: ClaimRow,
}

impl StoredClaim {
    pub(super) fn of(stored: Stored) -> Result<Self, StoreError> {
        let whole = ClaimRow::whole(stored)?;
        let (id, organization, location) = (whole.id, whole.organization, whole.details.location.clone());
        let owner = ClaimOwner { id, organization, location, is_assessed: whole.assessment_sent_at.is_some() };
        Ok(Self { owner, whole })
    }

    /// Its identity.
    #[must_use]
    pub fn id(&self) -> ClaimId {
        self.owner.id
    }

    /// What the viewer may read of it; `None` if it is not in the viewer's scope.
    #[must_use]
    pub fn seen_by(&self, viewer: &Viewer) -> Option<ClaimRow> {
        viewer.scope().admits(&self.owner).then(|| self.whole.clone().shown_to(viewer))
    }
}

impl ClaimRow {
    /// What the viewer may read of a stored claim, which is in the scope.
    pub(super) fn seen(stored: Stored, viewer: &Viewer) -> Result<Self, StoreError> {
        Ok(Self::whole(stored)?.shown_to(viewer))
    }

    fn shown_to(self, viewer: &Viewer) -> Self {
        if viewer.reads_whole() { self } else { self.redacted(viewer.role()) }
    }

    fn whole(stored: Stored) -> Result<Self, StoreError> {
        let (updated_at, due_at, overdue_from) = (stored.updated_at, stored.due_at, stored.overdue_from);
        let claim = stored.into_claim()?;
        Ok(Self {
            id: claim.id,
            number: claim.number,
            organization: claim.organization,
            status: claim.status,
            version: claim.version,
            sequence: claim.sequence,
            created_at: claim.created_at,
            updated_at,
            last_event_at: claim.last_event_at,
            policy: claim.policy,
            details: claim.details,
            assignee: claim.assignee,
            excluded_reviewer: claim.excluded_reviewer,
            submitted_at: claim.submitted_at,
            decided_at: claim.decided_at,
            request: claim.request.map(|request| RequestRow { at: request.at, by: request.by, comment: request.comment }),
            answered_since_request: claim.answered_since_request,
            rejection: claim.rejection.map(|rejection| RejectionRow {
                at: rejection.at,
                by: rejection.by,
                reason: rejection.reason,
                partner_reason: rejection.partner_reason,
                comment: rejection.comment,
                disputable_until: rejection.disputable_until,
            }),
            dispute: claim.dispute,
            consent: claim.consent,
            assessment: claim.assessment,
            assessment_sent_at: claim.assessment_sent_at,
            assessment_reason: claim.assessment_reason,
            due_at,
            overdue_from,
        })
    }

    /// Without what is between partner and reviewers. A customer learns who claims what for whom; the eligibility system also how the
    /// assessment stands.
    fn redacted(mut self, role: Role) -> Self {
        self.details.name = None;
        self.details.partner_contact = None;
        self.details.external_reference = None;
        self.details.tags.clear();
        self.assignee = None;
        self.excluded_reviewer = None;
        self.request = None;
        self.answered_since_request = false;
        self.rejection = None;
        self.dispute = None;
        self.due_at = None;
        self.overdue_from = None;
        if role == Role::Customer {
            self.assessment = None;
            self.assessment_sent_at = None;
            self.assessment_reason = None;
        }
        self
    }
}
