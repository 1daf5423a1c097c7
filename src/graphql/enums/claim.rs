//! The states of a claim and of what an approval adds to it, and why it was rejected.

use async_graphql::Enum;

/// Where a claim stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::status::Status")]
pub enum ClaimStatus {
    /// Created; stays until a proof of execution is uploaded and the claim is submitted. The partner may change everything.
    Editing,
    /// Submitted, review not started. The partner may change some fields, by the claim's policy.
    Submitted,
    /// A reviewer validates the proof of execution. The partner may comment only.
    UnderReview,
    /// Reviewed; more is needed for the claimed products. The partner may change some fields and add proof of execution.
    PartnerActionRequired,
    /// Approved; the customer's consent window runs or is over.
    Approved,
    /// Rejected, by a reviewer, a clock, the partner's request or the customer. May be disputed while `Rejection.isFinal` is false.
    Rejected,
    /// The partner disputed a rejection.
    Disputed,
    /// Dropped before it was ever submitted; nothing can be done any more.
    Canceled,
}

/// The customer's consent window, from the first approval on.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::status::Consent")]
pub enum ConsentState {
    /// The window runs; the customer may decline.
    Open,
    /// The window closed and the customer had not declined. The customer may still decline later.
    Elapsed,
    /// The customer declined, in the window or later.
    Declined,
    /// The association ended otherwise while the window ran.
    Closed,
}

/// The incentive-eligibility evaluation that follows consent.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::status::Assessment")]
pub enum AssessmentState {
    /// Waits for the consent window to close.
    NotSent,
    /// Sent to the eligibility system, once.
    Sent,
    /// Answered: eligible for incentives.
    Eligible,
    /// Answered: not eligible for incentives.
    Ineligible,
    /// Withdrawn because the association ended.
    Withdrawn,
}

/// The life of an association.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::status::AssociationState")]
pub enum AssociationState {
    /// Won by arbitration, waits for the incumbent's association to end.
    Pending,
    /// The partner is partner of record.
    Active,
    /// Over.
    Ended,
}

/// Why an association ended.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::status::EndReason")]
pub enum AssociationEndReason {
    /// The customer declined it.
    CustomerDeclined,
    /// The partner ended it.
    PartnerRequest,
    /// Another partner won it by arbitration.
    Superseded,
}

/// Why a claim was rejected.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::reason::RejectionReason")]
pub enum RejectionReason {
    /// The partner asked for it, before or after approval. Cannot be disputed.
    PartnerRequest,
    /// The customer declined. Cannot be disputed.
    CustomerDeclined,
    /// The proof of execution does not suffice.
    InsufficientPoe,
    /// The proof of execution lacks the customer's consent.
    MissingCustomerConsentOnPoe,
    /// Claimed products are not covered by the proof of execution.
    MissingProducts,
    /// The partner did not answer a request for action in time.
    NoPartnerResponse,
    /// The proof of execution could not be opened or found.
    PoeUnavailable,
    /// Another partner's claim for the same won.
    CompetingClaimLost,
}

/// Why a partner asks for the rejection of the own claim or ends an association.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::reason::PartnerReason")]
pub enum PartnerReason {
    /// The claim names the wrong partner id.
    WrongPartnerId,
    /// The claim names the wrong activity.
    WrongActivity,
    /// The partner no longer works with the customer.
    NoLongerWorkingWithCustomer,
    /// Something else, said in the comment.
    Other,
}

/// On whom a claim waits.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// The partner has to act, or may.
    Partner,
    /// A reviewer has to act.
    Reviewer,
    /// The customer may decline while the consent window runs.
    Customer,
    /// The eligibility system has to answer.
    EligibilitySystem,
    /// Nobody: nothing more will happen by itself.
    Nobody,
}
