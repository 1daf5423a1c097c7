//! Who watches what, and how often it changes.

/// A load.
#[derive(Debug, PartialEq)]
pub struct Scenario {
    /// Its short name.
    pub name: &'static str,
    /// Sockets, each with one subscription to one claim.
    pub sockets: usize,
    /// Claims that are watched, each by as many.
    pub claims: usize,
    /// Changes a second, each of the next claim.
    pub changes_per_second: f64,
    /// Whether the server's connections to the database are cut in the middle.
    pub cuts: bool,
    /// Whether the most commits a second are measured, with subscriptions and without.
    pub floods: bool,
}

/// What is measured.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "S1", sockets: 1_000, claims: 1_000, changes_per_second: 50.0, cuts: false, floods: true },
    Scenario { name: "S2", sockets: 10_000, claims: 10_000, changes_per_second: 50.0, cuts: false, floods: false },
    Scenario { name: "S3", sockets: 10_000, claims: 100, changes_per_second: 50.0, cuts: false, floods: false },
    Scenario { name: "S4", sockets: 10_000, claims: 1, changes_per_second: 1.0, cuts: false, floods: false },
    Scenario { name: "cut", sockets: 1_000, claims: 1_000, changes_per_second: 50.0, cuts: true, floods: false },
];
