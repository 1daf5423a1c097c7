//! All watchers together.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::checker::slice;
use crate::journal::Watch;
use crate::tables::{self, Tables};
use crate::watcher::Watcher;

/// How often to look.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Watchers at work.
pub struct Watchers {
    watches: Vec<Arc<Mutex<Watch>>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Watchers {
    pub fn start(watchers: Vec<Watcher>) -> Self {
        let watches = watchers.iter().map(|watcher| Arc::clone(&watcher.watch)).collect();
        Self { watches, tasks: watchers.into_iter().map(|watcher| tokio::spawn(watcher.follow())).collect() }
    }

    /// Whether some have not seen anything yet.
    pub fn are_some_blind(&self) -> bool {
        self.watches.iter().any(|watch| watch.lock().unwrap().seen.is_empty())
    }

    /// Waits until everybody has seen as much as they should, or for as long as `limit`, and answers what they saw and the tables of
    /// that moment.
    pub async fn settle(self, url: &str, limit: Duration) -> (Vec<Watch>, Tables) {
        let deadline = Instant::now() + limit;
        let tables = loop {
            let tables = tables::read(url).await;
            while !self.have_seen(&tables) && Instant::now() < deadline {
                sleep(LOOK_EVERY).await;
            }
            // A deadline may have passed meanwhile: then there is more to see.
            if tables::newest(url).await == tables.feed.len() as i64 || Instant::now() >= deadline {
                break tables;
            }
        };
        self.tasks.iter().for_each(JoinHandle::abort);
        for task in self.tasks {
            // Aborted, or failed: then its journal shows it.
            let _ = task.await;
        }
        (self.watches.iter().map(|watch| watch.lock().unwrap().clone()).collect(), tables)
    }

    fn have_seen(&self, tables: &Tables) -> bool {
        self.watches.iter().all(|watch| {
            let watch = watch.lock().unwrap();
            watch.seen.len() >= slice(&watch, tables).len()
        })
    }
}
