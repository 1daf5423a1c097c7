//! Notices that could not be delivered, for the operator.

use chrono::Utc;
use uuid::Uuid;

use super::App;
use super::outcome::AppError;
use crate::auth::viewer::Viewer;
use crate::domain::actor::Role;
use crate::store::deliveries::{self, DeadLetter};

/// Dead letters that are shown at once.
pub const MAX_DEAD_LETTERS: i64 = 500;

impl App {
    /// The deliveries that were given up, the latest first, at most [`MAX_DEAD_LETTERS`]; none for anybody but operator and auditor.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn dead_letters(&self, viewer: &Viewer) -> Result<Vec<DeadLetter>, AppError> {
        match viewer.role() {
            Role::Operator | Role::Auditor => Ok(deliveries::dead(self.database(), MAX_DEAD_LETTERS).await?),
            _ => Ok(Vec::new()),
        }
    }

    /// Gives dead letters all their tries again; answers how many. Only the operator can: for others there are none.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn retry_dead_letters(&self, viewer: &Viewer, ids: &[Uuid]) -> Result<usize, AppError> {
        match viewer.role() {
            Role::Operator => Ok(deliveries::retry_dead(self.database(), ids, Utc::now()).await?),
            _ => Ok(0),
        }
    }
}
