//! Stand-in for the real room: replaced at merge.
use chrono::{DateTime, Utc};

/// Who asks.
#[derive(Debug)]
pub struct Viewer(());

impl Viewer {
    /// When the credential ends.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        None
    }
    /// Key for budgets.
    pub fn id_for_limits(&self) -> String {
        String::new()
    }
}
