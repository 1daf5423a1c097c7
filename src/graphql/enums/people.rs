//! Who acts, and who is told what.

use async_graphql::Enum;

/// The role in which somebody acts.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::actor::Role")]
pub enum Role {
    /// Prepares claims of the own organization.
    IncentivesUser,
    /// Partner administrator for incentives: prepares, submits, resubmits, withdraws and disputes claims.
    IncentivesAdmin,
    /// Partner administrator for everything; same rights on claims as the incentives admin.
    GlobalAdmin,
    /// Partner administrator for billing; same rights on claims as the incentives admin.
    BillingAdmin,
    /// Validates proof of execution on the claims assigned to them.
    Reviewer,
    /// A reviewer who also assigns claims and watches what is overdue.
    ReviewLead,
    /// Reads everything, changes nothing.
    Auditor,
    /// The account of the eligibility system, which answers assessments.
    ServiceAccount,
    /// Keeps organizations, people, catalogue, calendar and policies.
    Operator,
    /// A customer's contact, by consent link.
    Customer,
}

/// Who did something.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A person, or the account of the eligibility system.
    Person,
    /// The customer, by consent link.
    Customer,
    /// A clock that ran out.
    Clock,
}

/// What a notice is about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::notice::NoticeKind")]
pub enum NoticeKind {
    /// To the partner: the claim was submitted or resubmitted, a receipt.
    SubmissionReceived,
    /// To the partner: a reviewer started.
    ReviewStarted,
    /// To the partner: more is needed, with findings, comment and until when.
    ActionRequired,
    /// To the partner: approved.
    Approved,
    /// To the partner: rejected, where to read why, how to dispute and until when.
    Rejected,
    /// To the partner: the consent window closed and the claim went to assessment.
    ConsentElapsed,
    /// To the partner: the customer declined.
    CustomerDeclined,
    /// To the partner: the dispute was decided.
    DisputeDecided,
    /// To the partner: the time to answer a request ends in two business days, or in one.
    ResponseReminder,
    /// To the partner: the time to dispute a rejection ends in seven days, or in one.
    DisputeReminder,
    /// To the partner: another partner claims the same.
    CompetingClaim,
    /// To the customer: who is associated with what, how and until when to decline.
    ConsentRequest,
    /// To the customer: the association ended.
    AssociationEnded,
    /// To a reviewer: the claim was assigned.
    Assigned,
    /// To a reviewer: the partner replied.
    PartnerReplied,
    /// To reviewers: a clock ran out.
    Overdue,
    /// To the review leads: a dispute waits for an assignment.
    DisputeFiled,
    /// To the eligibility system: assess the claim.
    AssessmentRequest,
    /// To the eligibility system: the claim is withdrawn.
    AssessmentWithdrawn,
}

/// To whom a notice goes.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::notice::Audience")]
pub enum NoticeAudience {
    /// The partner's contact of the claim.
    Partner,
    /// The customer's contact and, for Business Applications, the technical contact; each with a link of their own.
    Customer,
    /// The reviewer to whom the claim is assigned.
    Assignee,
    /// The review leads.
    Leads,
    /// The eligibility system.
    EligibilitySystem,
}
