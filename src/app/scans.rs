//! Quarantine: where a scanner is configured, nobody opens a file of which it has not said that it is clean.
//!
//! A file is scanned when its bytes come, so that the sender hears of it. Where the scanner is away then, the file is taken and waits: it
//! can be attached, for a deadline does not wait for a scanner, but not opened, until a worker gets a verdict.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::fs::File;
use tokio_util::io::StreamReader;

use super::App;
use super::clamd::{Clamd, ScanError, Verdict};
use super::outcome::AppError;
use super::uploads::UploadError;
use crate::domain::file::{FileRefusal, ScanState};
use crate::store::blobs::Received;
use crate::store::errors::StoreError;
use crate::store::scans::{self, DueScan};

/// From when on a file that waits for the scanner is overdue, in minutes.
pub const SCAN_OVERDUE_MINUTES: i64 = 15;
/// The pause after a first try without a verdict, in seconds; each further one doubles it.
const FIRST_PAUSE_SECONDS: i64 = 5;
/// The longest pause between tries, in seconds.
const MAX_PAUSE_SECONDS: i64 = 600;
/// For how long a file belongs to the server that took it, in seconds: longer than a scan may take.
const TAKEN_SECONDS: i64 = 60;
/// Files queued in one statement at most.
const QUEUE_BATCH: i64 = 500;

/// How long a sender waits for the verdict: less than a request may take. Without one the file is put off, and a worker asks again.
const SENDER_WAITS: Duration = Duration::from_secs(15);

impl App {
    /// The virus scanner, if one is configured.
    #[must_use]
    pub fn scanner(&self) -> Option<&Clamd> {
        self.inner.scanner.as_ref()
    }

    /// Has bytes scanned that came and are not yet kept. What the scanner cannot tell now waits for a verdict.
    pub(super) async fn scan_received(&self, received: &Received) -> Result<ScanState, UploadError> {
        let Some(scanner) = self.scanner() else { return Ok(ScanState::NotScanned) };
        let state = match scanner.scan_within(SENDER_WAITS, File::from_std(received.open()?)).await {
            Ok(Verdict::Clean) => ScanState::Clean,
            Ok(Verdict::Infected(threat)) => {
                tracing::warn!(threat, "an infected file was refused");
                // The same bytes may have come before the scanner knew.
                let mut conn = self.database().write().await?;
                scans::settle(&mut conn, &received.sha256, Some(&threat), Utc::now()).await?;
                return Err(UploadError::File(FileRefusal::Infected));
            }
            Err(error) => {
                tracing::warn!(%error, "a file waits for the scanner");
                ScanState::Pending
            }
        };
        let mut conn = self.database().write().await?;
        scans::note(&mut conn, &received.sha256, state, Utc::now()).await?;
        Ok(scans::state(&mut conn, &received.sha256).await?)
    }

    /// Has the next file scanned that waits for it; false if there is none, or no scanner.
    ///
    /// # Errors
    /// Our own failures. That the scanner has no verdict is none: the file is put off.
    pub async fn scan_next(&self, now: DateTime<Utc>) -> Result<bool, AppError> {
        let Some(scanner) = self.scanner() else { return Ok(false) };
        let taken_until = now + TimeDelta::seconds(TAKEN_SECONDS);
        let mut conn = self.database().write().await?;
        let Some(due) = scans::take_due(&mut conn, now, taken_until).await? else { return Ok(false) };
        drop(conn);
        let verdict = match self.blobs().open(&due.sha256, None).await {
            Ok(bytes) => scanner.scan(StreamReader::new(bytes)).await,
            Err(StoreError::Files(error)) => Err(ScanError::Away(error)),
            Err(error) => return Err(error.into()),
        };
        self.note_verdict(&due, verdict, now).await?;
        Ok(true)
    }

    async fn note_verdict(
        &self,
        due: &DueScan,
        verdict: Result<Verdict, ScanError>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut conn = self.database().write().await?;
        match verdict {
            Ok(Verdict::Clean) => scans::settle(&mut conn, &due.sha256, None, now).await,
            Ok(Verdict::Infected(threat)) => {
                tracing::warn!(threat, "a file that was taken is infected, and stays closed");
                scans::settle(&mut conn, &due.sha256, Some(&threat), now).await
            }
            Err(error) => {
                tracing::warn!(%error, attempt = due.attempt, "a file still waits for the scanner");
                scans::put_off(&mut conn, &due.sha256, now + pause_after(due.attempt), &error.to_string()).await
            }
        }
    }

    /// Queues the files of documents that came before there was a scanner, a bounded number; answers how many.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn queue_unscanned(&self, now: DateTime<Utc>) -> Result<usize, AppError> {
        let mut conn = self.database().write().await?;
        Ok(scans::queue_unseen(&mut conn, now, QUEUE_BATCH).await?)
    }
}

fn pause_after(attempt: i32) -> TimeDelta {
    let doublings = u32::try_from(attempt - 1).unwrap_or(0).min(10);
    TimeDelta::seconds((FIRST_PAUSE_SECONDS << doublings).min(MAX_PAUSE_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::pause_after;

    #[test]
    fn pauses_grow_up_to_a_bound() {
        assert_eq!([1, 2, 3, 99].map(|attempt| pause_after(attempt).num_seconds()), [5, 10, 20, 600]);
    }
}
