//! What only a demo can do. No other schema has these fields.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::app::DemoClockError;
use crate::domain::refusal::{Code, Segment};
use crate::graphql::context::AskExt;
use crate::graphql::duration::Duration;
use crate::graphql::scalars::DateTime;
use crate::graphql::user_error::UserError;

/// The group of what only a demo can do.
#[derive(Default)]
pub struct DemoMutations;

/// Moves the demo's time.
#[derive(InputObject, Clone, Debug)]
pub struct DemoClockAdvanceInput {
    /// By how much, forward: 366 days at most.
    by: Duration,
}

/// What came of `demoClockAdvance`.
#[derive(SimpleObject)]
pub struct DemoClockAdvancePayload {
    /// What time it is now, for claims.
    now: DateTime,
    /// Everything that is wrong; empty when the mutation was done.
    user_errors: Vec<UserError>,
}

#[Object]
impl DemoMutations {
    /// Moves the demo's time forward, for everybody in it, so that deadlines can be watched passing. Exists in demos alone.
    async fn demo_clock_advance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "By how much.")] input: DemoClockAdvanceInput,
    ) -> Option<Result<DemoClockAdvancePayload>> {
        Some(advance(ctx, input.by).await)
    }
}

async fn advance(ctx: &Context<'_>, by: Duration) -> Result<DemoClockAdvancePayload> {
    let ask = ctx.ask()?;
    let refused = match ask.app.demo_clock_advance(by.0).await {
        Ok(_) => None,
        Err(DemoClockError::NotADemo) => Some((Code::Forbidden, Vec::new())),
        Err(DemoClockError::OutOfBounds) => Some((Code::InvalidFormat, vec![Segment::Name("by")])),
        Err(DemoClockError::App(cause)) => return Err(ask.failed(&cause)),
    };
    let user_errors = refused.map(|(code, path)| UserError::plain(ctx, code, path)).transpose()?.into_iter().collect();
    Ok(DemoClockAdvancePayload { now: DateTime(ask.now()), user_errors })
}
