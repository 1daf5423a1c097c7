//! The truth: what the feed's table holds. Asked on a connection beside the server's.

use std::collections::HashMap;
use std::time::Duration;

use cpor::domain::ids::ClaimId;
use tokio_postgres::{Client, NoTls};

/// How often to look whether all is numbered.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A connection of the benchmark's own.
pub struct Feed {
    client: Client,
}

impl Feed {
    /// Connects.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        Ok(Self { client })
    }

    /// Waits until every event has its position, and answers the last one.
    pub async fn settled(&self) -> anyhow::Result<i64> {
        let ask = "SELECT (SELECT count(*) FROM feed_pending), (SELECT coalesce(max(position), 0) FROM feed)";
        loop {
            let row = self.client.query_one(ask, &[]).await?;
            if row.get::<_, i64>(0) == 0 {
                return Ok(row.get(1));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// The versions of each claim that the feed tells after a position, in its order. Claims by their place in `claims`.
    pub async fn after(&self, position: i64, claims: &[ClaimId]) -> anyhow::Result<Vec<Vec<i32>>> {
        let places: HashMap<String, usize> =
            claims.iter().enumerate().map(|(place, claim)| (claim.0.to_string(), place)).collect();
        let ask = "SELECT f.claim_id::text, h.version FROM feed f JOIN history h ON h.claim_id = f.claim_id AND h.seq = f.seq
            WHERE f.position > $1 ORDER BY f.position";
        let mut told = vec![Vec::new(); claims.len()];
        for row in self.client.query(ask, &[&position]).await? {
            if let Some(place) = places.get(row.get::<_, &str>(0)) {
                told[*place].push(row.get(1));
            }
        }
        Ok(told)
    }

    /// Cuts every connection of the server's; answers how many.
    pub async fn cut(&self) -> anyhow::Result<usize> {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'cpor' AND datname = current_database() AND pid <> pg_backend_pid()";
        Ok(self.client.query(cut, &[]).await?.len())
    }
}
