//! Recording what time has done to a claim when nobody came.

use super::App;
use super::outcome::AppError;
use super::record::Recorder;
use crate::domain::Extent;
use crate::domain::ids::ClaimId;
use crate::store::transaction::Writes;
use crate::store::{aggregate, facts};

impl App {
    /// Records the expiries of a claim that are due, each dated at its deadline. Answers whether there were any.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn record_expiries(&self, id: ClaimId) -> Result<bool, AppError> {
        let (tx, opened) = aggregate::open(self.database(), id, Extent::Row, None).await?;
        let now = self.now();
        let Some(mut opened) = opened.filter(|opened| opened.head.is_due(now)) else {
            tx.roll_back().await?;
            return Ok(false);
        };
        opened.complete(&tx).await?;
        let programme = facts::programme_of(self.database(), &tx, opened.head.programme).await?;
        let mut recorder = Recorder::of(opened.claim, opened.head.last_hash);
        recorder.expire(now, &programme.rules_for(recorder.claim()));
        let mut writes = Writes::default();
        let grew = recorder.write(&mut writes, &programme.catalogue)?;
        tx.commit_with(writes).await?;
        if grew {
            self.live().hint();
        }
        Ok(grew)
    }
}
