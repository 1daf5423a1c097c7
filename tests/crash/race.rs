//! Races: fifty reviewers want one claim at once, and one gets it.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::Instant;
use uuid::Uuid;

use crate::api::{Api, uuid_of};
use crate::journal::Kind;
use crate::writer::Writer;

/// Between two races.
const REST: Duration = Duration::from_secs(5);

/// Runs races until `end`; answers the claims.
pub async fn races(mut writer: Writer, mut racers: Vec<Api>, end: Instant) -> Vec<Uuid> {
    let mut claims = Vec::new();
    while Instant::now() < end {
        if let Some(claim) = writer.submitted().await {
            join_all(racers.iter_mut().map(|racer| racer.change(Kind::StartReview, Some(&claim), json!({})))).await;
            claims.extend(uuid_of(&claim));
        }
        tokio::time::sleep_until(end.min(Instant::now() + REST)).await;
    }
    claims
}
