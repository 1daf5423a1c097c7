//! What the server does by itself. Several servers may share a database: each worker takes a lock, or does what can be done twice.

mod clock;
mod follower;
mod janitor;
mod notifier;
mod scanner;
mod sealer;
mod sequencer;
mod sweeper;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;
use crate::notify::Notifier;
use crate::store::heads::Sealer;

pub use janitor::JanitorSettings;

/// Starts the workers; they end when `stop` is cancelled.
#[must_use]
pub fn start(app: &App, notifier: &Notifier, janitor: JanitorSettings, stop: &CancellationToken) -> TaskTracker {
    let tracker = TaskTracker::new();
    tracker.spawn(sequencer::run(app.clone(), stop.clone()));
    tracker.spawn(follower::run(app.clone(), stop.clone()));
    tracker.spawn(sweeper::run(app.clone(), stop.clone()));
    tracker.spawn(app.waker().clone().run(app.database().clone(), stop.clone()));
    tracker.spawn(janitor::run(app.clone(), janitor, stop.clone()));
    notifier::start(&tracker, notifier, stop);
    if app.scanner().is_some() {
        tracker.spawn(scanner::run(app.clone(), stop.clone()));
    }
    if app.is_demo() {
        tracker.spawn(clock::run(app.clone(), stop.clone()));
    }
    tracker.close();
    tracker
}

/// Starts the worker that signs history, beside the others.
pub fn start_sealing(tracker: &TaskTracker, app: &App, sealer: Sealer, stop: &CancellationToken) {
    tracker.spawn(sealer::run(app.clone(), Arc::new(sealer), stop.clone()));
}
