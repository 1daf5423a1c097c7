//! What a viewer could do to claims: loaded for many at once, asked of the very rules a mutation will meet.

use std::collections::HashMap;

use super::App;
use super::outcome::AppError;
use crate::auth::viewer::{ClaimOwner, Viewer};
use crate::domain::details::Field;
use crate::domain::ids::ClaimId;
use crate::domain::{Action, Stakes, actions, editable_by};
use crate::store::{aggregate, facts};

/// What a viewer could do to one claim now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimActions {
    /// Each command that the viewer's role may ever give.
    pub actions: Vec<Action>,
    /// The fields the viewer may change.
    pub editable: Vec<Field>,
}

impl App {
    /// What the viewer could do to these claims; invisible ones are left out. The number of statements does not depend on how many.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn actions(&self, viewer: &Viewer, ids: &[ClaimId]) -> Result<HashMap<ClaimId, ClaimActions>, AppError> {
        let mut conn = self.database().read().await?;
        let mut claims = aggregate::load_many(&mut conn, ids).await?;
        let scope = viewer.scope();
        claims.retain(|claim| scope.admits(&ClaimOwner::of(claim)));
        let now = self.now();
        let programme = facts::programme(self.database(), &mut conn).await?;
        let asked: Vec<_> = claims.iter().map(|claim| (claim, Stakes::of_any(claim))).collect();
        let known = facts::load_many(&conn, &asked, &programme, now).await?;
        let actor = viewer.actor();
        let answers = claims.iter().zip(&known).map(|(claim, facts)| {
            let rules = programme.rules_for(claim);
            let actions = actions(claim, &actor, facts, now, &rules);
            let editable = editable_by(claim, &actor, facts, now, &rules);
            (claim.id, ClaimActions { actions, editable })
        });
        Ok(answers.collect())
    }
}
