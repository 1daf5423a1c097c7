//! History: everything that happened to a claim, by whom, as which role, when.

mod changes;
mod kind;

use std::sync::Arc;

use async_graphql::{Context, Description, Object, Result, SimpleObject};

pub use self::changes::{ClockChange, ClockChangeKind, FieldChange, ProductChange, StartedAssociation};
pub use self::kind::HistoryKind;
use super::context::AskExt;
use super::document::PoeDocument;
use super::enums::{ClaimStatus, ClockKind, NoticeAudience, NoticeKind, PartnerReason, RejectionReason};
use super::person::{Actor, Person};
use super::product::Finding;
use super::scalars::DateTime;
use crate::domain::event::{Event, What};
use crate::domain::ids::PersonId;
use crate::store::errors::StoreError;
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
    async fn kind(&self, ctx: &Context<'_>) -> Result<HistoryKind> {
        let unknown = || StoreError::Corrupt(format!("no kind of entry is called {:?}", self.0.kind));
        HistoryKind::of_code(&self.0.kind).ok_or_else(unknown).or_else(|cause| Err(ctx.ask()?.failed(&cause)))
    }

    /// When it happened. A deadline that passed is dated at the deadline.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who did it.
    async fn actor(&self) -> Actor {
        Actor(self.0.by)
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
    async fn text(&self, ctx: &Context<'_>) -> Option<Result<&str>> {
        self.part(ctx, |what| match what {
            What::Commented { body, .. } => Some(body.as_str()),
            What::ActionRequested { comment, .. } => Some(comment.as_str()),
            What::Approved { comment, .. } | What::Rejected { comment, .. } => comment.as_deref(),
            What::Disputed { justification, .. } => justification.as_deref(),
            What::AssessmentAnswered { reason, .. } => reason.as_deref(),
            _ => None,
        })
    }

    /// EDITED: the old and the new value of each field.
    async fn changes(&self, ctx: &Context<'_>) -> Result<Vec<FieldChange>> {
        Ok(match &self.event(ctx)?.what {
            What::Edited { changes } => changes.iter().map(FieldChange::of).collect(),
            _ => Vec::new(),
        })
    }

    /// CREATED and PRODUCTS_CHANGED: the products that came, went, or took another's place.
    async fn product_changes(&self, ctx: &Context<'_>) -> Result<Vec<ProductChange>> {
        Ok(ProductChange::of(&self.event(ctx)?.what))
    }

    /// What it did to the clocks.
    async fn clocks(&self, ctx: &Context<'_>) -> Result<Vec<ClockChange>> {
        Ok(self.event(ctx)?.clocks.iter().map(ClockChange::of).collect())
    }

    /// DOCUMENT_ATTACHED: the document.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<PoeDocument>> {
        let id = self.part(ctx, |what| match what {
            What::DocumentAttached { document, .. } => Some(document.id),
            _ => None,
        });
        match id? {
            Ok(id) => PoeDocument::load(ctx, id).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// ACTION_REQUESTED and REJECTED: what is missing.
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<Finding>> {
        Ok(match &self.event(ctx)?.what {
            What::ActionRequested { findings, .. } | What::Rejected { findings, .. } => {
                findings.iter().map(|finding| Finding::new(self.0.claim, finding)).collect()
            }
            _ => Vec::new(),
        })
    }

    /// REJECTED: why.
    async fn reason(&self, ctx: &Context<'_>) -> Option<Result<RejectionReason>> {
        self.part(ctx, |what| match what {
            What::Rejected { reason, .. } => Some((*reason).into()),
            _ => None,
        })
    }

    /// REJECTED: why the partner asked for it.
    async fn partner_reason(&self, ctx: &Context<'_>) -> Option<Result<PartnerReason>> {
        self.part(ctx, |what| match what {
            What::Rejected { partner_reason, .. } => partner_reason.map(Into::into),
            _ => None,
        })
    }

    /// ASSIGNED and REVIEW_STARTED: to whom the claim is assigned from now on; null when it was released.
    async fn assigned_to(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        let to = self.part(ctx, |what| match what {
            What::Assigned { to, .. } => *to,
            What::ReviewStarted { reviewer } => Some(*reviewer),
            _ => None,
        });
        person(ctx, to?).await
    }

    /// ASSIGNED: to whom the claim was assigned before.
    async fn assigned_from(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        let from = self.part(ctx, |what| match what {
            What::Assigned { from, .. } => *from,
            _ => None,
        });
        person(ctx, from?).await
    }

    /// APPROVED: the associations that started.
    async fn associations(&self, ctx: &Context<'_>) -> Result<Vec<StartedAssociation>> {
        Ok(match &self.event(ctx)?.what {
            What::Approved { associations, .. } => associations.iter().map(StartedAssociation::of).collect(),
            _ => Vec::new(),
        })
    }

    /// SUBMITTED: the version of the policy that the claim keeps.
    async fn policy(&self, ctx: &Context<'_>) -> Option<Result<&str>> {
        self.part(ctx, |what| match what {
            What::Submitted { policy } => Some(policy.as_str()),
            _ => None,
        })
    }

    /// ASSESSMENT_ANSWERED: whether the claim is eligible for incentives.
    async fn is_eligible(&self, ctx: &Context<'_>) -> Option<Result<bool>> {
        self.part(ctx, |what| match what {
            What::AssessmentAnswered { eligible, .. } => Some(*eligible),
            _ => None,
        })
    }

    /// DEADLINE_PASSED: the clock that ran out.
    async fn deadline(&self, ctx: &Context<'_>) -> Option<Result<ClockKind>> {
        self.part(ctx, |what| match what {
            What::DeadlinePassed { kind } => Some((*kind).into()),
            _ => None,
        })
    }

    /// NOTICE_QUEUED: the notice.
    async fn notice(&self, ctx: &Context<'_>) -> Option<Result<Notice>> {
        self.part(ctx, |what| match what {
            What::NoticeQueued { notice, audience } => Some(Notice { kind: (*notice).into(), audience: (*audience).into() }),
            _ => None,
        })
    }
}

impl HistoryEntry {
    /// The event whole.
    fn event(&self, ctx: &Context<'_>) -> Result<&Event> {
        self.0.event().or_else(|cause| Err(ctx.ask()?.failed(&cause)))
    }

    /// What some events have and others have not.
    fn part<'a, T>(&'a self, ctx: &Context<'_>, part: impl FnOnce(&'a What) -> Option<T>) -> Option<Result<T>> {
        self.event(ctx).map(|event| part(&event.what)).transpose()
    }
}

async fn person(ctx: &Context<'_>, id: Result<PersonId>) -> Option<Result<Person>> {
    match id {
        Ok(id) => Person::load(ctx, id).await.transpose(),
        Err(error) => Some(Err(error)),
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
