//! The nemesis: kills, freezes, stalls, cuts, fills the disk and moves the clock, as its seed says.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::outage::Probe;
use crate::postgres::Postgres;
use crate::proxy::Proxy;
use crate::random::Random;
use crate::server::Server;
use crate::tables;

/// How much the clock is moved ahead at most, over a whole run: answers are kept for retries for 48 hours of the same clock.
const AHEAD_MAX_HOURS: i64 = 44;
/// How much at a time.
const JUMP_MAX_HOURS: usize = 12;
/// How long PostgreSQL may take to die of a full disk by itself.
const DISK_PAUSE: Duration = Duration::from_millis(500);

/// What it can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    KillServer,
    FreezeServer,
    CrashDatabase,
    CutClients,
    StallClients,
    CutDatabase,
    StallDatabase,
    LoseAnswersToCommits,
    FillDisk,
    MoveClock,
}

/// Every deed; what hurts more stands more often.
const DEEDS: [Deed; 13] = [
    Deed::KillServer,
    Deed::KillServer,
    Deed::FreezeServer,
    Deed::CrashDatabase,
    Deed::CrashDatabase,
    Deed::CutClients,
    Deed::StallClients,
    Deed::CutDatabase,
    Deed::StallDatabase,
    Deed::LoseAnswersToCommits,
    Deed::LoseAnswersToCommits,
    Deed::FillDisk,
    Deed::MoveClock,
];

/// The nemesis, and what it did.
pub struct Nemesis {
    pub servers: Arc<[Server]>,
    pub postgres: Arc<Postgres>,
    pub probe: Probe,
    pub random: Random,
    pub deeds: BTreeMap<Deed, u32>,
    /// What servers did wrong while the database was away.
    pub wrong: Vec<String>,
    pub hours_ahead: i64,
}

impl Nemesis {
    /// Rages until `end`, and leaves everything running. Each deed comes once before any comes by chance, so that a short run has all.
    pub async fn rage(mut self, end: Instant) -> Self {
        let mut first: Vec<Deed> = DEEDS.to_vec();
        first.dedup();
        while Instant::now() < end {
            let deed = match first.len() {
                0 => DEEDS[self.random.below(DEEDS.len())],
                left => first.swap_remove(self.random.below(left)),
            };
            self.act(deed).await;
            sleep(self.random.millis(200, 1500)).await;
        }
        self
    }

    async fn act(&mut self, deed: Deed) {
        let servers = Arc::clone(&self.servers);
        let server = &servers[self.random.below(servers.len())];
        let while_it_lasts = self.random.millis(300, 3000);
        match deed {
            Deed::KillServer => server.kill(),
            Deed::FreezeServer => {
                server.freeze(true);
                sleep(while_it_lasts).await;
                server.freeze(false);
            }
            Deed::CrashDatabase => self.crash(while_it_lasts).await,
            Deed::CutClients => server.wire.cut(),
            Deed::StallClients => stall(&server.wire, while_it_lasts, self.random.one_in(2)).await,
            Deed::CutDatabase => server.database_wire.cut(),
            Deed::StallDatabase => stall(&server.database_wire, while_it_lasts, self.random.one_in(2)).await,
            Deed::LoseAnswersToCommits => {
                server.database_wire.lose_answers(1 + self.random.below(4));
                sleep(while_it_lasts).await;
                server.database_wire.lose_answers(0);
            }
            Deed::FillDisk if self.postgres.has_own_disk() => self.fill_disk(while_it_lasts).await,
            Deed::MoveClock if self.hours_ahead < AHEAD_MAX_HOURS => {
                let hours = 1 + self.random.below(JUMP_MAX_HOURS) as i64;
                self.hours_ahead = AHEAD_MAX_HOURS.min(self.hours_ahead + hours);
                tables::set_clock_ahead(self.postgres.url(), self.hours_ahead).await;
            }
            Deed::FillDisk | Deed::MoveClock => return,
        }
        *self.deeds.entry(deed).or_default() += 1;
    }

    async fn crash(&mut self, down: Duration) {
        self.postgres.crash().await;
        for server in self.servers.iter() {
            self.wrong.extend(self.probe.away(server).await);
        }
        sleep(down).await;
        self.postgres.revive().await;
    }

    async fn fill_disk(&mut self, full: Duration) {
        let filler = self.postgres.fill_disk();
        sleep(full).await;
        drop(filler);
        // A log that could not be written ends all sessions, and perhaps PostgreSQL itself.
        sleep(DISK_PAUSE).await;
        self.postgres.revive().await;
    }
}

/// Nothing moves for a while; then everything goes on, or is cut.
async fn stall(wire: &Proxy, time: Duration, is_cut: bool) {
    wire.stall(true);
    sleep(time).await;
    if is_cut {
        wire.cut();
    }
    wire.stall(false);
}
