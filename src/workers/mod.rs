//! What the server does by itself. Several servers may share a database: each worker takes a lock, or does what can be done twice.

mod clock;
mod follower;
mod janitor;
mod notifier;
mod sequencer;
mod sweeper;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;
use crate::notify::Notifier;

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
    if app.is_demo() {
        tracker.spawn(clock::run(app.clone(), stop.clone()));
    }
    tracker.close();
    tracker
}
