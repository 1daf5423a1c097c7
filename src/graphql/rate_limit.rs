//! What is left of the viewer's budget.

use async_graphql::Object;

use super::context::Budget;
use super::scalars::DateTime;

/// The budget as this request left it.
pub struct RateLimit(pub Budget);

/// A budget of cost that each viewer spends by asking and that fills again with time. What an operation costs is known before it runs:
/// every field counts one, pages multiply what is in them. The headers `RateLimit-…` tell the same.
#[Object]
impl RateLimit {
    /// What this very request costs; it is spent already.
    async fn cost(&self) -> i32 {
        int(self.0.cost)
    }

    /// What can be spent at once.
    async fn limit(&self) -> i32 {
        int(self.0.limit)
    }

    /// What is left.
    async fn remaining(&self) -> i32 {
        int(self.0.remaining)
    }

    /// What is spent and not back yet.
    async fn used(&self) -> i32 {
        int(self.0.limit.saturating_sub(self.0.remaining))
    }

    /// When all of it is back, if nothing more is spent.
    async fn reset_at(&self) -> DateTime {
        DateTime(self.0.reset_at)
    }
}

/// Settings keep budgets within `Int`.
fn int(cost: u64) -> i32 {
    i32::try_from(cost).unwrap_or(i32::MAX)
}
