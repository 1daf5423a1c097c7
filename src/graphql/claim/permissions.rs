//! Permissions as data: what the viewer could do now, and why not, from the very rules that a mutation will meet.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Description, Object, Result, SimpleObject};
use tokio::sync::OnceCell;

use super::Handle;
use crate::app::{AppError, ClaimActions};
use crate::domain::{Action, ids::ClaimId, refusal::Code};
use crate::graphql::context::AskExt;
use crate::graphql::enums::{ClaimAction, ClaimField, ErrorCode};
use crate::graphql::messages::sentence;

/// Claims that were read together. What the viewer may do to them is asked once for all, when the first of them is asked.
pub struct Mates {
    ids: Vec<ClaimId>,
    actions: OnceCell<Result<HashMap<ClaimId, ClaimActions>, Arc<AppError>>>,
}

impl Mates {
    /// These claims.
    #[must_use]
    pub fn new(ids: impl IntoIterator<Item = ClaimId>) -> Arc<Self> {
        Arc::new(Self { ids: ids.into_iter().collect(), actions: OnceCell::new() })
    }

    /// What the viewer could do to a claim of them; `None` if it is not there any more.
    async fn actions(&self, ctx: &Context<'_>, claim: ClaimId) -> Result<Option<&ClaimActions>> {
        let ask = ctx.ask()?;
        let load = async || ask.app.actions(&ask.viewer, &self.ids).await.map_err(Arc::new);
        match Box::pin(self.actions.get_or_init(load)).await {
            Ok(found) => Ok(found.get(&claim)),
            Err(cause) => Err(ask.failed(&**cause)),
        }
    }
}

/// The group of fields about permissions.
#[derive(Clone)]
pub struct ClaimPermissions(pub Handle);

#[Object]
impl ClaimPermissions {
    /// What the viewer can do to the claim now. The mutation could still refuse its input.
    async fn available_actions(&self, ctx: &Context<'_>) -> Result<Vec<ClaimAction>> {
        let found = self.0.mates.actions(ctx, self.0.row.id).await?;
        let all = found.map(|found| found.actions.as_slice()).unwrap_or_default();
        Ok(all.iter().filter(|action| action.refusal.is_none()).map(|action| action.kind.into()).collect())
    }

    /// Everything that the viewer's role may ever do to a claim: whether it is allowed now, and why not.
    async fn actions(&self, ctx: &Context<'_>) -> Result<Vec<ClaimActionState>> {
        let found = self.0.mates.actions(ctx, self.0.row.id).await?;
        let all = found.map(|found| found.actions.as_slice()).unwrap_or_default();
        Ok(all.iter().cloned().map(ClaimActionState).collect())
    }

    /// The fields that the viewer can change now.
    async fn editable_fields(&self, ctx: &Context<'_>) -> Result<Vec<ClaimField>> {
        let found = self.0.mates.actions(ctx, self.0.row.id).await?;
        let fields = found.map(|found| found.editable.as_slice()).unwrap_or_default();
        Ok(fields.iter().copied().map(Into::into).collect())
    }
}

/// Whether the viewer can do something to a claim now.
#[derive(Description)]
pub struct ClaimActionState(Action);

#[Object(use_type_description)]
impl ClaimActionState {
    /// What.
    async fn action(&self) -> ClaimAction {
        self.0.kind.into()
    }

    /// Whether it is allowed now.
    async fn allowed(&self) -> bool {
        self.0.refusal.is_none()
    }

    /// Why not: the first reason; null when it is allowed.
    async fn refusal(&self, ctx: &Context<'_>) -> Option<Result<ActionRefusal>> {
        let refusal = self.0.refusal.as_ref()?;
        let code = refusal.violations.first().map_or(Code::StateConflict, |violation| violation.code);
        Some(ctx.ask().map(|ask| ActionRefusal { code: code.into(), message: sentence(code, ask.language).to_owned() }))
    }
}

/// Why something cannot be done to a claim now.
#[derive(SimpleObject)]
pub struct ActionRefusal {
    /// Which rule stands in the way.
    code: ErrorCode,
    /// The same in one sentence, for people.
    message: String,
}
