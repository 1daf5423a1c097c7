//! The server's time: read once per command, after the claim is locked, in whole microseconds.
//!
//! Claims run on this clock. Tokens, leases and rate limits run on the real one.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Digits of a second that the database keeps.
const MICROSECOND_DIGITS: u16 = 6;

/// A clock; clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    /// The real time plus an offset in microseconds, which is zero outside a demo.
    Real { offset_micros: AtomicI64 },
    /// A time that stands still until it is set, in microseconds since 1970.
    Manual { at_micros: AtomicI64 },
}

impl Clock {
    /// The real time.
    #[must_use]
    pub fn real() -> Self {
        Self(Arc::new(Source::Real { offset_micros: AtomicI64::new(0) }))
    }

    /// A clock that is moved by hand: for tests, and for demo data that has a past.
    #[must_use]
    pub fn manual(at: DateTime<Utc>) -> Self {
        Self(Arc::new(Source::Manual { at_micros: AtomicI64::new(at.timestamp_micros()) }))
    }

    /// What time it is, in whole microseconds.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match &*self.0 {
            Source::Real { offset_micros } => {
                let ahead = TimeDelta::microseconds(offset_micros.load(Ordering::Relaxed));
                (Utc::now() + ahead).trunc_subsecs(MICROSECOND_DIGITS)
            }
            Source::Manual { at_micros } => {
                DateTime::from_timestamp_micros(at_micros.load(Ordering::Relaxed)).unwrap_or(DateTime::UNIX_EPOCH)
            }
        }
    }

    /// Moves a manual clock to an instant, or makes the real one run ahead so that it is that instant now.
    pub fn set(&self, to: DateTime<Utc>) {
        match &*self.0 {
            Source::Real { offset_micros } => {
                let ahead = (to - Utc::now()).num_microseconds().unwrap_or(0);
                offset_micros.store(ahead, Ordering::Relaxed);
            }
            Source::Manual { at_micros } => at_micros.store(to.timestamp_micros(), Ordering::Relaxed),
        }
    }

    /// Sets how far the real clock runs ahead, in microseconds: the demo's offset, as the database has it.
    pub fn set_offset(&self, micros: i64) {
        if let Source::Real { offset_micros } = &*self.0 {
            offset_micros.store(micros, Ordering::Relaxed);
        }
    }
}
