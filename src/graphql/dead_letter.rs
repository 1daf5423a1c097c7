//! Notices that could not be delivered: for the operator to see and to try again.

use async_graphql::{Context, Description, InputObject, Object, Result, SimpleObject};

use super::context::AskExt;
use super::enums::NoticeKind;
use super::errors::Failure;
use super::scalars::{DateTime, Uuid};
use super::user_error::UserError;
use crate::domain::actor::Role;
use crate::domain::notice;
use crate::domain::refusal::Code;
use crate::store::claim_filter::MAX_FILTER_ITEMS;
use crate::store::deliveries;

/// A notice to one address that was given up after its last try.
#[derive(Description, Clone)]
pub struct DeadLetter(deliveries::DeadLetter);

#[Object(use_type_description)]
impl DeadLetter {
    /// Which: what `noticeRetry` takes.
    async fn delivery_id(&self) -> Uuid {
        Uuid(self.0.id)
    }

    /// The number of the claim it is about.
    async fn claim_number(&self) -> String {
        self.0.number().to_string()
    }

    /// What it is about.
    async fn notice(&self) -> Option<NoticeKind> {
        notice::NoticeKind::from_code(&self.0.notice).map(Into::into)
    }

    /// The address that did not take it.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// How often it was tried.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// What the receiving side said last.
    async fn last_error(&self) -> Option<&str> {
        self.0.last_error.as_deref()
    }

    /// When it was given up, on the real clock.
    async fn given_up_at(&self) -> DateTime {
        DateTime(self.0.settled_at)
    }
}

impl DeadLetter {
    /// The dead letters that the viewer may see, the latest first.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn list(ctx: &Context<'_>) -> Result<Vec<Self>> {
        let ask = ctx.ask()?;
        let found = ask.app.dead_letters(&ask.viewer).await.map_err(|cause| ask.failed(&cause))?;
        Ok(found.into_iter().map(Self).collect())
    }
}

/// Gives dead letters all their tries again.
#[derive(InputObject, Clone, Debug)]
pub struct NoticeRetryInput {
    /// Which, 50 at most; those that are not dead letters are passed over.
    pub delivery_ids: Vec<Uuid>,
}

/// What came of `noticeRetry`.
#[derive(SimpleObject)]
pub struct NoticeRetryPayload {
    /// How many are tried again.
    pub retried: i32,
    /// Everything that is wrong; empty when the mutation was done.
    pub user_errors: Vec<UserError>,
}

/// Gives dead letters all their tries again. The operator alone may.
///
/// # Errors
/// A list that is too long; our own failures.
pub async fn retry(ctx: &Context<'_>, input: NoticeRetryInput) -> Result<NoticeRetryPayload> {
    if input.delivery_ids.len() > MAX_FILTER_ITEMS {
        return Err(Failure::TooLong { argument: "input.deliveryIds", maximum: MAX_FILTER_ITEMS }.into());
    }
    let ask = ctx.ask()?;
    if ask.viewer.role() != Role::Operator {
        let refused = UserError::plain(ctx, Code::Forbidden, Vec::new())?;
        return Ok(NoticeRetryPayload { retried: 0, user_errors: vec![refused] });
    }
    let ids: Vec<_> = input.delivery_ids.iter().map(|id| id.0).collect();
    let retried = ask.app.retry_dead_letters(&ask.viewer, &ids).await.map_err(|cause| ask.failed(&cause))?;
    Ok(NoticeRetryPayload { retried: i32::try_from(retried).unwrap_or(i32::MAX), user_errors: Vec::new() })
}
