//! The bounds that operators can move, by name: `--limit NAME=VALUE`. A name here is the name in the refusal that the bound leads to.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::http::{HttpSettings, ServeSettings};
use crate::store::database::DatabaseSettings;

/// Every bound of the server, wherever it holds.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    /// Requests, documents, sockets, streams and budgets.
    pub http: HttpSettings,
    /// Connections.
    pub transport: ServeSettings,
    /// The pools, and the time of a statement.
    pub database: DatabaseSettings,
}

/// Why a bound cannot be set so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoundError {
    /// Not of the form `NAME=VALUE`.
    #[error("--limit {0:?} cannot be read: give NAME=VALUE, such as --limit sockets=5000")]
    Form(String),
    /// No such bound.
    #[error("there is no limit {name:?}: the limits are {names}", names = names())]
    Unknown {
        /// What was given.
        name: String,
    },
    /// Out of range, or no number.
    #[error("--limit {name} takes a whole number from {least} to {most}, not {value:?}")]
    Value {
        /// The bound.
        name: &'static str,
        /// What was given.
        value: String,
        /// Its least value.
        least: u64,
        /// Its greatest value.
        most: u64,
    },
}

/// Where a bound is kept, and as what.
enum Place<'a> {
    Size(&'a mut usize),
    Count(&'a mut u64),
    Small(&'a mut u32),
    Seconds(&'a mut Duration),
}

impl Place<'_> {
    fn get(&self) -> u64 {
        match self {
            Self::Size(place) => **place as u64,
            Self::Count(place) => **place,
            Self::Small(place) => u64::from(**place),
            Self::Seconds(place) => place.as_secs(),
        }
    }

    fn set(&mut self, value: u64) {
        // What the ranges below allow fits every form.
        match self {
            Self::Size(place) => **place = usize::try_from(value).unwrap_or(usize::MAX),
            Self::Count(place) => **place = value,
            Self::Small(place) => **place = u32::try_from(value).unwrap_or(u32::MAX),
            Self::Seconds(place) => **place = Duration::from_secs(value),
        }
    }
}

/// A bound that can be moved.
struct Bound {
    name: &'static str,
    /// What it bounds, with its unit.
    what: &'static str,
    range: RangeInclusive<u64>,
    place: fn(&mut Bounds) -> Place<'_>,
}

const DAY_SECONDS: u64 = 86_400;
const MANY: u64 = 10_000_000;
/// What the contract tells of budgets and costs is an `Int`.
const INT_MOST: u64 = 2_147_483_647;
const GIB: u64 = 1 << 30;
/// Brackets within each other that the stack of a worker holds whatever they stand for.
const NESTING_MOST: u64 = 500;

macro_rules! bounds {
    ($($name:ident: $form:ident $range:expr, $($path:ident).+, $what:literal;)*) => {
        &[$(Bound {
            name: stringify!($name),
            what: $what,
            range: $range,
            place: |bounds| Place::$form(&mut bounds.$($path).+),
        },)*]
    };
}

const BOUNDS: &[Bound] = bounds! {
    body_bytes: Size 1_024..=GIB, http.body_bytes_max, "of a request's body";
    body_seconds: Seconds 1..=DAY_SECONDS, http.body_timeout, "for a body to arrive";
    files: Size 0..=1_000, http.files_max, "beside one operation";
    url_bytes: Size 256..=65_536, http.url_bytes_max, "of a GET's query string";
    request_seconds: Seconds 1..=DAY_SECONDS, http.request_timeout, "for a query or mutation";
    statement_seconds: Seconds 1..=DAY_SECONDS, database.statement_timeout, "for one SQL statement";
    requests_per_viewer: Size 1..=MANY, http.requests_per_viewer_max, "at a time";
    streams_per_viewer: Size 1..=MANY, http.streams.per_viewer_max, "subscriptions at a time, over any road";
    sockets_per_viewer: Size 1..=MANY, http.sockets.per_viewer_max, "WebSockets at a time";
    sockets: Size 1..=MANY, http.sockets.total_max, "WebSockets of all viewers";
    operations_per_socket: Size 1..=MANY, http.sockets.operations_max, "at a time";
    message_bytes: Size 1_024..=GIB, http.sockets.message_bytes_max, "of a WebSocket message";
    budget: Count 0..=INT_MOST, http.budget.cost_max, "cost that a viewer can spend at once; 0: no budgets";
    budget_per_second: Count 1..=INT_MOST, http.budget.cost_per_second, "cost that comes back";
    cost: Count 1..=INT_MOST, http.limits.cost, "of an operation";
    document_bytes: Size 1..=GIB, http.limits.document_bytes, "of a document";
    tokens: Size 1..=MANY, http.limits.tokens, "of a document";
    name_bytes: Size 1..=65_536, http.limits.name_bytes, "of a name or number";
    nesting: Size 1..=NESTING_MOST, http.limits.nesting, "brackets within each other";
    operations: Size 1..=MANY, http.limits.operations, "in a document";
    depth: Count 1..=NESTING_MOST, http.limits.depth, "fields within fields";
    root_fields: Count 1..=MANY, http.limits.root_fields, "of an operation";
    aliases: Count 0..=MANY, http.limits.aliases, "of an operation";
    directives: Count 0..=MANY, http.limits.directives, "of an operation";
    selections: Count 1..=MANY, http.limits.selections, "of an operation";
    introspection_lists: Count 0..=NESTING_MOST, http.limits.introspection_lists, "within each other";
    variables_bytes: Size 2..=GIB, http.limits.variables_bytes, "as JSON";
    variables_depth: Size 1..=NESTING_MOST, http.limits.variables_depth, "lists and objects within each other";
    list_items: Size 1..=MANY, http.limits.list_items, "of a list in variables or a document";
    connections: Size 1..=MANY, transport.connections_max, "open at a time; more wait";
    header_seconds: Seconds 1..=DAY_SECONDS, transport.header_timeout, "for a request's head, or of silence between requests";
    header_bytes: Size 8_192..=1_048_576, transport.header_bytes_max, "of a request's head";
    http2_streams: Small 1..=100_000, transport.http2_streams_max, "in one HTTP/2 connection";
    drain_seconds: Seconds 1..=DAY_SECONDS, transport.drain_timeout, "for requests and sockets to end at the stop";
    read_connections: Size 1..=1_000, database.pools.reads, "to the database, for reads";
    write_connections: Size 1..=1_000, database.pools.writes, "to the database, for changes and workers";
};

impl Bounds {
    /// Moves the bound of a `NAME=VALUE`.
    ///
    /// # Errors
    /// A [`BoundError`] whose text says what to do.
    pub fn set(&mut self, text: &str) -> Result<(), BoundError> {
        let (name, value) = text.split_once('=').ok_or_else(|| BoundError::Form(text.to_owned()))?;
        let name = name.trim();
        let bound = BOUNDS.iter().find(|bound| bound.name == name);
        let bound = bound.ok_or_else(|| BoundError::Unknown { name: name.to_owned() })?;
        let parsed = value.trim().replace('_', "").parse().ok().filter(|value| bound.range.contains(value));
        let (least, most) = (*bound.range.start(), *bound.range.end());
        let value = parsed.ok_or_else(|| BoundError::Value { name: bound.name, value: value.to_owned(), least, most })?;
        (bound.place)(self).set(value);
        Ok(())
    }
}

fn names() -> String {
    BOUNDS.iter().map(|bound| bound.name).collect::<Vec<_>>().join(", ")
}

/// The names with what they bound and their defaults, for `cpor serve --help`.
#[must_use]
pub fn help() -> String {
    let mut defaults = Bounds::default();
    BOUNDS.iter().fold("Limits, with their defaults:".to_owned(), |text, bound| {
        let default = (bound.place)(&mut defaults).get();
        format!("{text}\n  {:<20} {:>8}  {}", bound.name, default, bound.what)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_is_its_own_and_its_default_is_within_its_range() {
        let mut bounds = Bounds::default();
        for (at, bound) in BOUNDS.iter().enumerate() {
            assert!(bound.range.contains(&(bound.place)(&mut bounds).get()), "{}", bound.name);
            let value = *bound.range.start() + 7;
            bounds.set(&format!("{}={value}", bound.name)).unwrap();
            assert_eq!((bound.place)(&mut bounds).get(), value);
            let same = BOUNDS.iter().filter(|other| other.name == bound.name).count();
            assert_eq!(same, 1, "{} stands at {at} and elsewhere", bound.name);
        }
        // Had two of them one place, the first would have the value of the second.
        for bound in BOUNDS {
            assert_eq!((bound.place)(&mut bounds).get(), *bound.range.start() + 7, "{}", bound.name);
        }
    }

    #[test]
    fn what_is_no_bound_is_told_with_what_there_is() {
        let refused = |text: &str| Bounds::default().set(text).unwrap_err().to_string();
        assert!(refused("sockts=1").contains("\"sockts\"") && refused("sockts=1").contains("sockets_per_viewer"));
        assert!(refused("sockets").contains("NAME=VALUE"));
        assert!(refused("sockets=many").contains("whole number from 1 to 10000000, not \"many\""));
        assert!(refused("nesting=5000").contains("from 1 to 500"));
        assert!(refused("sockets=-1").contains("not \"-1\""));
        let mut bounds = Bounds::default();
        bounds.set("sockets = 10_000").unwrap();
        assert_eq!(bounds.http.sockets.total_max, 10_000);
    }
}
