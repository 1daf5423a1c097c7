//! Who must be told what (`domain.md`, section 10).

use super::clock::ClockKind;
use super::closed::closed_list;

closed_list! {
    /// The kinds of notice.
    NoticeKind {
        /// The claim was submitted or resubmitted: a receipt.
        SubmissionReceived = "SUBMISSION_RECEIVED",
        /// A reviewer started.
        ReviewStarted = "REVIEW_STARTED",
        /// More is needed: findings, comment, until when.
        ActionRequired = "ACTION_REQUIRED",
        /// Approved.
        Approved = "APPROVED",
        /// Rejected: that it is, where the reason is, how to dispute, until when.
        Rejected = "REJECTED",
        /// The consent window closed and the claim went to assessment.
        ConsentElapsed = "CONSENT_ELAPSED",
        /// The customer declined.
        CustomerDeclined = "CUSTOMER_DECLINED",
        /// A dispute was decided.
        DisputeDecided = "DISPUTE_DECIDED",
        /// Two business days, and one, before the time to answer a request ends.
        ResponseReminder = "RESPONSE_REMINDER",
        /// Seven days, and one, before a rejection can no longer be disputed.
        DisputeReminder = "DISPUTE_REMINDER",
        /// Another partner claims the same.
        CompetingClaim = "COMPETING_CLAIM",
        /// To the customer: who is associated with what, how and until when to decline.
        ConsentRequest = "CONSENT_REQUEST",
        /// To the customer: the association ended.
        AssociationEnded = "ASSOCIATION_ENDED",
        /// To a reviewer: the claim was assigned.
        Assigned = "ASSIGNED",
        /// To a reviewer: the partner replied.
        PartnerReplied = "PARTNER_REPLIED",
        /// To reviewers: a clock ran out.
        Overdue = "OVERDUE",
        /// To the review leads: a dispute waits for an assignment.
        DisputeFiled = "DISPUTE_FILED",
        /// To the eligibility system: assess the claim.
        AssessmentRequest = "ASSESSMENT_REQUEST",
        /// To the eligibility system: the claim is withdrawn.
        AssessmentWithdrawn = "ASSESSMENT_WITHDRAWN",
    }
}

impl NoticeKind {
    /// The clock whose end this notice reminds of; `None` for notices of what happened.
    #[must_use]
    pub fn reminds_of(self) -> Option<ClockKind> {
        match self {
            Self::ResponseReminder => Some(ClockKind::PartnerResponse),
            Self::DisputeReminder => Some(ClockKind::DisputeFiling),
            _ => None,
        }
    }

    /// The notice that reminds of the end of this clock, if anybody is reminded.
    #[must_use]
    pub fn reminder_of(clock: ClockKind) -> Option<Self> {
        match clock {
            ClockKind::PartnerResponse => Some(Self::ResponseReminder),
            ClockKind::DisputeFiling => Some(Self::DisputeReminder),
            _ => None,
        }
    }
}

closed_list! {
    /// To whom a notice goes.
    Audience {
        /// The partner's contact of the claim.
        Partner = "PARTNER",
        /// The customer's contact and, for Business Applications, the technical contact; each with a link of their own.
        Customer = "CUSTOMER",
        /// The assignee of the claim.
        Assignee = "ASSIGNEE",
        /// The review leads.
        Leads = "LEADS",
        /// The eligibility system.
        EligibilitySystem = "ELIGIBILITY_SYSTEM",
    }
}
