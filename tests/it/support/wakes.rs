//! Whether one server wakes another.

use std::time::Duration;

use cpor::store::wake::Waker;

/// Time for a hint before the next one is sent: one may be lost while either side connects.
const NEXT: Duration = Duration::from_millis(50);
/// Hints until it is clear that none arrives.
const HINTS: i64 = 600;

/// Waits until a hint of one server's arrives at the other. Positions begin behind `above`, which nobody may have told yet.
pub async fn wakes(one: &Waker, other: &Waker, above: i64) {
    for position in above + 1..=above + HINTS {
        one.wake(position);
        if tokio::time::timeout(NEXT, other.woken_beyond(above)).await.is_ok() {
            return;
        }
    }
    panic!("no hint arrived");
}
