//! What people choose for themselves.

use async_graphql::{Context, Object, Result};

use crate::graphql::settings::{ViewerUpdateInput, ViewerUpdatePayload, update};

/// The group of what people choose for themselves.
#[derive(Default)]
pub struct SettingsMutations;

#[Object]
impl SettingsMutations {
    /// Changes the viewer's own language, time zone and optional notices. Not for customers, who come by a link.
    async fn viewer_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: ViewerUpdateInput,
    ) -> Option<Result<ViewerUpdatePayload>> {
        Some(update(ctx, input).await)
    }
}
