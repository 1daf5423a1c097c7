//! The turns of a claim's life: what was asked for, why it was rejected, how it was disputed, until when what must be done.

use async_graphql::{Context, Description, Object, Result};

use super::Handle;
use super::deadline::{Deadline, deadlines};
use crate::domain::claim;
use crate::domain::ids::ClaimId;
use crate::domain::status::Status;
use crate::graphql::context::AskExt;
use crate::graphql::enums::{PartnerReason, RejectionReason};
use crate::graphql::person::Actor;
use crate::graphql::product::Finding;
use crate::graphql::scalars::DateTime;
use crate::store::claims::{RejectionRow, RequestRow};
use crate::store::findings::FindingOf;

/// The group of fields about turns.
#[derive(Clone)]
pub struct ClaimTurns(pub Handle);

#[Object]
impl ClaimTurns {
    /// The deadlines of the claim, the earliest first, those that stand still last. To a customer, that of the consent window.
    async fn deadlines(&self, ctx: &Context<'_>) -> Result<Vec<Deadline>> {
        deadlines(ctx, &self.0.row).await
    }

    /// The latest request for action; it stays after the partner answered it. Hidden from customers.
    async fn current_request(&self) -> Option<ActionRequest> {
        let row = &self.0.row;
        let request = row.request.clone()?;
        let is_open = row.status == Status::PartnerActionRequired;
        Some(ActionRequest { claim: row.id, request, is_open, is_answered: row.answered_since_request })
    }

    /// The latest rejection. Hidden from customers.
    async fn rejection(&self) -> Option<Rejection> {
        let rejection = self.0.row.rejection.clone()?;
        Some(Rejection { claim: self.0.row.id, rejection })
    }

    /// The dispute; a claim has one at most. Hidden from customers.
    async fn dispute(&self) -> Option<Dispute> {
        self.0.row.dispute.clone().map(Dispute)
    }
}

/// A reviewer's request for more.
#[derive(Description)]
pub struct ActionRequest {
    claim: ClaimId,
    request: RequestRow,
    is_open: bool,
    is_answered: bool,
}

#[Object(use_type_description)]
impl ActionRequest {
    /// When it was made.
    async fn at(&self) -> DateTime {
        DateTime(self.request.at)
    }

    /// Who made it.
    async fn by(&self) -> Actor {
        Actor(self.request.by)
    }

    /// What is needed and why.
    async fn comment(&self) -> &str {
        &self.request.comment
    }

    /// What is missing.
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<Finding>> {
        findings(ctx, self.claim, FindingOf::Request).await
    }

    /// Whether the claim waits for the partner because of it.
    async fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether the partner added or changed something, or replied, since: only then can the claim be resubmitted.
    async fn is_answered(&self) -> bool {
        self.is_answered
    }
}

/// A rejection.
#[derive(Description)]
pub struct Rejection {
    claim: ClaimId,
    rejection: RejectionRow,
}

#[Object(use_type_description)]
impl Rejection {
    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.rejection.at)
    }

    /// By whom: a reviewer, the partner, the customer, or a clock.
    async fn by(&self) -> Actor {
        Actor(self.rejection.by)
    }

    /// Why.
    async fn reason(&self) -> RejectionReason {
        self.rejection.reason.into()
    }

    /// Why the partner asked for it; null unless the reason is PARTNER_REQUEST.
    async fn partner_reason(&self) -> Option<PartnerReason> {
        self.rejection.partner_reason.map(Into::into)
    }

    /// Why, in words.
    async fn comment(&self) -> Option<&str> {
        self.rejection.comment.as_deref()
    }

    /// What was missing.
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<Finding>> {
        findings(ctx, self.claim, FindingOf::Rejection).await
    }

    /// Whether it can no longer be disputed: for its reason, because the claim was disputed before, or because the time is over.
    async fn is_final(&self, ctx: &Context<'_>) -> Result<bool> {
        let now = ctx.ask()?.now();
        Ok(self.rejection.disputable_until.is_none_or(|end| now >= end))
    }

    /// The first instant at which it is too late for a dispute; null when it never could be disputed.
    async fn disputable_until(&self) -> Option<DateTime> {
        self.rejection.disputable_until.map(DateTime)
    }
}

/// A partner's dispute of a rejection.
#[derive(Description)]
pub struct Dispute(claim::Dispute);

#[Object(use_type_description)]
impl Dispute {
    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// By whom.
    async fn by(&self) -> Actor {
        Actor(self.0.by)
    }

    /// The business justification. New proof of execution has `PoeDocument.isOfDispute`.
    async fn justification(&self) -> Option<&str> {
        self.0.justification.as_deref()
    }
}

async fn findings(ctx: &Context<'_>, claim: ClaimId, of: FindingOf) -> Result<Vec<Finding>> {
    let ask = ctx.ask()?;
    let rows = ask.loaded(ask.loaders().findings(claim).await)?;
    Ok(rows.iter().filter(|row| row.of == of).map(|row| Finding::new(claim, &row.finding)).collect())
}
