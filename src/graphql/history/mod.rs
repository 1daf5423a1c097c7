//! History: everything that happened to a claim, by whom, as which role, when.

mod changes;
mod kind;

use std::sync::Arc;

use async_graphql::{Context, Description, Object, Result, SimpleObject};

pub use self::changes::{ClockChange, ClockChangeKind, FieldChange, ProductChange, StartedAssociation};
pub use self::kind::HistoryKind;
use super::document::PoeDocument;
use super::enums::{ClaimStatus, ClockKind, NoticeAudience, NoticeKind, PartnerReason, RejectionReason};
use super::person::{Actor, Person};
use super::product::Finding;
use super::scalars::DateTime;
use crate::domain::event::What;
use crate::store::history::HistoryRow;

/// An entry of a claim's history. Which of the nullable fields it has depends on its kind. Entries are never changed.
#[derive(Description, Clone)]
pub struct HistoryEntry(pub Arc<HistoryRow>);

#[Object(use_type_description)]
impl HistoryEntry {
    /// Its number in the claim's history, from 1, without gaps.
    async fn sequence(&self) -> i32 {
        self.0.seq
    }

    /// What happened.
    async fn kind(&self) -> HistoryKind {
        HistoryKind::of(self.what())
    }

    /// When it happened. A deadline that passed is dated at the deadline.
    async fn at(&self) -> DateTime {
        DateTime(self.0.event.at)
    }

    /// Who did it.
    async fn actor(&self) -> Actor {
        Actor(self.0.event.by)
    }

    /// The claim's version after it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Where the claim stood after it.
    async fn status(&self) -> ClaimStatus {
        self.0.status.into()
    }

    /// The words that came with it: a comment, a reason, a justification.
    async fn text(&self) -> Option<&str> {
        match self.what() {
            What::Commented { body, .. } => Some(body),
            What::ActionRequested { comment, .. } => Some(comment),
            What::Approved { comment, .. } | What::Rejected { comment, .. } => comment.as_deref(),
            What::Disputed { justification, .. } => justification.as_deref(),
            What::AssessmentAnswered { reason, .. } => reason.as_deref(),
            _ => None,
        }
    }

    /// EDITED: the old and the new value of each field.
    async fn changes(&self) -> Vec<FieldChange> {
        match self.what() {
            What::Edited { changes } => changes.iter().map(FieldChange::of).collect(),
            _ => Vec::new(),
        }
    }

    /// CREATED and PRODUCTS_CHANGED: the products that came, went, or took another's place.
    async fn product_changes(&self) -> Vec<ProductChange> {
        ProductChange::of(self.what())
    }

    /// What it did to the clocks.
    async fn clocks(&self) -> Vec<ClockChange> {
        self.0.event.clocks.iter().map(ClockChange::of).collect()
    }

    /// DOCUMENT_ATTACHED: the document.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<PoeDocument>> {
        let What::DocumentAttached { document, .. } = self.what() else { return None };
        PoeDocument::load(ctx, document.id).await.transpose()
    }

    /// ACTION_REQUESTED and REJECTED: what is missing.
    async fn findings(&self) -> Vec<Finding> {
        match self.what() {
            What::ActionRequested { findings, .. } | What::Rejected { findings, .. } => {
                findings.iter().map(|finding| Finding::new(self.0.claim, finding)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// REJECTED: why.
    async fn reason(&self) -> Option<RejectionReason> {
        let What::Rejected { reason, .. } = self.what() else { return None };
        Some((*reason).into())
    }

    /// REJECTED: why the partner asked for it.
    async fn partner_reason(&self) -> Option<PartnerReason> {
        let What::Rejected { partner_reason, .. } = self.what() else { return None };
        partner_reason.map(Into::into)
    }

    /// ASSIGNED and REVIEW_STARTED: to whom the claim is assigned from now on; null when it was released.
    async fn assigned_to(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        let to = match self.what() {
            What::Assigned { to, .. } => *to,
            What::ReviewStarted { reviewer } => Some(*reviewer),
            _ => None,
        };
        Person::load(ctx, to?).await.transpose()
    }

    /// ASSIGNED: to whom the claim was assigned before.
    async fn assigned_from(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        let What::Assigned { from, .. } = self.what() else { return None };
        Person::load(ctx, (*from)?).await.transpose()
    }

    /// APPROVED: the associations that started.
    async fn associations(&self) -> Vec<StartedAssociation> {
        match self.what() {
            What::Approved { associations, .. } => associations.iter().map(StartedAssociation::of).collect(),
            _ => Vec::new(),
        }
    }

    /// SUBMITTED: the version of the policy that the claim keeps.
    async fn policy(&self) -> Option<&str> {
        let What::Submitted { policy } = self.what() else { return None };
        Some(policy)
    }

    /// ASSESSMENT_ANSWERED: whether the claim is eligible for incentives.
    async fn is_eligible(&self) -> Option<bool> {
        let What::AssessmentAnswered { eligible, .. } = self.what() else { return None };
        Some(*eligible)
    }

    /// DEADLINE_PASSED: the clock that ran out.
    async fn deadline(&self) -> Option<ClockKind> {
        let What::DeadlinePassed { kind } = self.what() else { return None };
        Some((*kind).into())
    }

    /// NOTICE_QUEUED: the notice.
    async fn notice(&self) -> Option<Notice> {
        let What::NoticeQueued { notice, audience } = self.what() else { return None };
        Some(Notice { kind: (*notice).into(), audience: (*audience).into() })
    }
}

impl HistoryEntry {
    fn what(&self) -> &What {
        &self.0.event.what
    }
}

/// A notice that was queued to be sent.
#[derive(SimpleObject)]
pub struct Notice {
    /// What it is about.
    kind: NoticeKind,
    /// To whom it goes.
    audience: NoticeAudience,
}
