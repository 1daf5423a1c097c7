//! The demo's clock: how far it runs ahead is a row in the database, so that all processes agree.

use super::App;
use super::outcome::AppError;
use crate::store::demo_clock;

impl App {
    /// Sets this server's clock as far ahead as the database says.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn read_demo_clock(&self) -> Result<(), AppError> {
        let mut conn = self.database().read().await?;
        if let Some(micros) = demo_clock::offset_micros(&mut conn).await? {
            self.clock().set_offset(micros);
        }
        Ok(())
    }
}
