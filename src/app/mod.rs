//! What the server does, between transport and storage. A claim changes through [`App::execute`] and [`App::create`] alone.

mod actions;
mod answer;
mod authenticate;
pub mod clamd;
pub mod clock;
mod consent;
mod create;
pub mod demo;
mod demo_clock;
mod direct;
mod downloads;
mod ear;
mod execute;
mod expire;
mod feed;
mod gauges;
mod happening;
pub mod import;
pub mod inspect;
mod known;
mod links;
mod live;
mod notices;
pub mod outcome;
mod record;
mod revalidate;
mod scans;
mod settings;
mod sweep;
mod upload_state;
mod uploads;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;

use self::clamd::Clamd;
use crate::auth::download::DownloadSealer;
use crate::auth::token::TokenVerifier;
use crate::store::blobs::Blobs;
use crate::store::cursor::CursorSealer;
use crate::store::database::Database;
use crate::store::wake::Waker;

use known::Known;

pub use actions::ClaimActions;
pub use clock::Clock;
pub use consent::{ConsentProduct, ConsentView, OtherPartner, Standing};
pub use demo_clock::{DemoClockError, MAX_ADVANCE_DAYS};
pub use downloads::{DOWNLOAD_LINK_SECONDS, DownloadLink, Downloaded};
pub use ear::{BACKLOG_EVENTS, Ear, Overflowed};
pub use feed::{Changes, FeedItem, POLL_ENTRIES, REPLAY_ENTRIES, WatchError, WatchFilter};
pub use gauges::{Gauges, Owed, Pulse};
pub use happening::Happening;
pub use known::VIEWER_AGE_MAX;
pub use live::Live;
pub use notices::MAX_DEAD_LETTERS;
pub use outcome::{AppError, Idempotency, Options, Outcome, Written};
pub use scans::SCAN_OVERDUE_MINUTES;
pub use settings::{PersonSettings, SettingsChange};
pub use sweep::Sweep;
pub use uploads::{DirectTicket, INSPECTIONS_AT_A_TIME, MAX_UPLOAD_BYTES, TakenFile, UploadError, UploadTicket};
pub use watch::{CHECKPOINT_ENTRIES, Told, WatchFrom, Watching};

/// The application. Cloning shares everything.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    clock: Clock,
    tokens: TokenVerifier,
    known: Arc<Known>,
    cursors: CursorSealer,
    downloads: DownloadSealer,
    blobs: Blobs,
    live: Live,
    waker: Waker,
    sweep: Sweep,
    pulse: Pulse,
    scanner: Option<Clamd>,
    inspections: Arc<Semaphore>,
    lately: revalidate::Lately,
    is_demo: bool,
}

/// What an application is made of.
pub struct Parts {
    /// The database, migrated.
    pub database: Database,
    /// The clock that claims run on.
    pub clock: Clock,
    /// Whose tokens are believed.
    pub tokens: TokenVerifier,
    /// How old the answer of the tables to who somebody is may be: [`VIEWER_AGE_MAX`], or zero where each request asks.
    pub viewer_age_max: Duration,
    /// Seals cursors.
    pub cursors: CursorSealer,
    /// Seals links to documents.
    pub downloads: DownloadSealer,
    /// Where uploaded bytes are kept.
    pub blobs: Blobs,
    /// The virus scanner, if there is one.
    pub scanner: Option<Clamd>,
    /// Wakes the servers of this database when the feed has grown.
    pub waker: Waker,
    /// Whether demo people are let in, and the clock can be moved.
    pub is_demo: bool,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { database, clock, tokens, viewer_age_max, cursors, downloads, blobs, scanner, waker, is_demo } = parts;
        let (live, sweep, pulse, lately) = Default::default();
        let known = Arc::new(Known::new(viewer_age_max));
        let inspections = Arc::new(Semaphore::new(INSPECTIONS_AT_A_TIME));
        let inner = Inner {
            database,
            clock,
            tokens,
            known,
            cursors,
            downloads,
            blobs,
            live,
            waker,
            sweep,
            pulse,
            scanner,
            inspections,
            lately,
            is_demo,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The same application on another clock: it shares the database and everything else.
    #[must_use]
    pub fn with_clock(&self, clock: Clock) -> Self {
        let Inner {
            database,
            tokens,
            known,
            cursors,
            downloads,
            blobs,
            scanner,
            live,
            waker,
            sweep,
            pulse,
            inspections,
            is_demo,
            ..
        } = &*self.inner;
        let inner = Inner {
            database: database.clone(),
            clock,
            tokens: tokens.clone(),
            known: Arc::clone(known),
            cursors: cursors.clone(),
            downloads: downloads.clone(),
            blobs: blobs.clone(),
            scanner: scanner.clone(),
            live: live.clone(),
            waker: waker.clone(),
            sweep: sweep.clone(),
            pulse: pulse.clone(),
            inspections: Arc::clone(inspections),
            lately: Default::default(),
            is_demo: *is_demo,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// The clock that claims run on.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// What time it is for claims, in whole microseconds.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// Seals cursors.
    #[must_use]
    pub fn cursors(&self) -> &CursorSealer {
        &self.inner.cursors
    }

    /// What happens, as it happens.
    #[must_use]
    pub fn live(&self) -> &Live {
        &self.inner.live
    }

    /// Wakes the servers of this database.
    #[must_use]
    pub fn waker(&self) -> &Waker {
        &self.inner.waker
    }

    /// Where uploaded bytes are kept.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }

    /// What the sweeper of this server is told, and what it tells.
    #[must_use]
    pub fn sweep(&self) -> &Sweep {
        &self.inner.sweep
    }

    /// Whether this is a demo.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.inner.is_demo
    }

    /// Whether requests can be served: the database answers.
    pub async fn ready(&self) -> bool {
        crate::store::facts::ping(&self.inner.database).await.is_ok()
    }
}
