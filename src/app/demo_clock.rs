//! The demo's clock: how far it runs ahead is a row in the database, so that all processes agree.

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use super::outcome::AppError;
use crate::store::demo_clock;

/// How far the demo's clock can be moved at once, in days.
pub const MAX_ADVANCE_DAYS: i64 = 366;
/// How far ahead of the real time it can run at all, in days.
const MAX_AHEAD_DAYS: i64 = 36_600;

/// Why the demo's clock was not moved.
#[derive(Debug, thiserror::Error)]
pub enum DemoClockError {
    /// This is no demo: the clock is the real one.
    #[error("this is no demo")]
    NotADemo,
    /// Backwards, or further than allowed.
    #[error("the clock moves forward alone, by {MAX_ADVANCE_DAYS} days at most, and only so far ahead")]
    OutOfBounds,
    /// Our own failure.
    #[error(transparent)]
    App(#[from] AppError),
}

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

    /// Moves the demo's time forward for all servers of the database, this one at once, and has what is due recorded. Answers what
    /// time it is then.
    ///
    /// # Errors
    /// [`DemoClockError::NotADemo`] outside a demo, [`DemoClockError::OutOfBounds`] for a step that is negative or too long.
    pub async fn demo_clock_advance(&self, by: TimeDelta) -> Result<DateTime<Utc>, DemoClockError> {
        if !self.is_demo() {
            return Err(DemoClockError::NotADemo);
        }
        if by < TimeDelta::zero() || by > TimeDelta::days(MAX_ADVANCE_DAYS) {
            return Err(DemoClockError::OutOfBounds);
        }
        let micros = |span: TimeDelta| span.num_microseconds().ok_or(DemoClockError::OutOfBounds);
        let mut conn = self.database().write().await.map_err(AppError::from)?;
        let moved = demo_clock::advance(&mut conn, micros(by)?, micros(TimeDelta::days(MAX_AHEAD_DAYS))?).await;
        let ahead = moved.map_err(AppError::from)?.ok_or(DemoClockError::OutOfBounds)?;
        self.clock().set_offset(ahead);
        self.sweep().hint();
        Ok(self.now())
    }
}
