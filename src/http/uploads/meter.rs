//! How far the reader of parts may read ahead of what it gives.
//!
//! It takes in whatever has come, and keeps what it cannot give yet: the head of a part that never ends would fill the memory.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{BodyDataStream, Bytes};
use futures_util::Stream;

/// Bytes that may be read and not given: the head of a part, a boundary, and what came beside them.
const AHEAD_BYTES_MAX: usize = 256 * 1024;

/// How often the reader may look for more and give nothing of what it has: it looks several times at the end of each part.
const IDLE_POLLS_MAX: u32 = 100;

/// Bytes given so far.
#[derive(Debug, Default)]
pub(super) struct Meter(AtomicUsize);

impl Meter {
    /// So many bytes of a part were taken.
    pub(super) fn given(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Why nothing more is read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    /// The client broke off.
    #[error("the body broke off")]
    BrokenOff,
    /// The head of a part does not end.
    #[error("the head of a part does not end")]
    Endless,
}

struct Metered {
    body: BodyDataStream,
    meter: Arc<Meter>,
    read: usize,
    /// What was given when the reader was last held back.
    held_at: usize,
    /// How often it was held back since, and gave nothing.
    idle_polls: u32,
}

/// The bytes of a body, held back while too many of them were not given.
pub(super) fn metered(body: BodyDataStream, meter: Arc<Meter>) -> impl Stream<Item = Result<Bytes, Stopped>> + Send {
    Metered { body, meter, read: 0, held_at: 0, idle_polls: 0 }
}

impl Stream for Metered {
    type Item = Result<Bytes, Stopped>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let given = self.meter.0.load(Ordering::Relaxed);
        if self.read.saturating_sub(given) > AHEAD_BYTES_MAX {
            self.idle_polls = if self.held_at == given { self.idle_polls + 1 } else { 0 };
            self.held_at = given;
            if self.idle_polls > IDLE_POLLS_MAX {
                return Poll::Ready(Some(Err(Stopped::Endless)));
            }
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = Pin::new(&mut self.body).poll_next(context);
        polled.map(|next| {
            next.map(|bytes| {
                let bytes = bytes.map_err(|_| Stopped::BrokenOff)?;
                self.read += bytes.len();
                Ok(bytes)
            })
        })
    }
}
