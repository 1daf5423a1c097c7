//! What people choose for themselves.

use super::closed::closed_list;
use super::notice::NoticeKind;

/// The languages in which prose is written.
pub const LOCALES: [&str; 2] = ["en", "pl"];

closed_list! {
    /// Notices that a person can do without; every other one is always sent.
    OptionalNotice {
        /// The receipt of a submission.
        SubmissionReceived = "SUBMISSION_RECEIVED",
        /// A reviewer started.
        ReviewStarted = "REVIEW_STARTED",
        /// Reminders before a deadline.
        Reminders = "REMINDERS",
        /// The consent window closed and the claim went to assessment.
        ConsentElapsed = "CONSENT_ELAPSED",
        /// To a reviewer: a claim was assigned.
        Assigned = "ASSIGNED",
        /// To a reviewer: the partner replied.
        PartnerReplied = "PARTNER_REPLIED",
    }
}

impl OptionalNotice {
    /// Under which choice a notice falls; `None` for one that nobody can do without.
    #[must_use]
    pub fn of(notice: NoticeKind) -> Option<Self> {
        match notice {
            NoticeKind::SubmissionReceived => Some(Self::SubmissionReceived),
            NoticeKind::ReviewStarted => Some(Self::ReviewStarted),
            NoticeKind::ResponseReminder | NoticeKind::DisputeReminder => Some(Self::Reminders),
            NoticeKind::ConsentElapsed => Some(Self::ConsentElapsed),
            NoticeKind::Assigned => Some(Self::Assigned),
            NoticeKind::PartnerReplied => Some(Self::PartnerReplied),
            _ => None,
        }
    }
}
