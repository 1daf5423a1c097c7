//! What happened to a claim: one entry of its history each.

use chrono::{DateTime, Utc};

use super::actor::Author;
use super::clock::{ClockChange, ClockKind};
use super::details::{Changed, Details, FieldChange};
use super::ids::{
    AssociationId, ClaimId, ClaimNumber, CommentId, DocumentId, OrganizationId, PersonId, ProductLineId, SubscriptionId,
};
use super::notice::{Audience, NoticeKind};
use super::poe::Document;
use super::product::{Activity, ProductCode, ProductLine};
use super::reason::{Finding, PartnerReason, RejectionReason};
use super::status::{AssociationState, EndReason};

/// An entry of a claim's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it happened, UTC, whole microseconds.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: Author,
    /// What happened.
    pub what: What,
    /// What it did to the clocks.
    pub clocks: Vec<ClockChange>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The claim was created (T1).
    Created {
        /// Its identity.
        id: ClaimId,
        /// Its number.
        number: ClaimNumber,
        /// The partner organization.
        organization: OrganizationId,
        /// Its first fields.
        details: Box<Details>,
        /// Its first products.
        products: Vec<ProductLine>,
    },
    /// Fields changed.
    Edited {
        /// Each field's old and new value.
        changes: Vec<FieldChange>,
    },
    /// Products changed.
    ProductsChanged {
        /// New lines.
        added: Vec<ProductLine>,
        /// Replaced lines.
        replaced: Vec<Changed<ProductLine>>,
        /// Removed lines.
        removed: Vec<ProductLine>,
    },
    /// A document was attached.
    DocumentAttached {
        /// The document.
        document: Box<Document>,
        /// The document it replaces.
        supersedes: Option<DocumentId>,
    },
    /// Somebody commented.
    Commented {
        /// Identity of the comment.
        id: CommentId,
        /// The text.
        body: String,
    },
    /// Submitted for the first time (T2), the attestation accepted.
    Submitted {
        /// The version of the policy that the claim keeps.
        policy: String,
    },
    /// Resubmitted after a request (T7); back to DISPUTED when a dispute runs.
    Resubmitted,
    /// Dropped (T3).
    Canceled,
    /// The review started (T5).
    ReviewStarted {
        /// By this reviewer, who is the assignee from now on.
        reviewer: PersonId,
    },
    /// The assignment changed.
    Assigned {
        /// Before.
        from: Option<PersonId>,
        /// After; `None` means released.
        to: Option<PersonId>,
    },
    /// More is needed (T6, T17).
    ActionRequested {
        /// What and why.
        comment: String,
        /// The findings.
        findings: Vec<Finding>,
    },
    /// Approved (T9, T16).
    Approved {
        /// Words for the partner.
        comment: Option<String>,
        /// The associations that start.
        associations: Vec<Association>,
    },
    /// Rejected (T8, T10, T11, T12, T14, T18).
    Rejected {
        /// Why.
        reason: RejectionReason,
        /// The partner's sub-reason, for a partner request.
        partner_reason: Option<PartnerReason>,
        /// In words.
        comment: Option<String>,
        /// What was missing.
        findings: Vec<Finding>,
        /// Whether it can never be disputed.
        is_final: bool,
    },
    /// Disputed (T15).
    Disputed {
        /// The business justification.
        justification: Option<String>,
        /// The reviewer of the rejection, who may not decide the dispute.
        excluded: Option<PersonId>,
    },
    /// The consent window closed without a decline (T13).
    ConsentElapsed,
    /// Sent for assessment, once.
    AssessmentSent,
    /// The eligibility system answered.
    AssessmentAnswered {
        /// Eligible or not.
        eligible: bool,
        /// Why not.
        reason: Option<String>,
    },
    /// A deadline passed that changes no status: a reviewers' clock became overdue, or the dispute window closed.
    DeadlinePassed {
        /// Which clock.
        kind: ClockKind,
    },
    /// A notice was queued.
    NoticeQueued {
        /// What about.
        notice: NoticeKind,
        /// To whom.
        audience: Audience,
    },
}

impl What {
    /// Whether it changes the claim's state, which `version` counts. Comments, notices and deadlines that merely passed do not.
    #[must_use]
    pub fn changes_state(&self) -> bool {
        !matches!(self, Self::Commented { .. } | Self::NoticeQueued { .. } | Self::DeadlinePassed { .. })
    }
}

/// What an approval creates, one per product and activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// Identity.
    pub id: AssociationId,
    /// The product line it came from.
    pub line: ProductLineId,
    /// The product.
    pub product: ProductCode,
    /// The subscription, for Business Applications.
    pub subscription: Option<SubscriptionId>,
    /// The activity.
    pub activity: Activity,
    /// Its state.
    pub state: AssociationState,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
}
