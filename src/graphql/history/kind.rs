//! The kinds of history entries.

use async_graphql::Enum;
use async_graphql::resolver_utils::EnumType;

/// What happened to a claim.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryKind {
    /// The claim was created.
    Created,
    /// Fields changed.
    Edited,
    /// Products were added, replaced or removed.
    ProductsChanged,
    /// A proof of execution was attached.
    DocumentAttached,
    /// Somebody commented.
    Commented,
    /// Submitted for the first time, the attestation accepted.
    Submitted,
    /// Resubmitted after a request for action.
    Resubmitted,
    /// Dropped before it was ever submitted.
    Canceled,
    /// A reviewer started.
    ReviewStarted,
    /// Assigned, reassigned or released.
    Assigned,
    /// A reviewer asked for more.
    ActionRequested,
    /// Approved.
    Approved,
    /// Rejected: by a reviewer, a clock, the partner's request or the customer.
    Rejected,
    /// The partner disputed the rejection.
    Disputed,
    /// The consent window closed and the customer had not declined.
    ConsentElapsed,
    /// Sent to the eligibility system.
    AssessmentSent,
    /// The eligibility system answered.
    AssessmentAnswered,
    /// A deadline passed that changes no status: a reviewers' clock became overdue, or the dispute window closed.
    DeadlinePassed,
    /// A notice was queued to be sent.
    NoticeQueued,
}

impl HistoryKind {
    /// The code under which it is stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::items().iter().find(|item| item.value == self).map_or("", |item| item.name)
    }

    /// The kind with this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::items().iter().find(|item| item.name == code).map(|item| item.value)
    }
}
