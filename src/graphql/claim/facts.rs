//! What a status means, so that no client has to know the life cycle by heart.

use std::sync::Arc;

use async_graphql::{Context, Description, Object, Result};

use super::deadline::{Deadline, deadlines};
use crate::domain::status::{Assessment, Consent, Status};
use crate::graphql::context::AskExt;
use crate::graphql::enums::WaitsFor;
use crate::store::claims::ClaimRow;

/// What a claim's status means now.
#[derive(Description, Clone)]
pub struct StatusFacts(pub Arc<ClaimRow>);

#[Object(use_type_description)]
impl StatusFacts {
    /// The status in one English sentence.
    async fn meaning(&self) -> &'static str {
        meaning(self.0.status)
    }

    /// On whom the claim waits.
    async fn waits_for(&self, ctx: &Context<'_>) -> Result<WaitsFor> {
        let row = &self.0;
        let is_final = self.is_closed(ctx.ask()?.now());
        Ok(match row.status {
            _ if is_final => WaitsFor::Nobody,
            Status::Editing | Status::PartnerActionRequired | Status::Rejected => WaitsFor::Partner,
            Status::Submitted | Status::UnderReview | Status::Disputed => WaitsFor::Reviewer,
            Status::Approved if row.consent == Some(Consent::Open) => WaitsFor::Customer,
            Status::Approved if row.assessment == Some(Assessment::Sent) => WaitsFor::EligibilitySystem,
            Status::Approved | Status::Canceled => WaitsFor::Nobody,
        })
    }

    /// Whether nothing can follow any more: canceled, or finally rejected.
    async fn is_final(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.is_closed(ctx.ask()?.now()))
    }

    /// Whether a reviewers' clock has run out.
    async fn is_overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        let now = ctx.ask()?.now();
        Ok(self.0.overdue_from.is_some_and(|from| now >= from))
    }

    /// The deadline that passes next, of those that run and have not passed.
    async fn next_deadline(&self, ctx: &Context<'_>) -> Option<Result<Deadline>> {
        let found = async {
            let now = ctx.ask()?.now();
            let all = deadlines(ctx, &self.0).await?;
            Ok(all.into_iter().filter(|deadline| deadline.is_ahead(now)).min_by_key(Deadline::end))
        };
        found.await.transpose()
    }
}

impl StatusFacts {
    fn is_closed(&self, now: chrono::DateTime<chrono::Utc>) -> bool {
        match self.0.status {
            Status::Canceled => true,
            // Customers are not told of disputes: to them a rejection is the end.
            Status::Rejected => {
                self.0.rejection.as_ref().and_then(|rejection| rejection.disputable_until).is_none_or(|end| now >= end)
            }
            _ => false,
        }
    }
}

fn meaning(status: Status) -> &'static str {
    match status {
        Status::Editing => "The partner prepares the claim.",
        Status::Submitted => "The claim waits for a reviewer to start.",
        Status::UnderReview => "A reviewer validates the proof of execution.",
        Status::PartnerActionRequired => "The partner must add what the reviewer asked for.",
        Status::Approved => "The claim is approved.",
        Status::Rejected => "The claim is rejected.",
        Status::Disputed => "The partner disputed the rejection, and a reviewer looks at it again.",
        Status::Canceled => "The claim was dropped before it was ever submitted.",
    }
}
