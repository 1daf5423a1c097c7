//! What the operator does.

use async_graphql::{Context, Object, Result};

use crate::graphql::dead_letter::{NoticeRetryInput, NoticeRetryPayload, retry};

/// The group of what the operator does.
#[derive(Default)]
pub struct OperatorMutations;

#[Object]
impl OperatorMutations {
    /// Tries to deliver notices again that were given up (`deadLetters`). Operators only.
    async fn notice_retry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: NoticeRetryInput,
    ) -> Option<Result<NoticeRetryPayload>> {
        Some(retry(ctx, input).await)
    }
}
