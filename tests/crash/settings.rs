//! How long, how many, and from which seed.

use std::time::Duration;

/// What a run is made of.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long clients write and the nemesis rages.
    pub length: Duration,
    /// What the nemesis and the clients draw from.
    pub seed: u64,
    /// Server processes on the one database.
    pub servers: usize,
    /// Clients that write.
    pub writers: usize,
}

impl Settings {
    /// From the environment; what is not set is small enough for every run of the tests.
    pub fn read() -> Self {
        Self {
            length: Duration::from_secs(number("CPOR_CRASH_SECONDS", 40)),
            seed: number("CPOR_CRASH_SEED", 1),
            servers: usize::try_from(number("CPOR_CRASH_SERVERS", 3)).unwrap().max(1),
            writers: usize::try_from(number("CPOR_CRASH_WRITERS", 4)).unwrap().max(1),
        }
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => otherwise,
    }
}
