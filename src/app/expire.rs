//! Recording what time has done to a claim when nobody came.

use super::App;
use super::outcome::AppError;
use super::record::Recorder;
use crate::domain::ids::ClaimId;
use crate::store::{aggregate, facts};

impl App {
    /// Records the expiries of a claim that are due, each dated at its deadline. Answers whether there were any.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn record_expiries(&self, id: ClaimId) -> Result<bool, AppError> {
        let mut tx = self.database().begin().await?;
        let Some(claim) = aggregate::lock(&mut tx, id).await? else {
            tx.roll_back().await?;
            return Ok(false);
        };
        let now = self.now();
        let programme = facts::programme(&mut tx).await?;
        let mut recorder = Recorder::of(claim);
        recorder.expire(now, &programme.rules_for(recorder.claim()));
        let grew = recorder.write_events(&mut tx).await?;
        tx.commit().await?;
        if grew {
            self.live().hint();
        }
        Ok(grew)
    }
}
