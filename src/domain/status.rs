//! The states of a claim and of what an approval adds to it.

use super::closed::closed_list;

closed_list! {
    /// Where a claim stands.
    Status {
        /// Created; stays until a PoE is uploaded and the claim is submitted.
        Editing = "EDITING",
        /// Submitted, review not started.
        Submitted = "SUBMITTED",
        /// A reviewer validates the PoE.
        UnderReview = "UNDER_REVIEW",
        /// Reviewed; more is needed from the partner for the claimed products.
        PartnerActionRequired = "PARTNER_ACTION_REQUIRED",
        /// Approved; the customer's consent window runs or is over.
        Approved = "APPROVED",
        /// Rejected, by reviewer, clock, partner request or customer.
        Rejected = "REJECTED",
        /// The partner disputed a rejection.
        Disputed = "DISPUTED",
        /// Dropped before it was ever submitted; terminal.
        Canceled = "CANCELED",
    }
}

impl Status {
    /// Whether the claim lies with the reviewers or the partner between submission and decision.
    #[must_use]
    pub fn is_in_flight(self) -> bool {
        use Status::{Disputed, PartnerActionRequired, Submitted, UnderReview};
        matches!(self, Submitted | UnderReview | PartnerActionRequired | Disputed)
    }
}

closed_list! {
    /// The customer's consent window, from the first approval on.
    Consent {
        /// The window runs.
        Open = "OPEN",
        /// The window closed and the customer had not declined.
        Elapsed = "ELAPSED",
        /// The customer declined, in the window or later.
        Declined = "DECLINED",
        /// The association ended otherwise while the window ran.
        Closed = "CLOSED",
    }
}

closed_list! {
    /// The incentive-eligibility evaluation that follows consent.
    Assessment {
        /// Waiting for the consent window to close.
        NotSent = "NOT_SENT",
        /// Sent to the eligibility system, once.
        Sent = "SENT",
        /// Answered: eligible.
        Eligible = "ELIGIBLE",
        /// Answered: not eligible.
        Ineligible = "INELIGIBLE",
        /// Withdrawn because the association ended.
        Withdrawn = "WITHDRAWN",
    }
}

closed_list! {
    /// The life of an association.
    AssociationState {
        /// Won by arbitration, waiting for the incumbent's to end; outside the exclusive index.
        Pending = "PENDING",
        /// The partner is partner of record for the key.
        Active = "ACTIVE",
        /// Over.
        Ended = "ENDED",
    }
}

closed_list! {
    /// Why an association ended.
    EndReason {
        /// The customer declined it.
        CustomerDeclined = "CUSTOMER_DECLINED",
        /// The partner ended it.
        PartnerRequest = "PARTNER_REQUEST",
        /// Another partner won the key.
        Superseded = "SUPERSEDED",
    }
}
