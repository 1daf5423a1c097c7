//! The canonical encoding of history: what the hash covers and what a fold reads.
//!
//! One entry is one JSON object: `at`, `by`, `claim`, `clocks`, `seq`, `what`, with sorted keys, no blanks, no floats, instants in
//! RFC 3339 with microseconds. The form is for ever: entries are never rewritten, so a changed form must still be read.

mod json;
mod objects;
mod values;
mod what;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use self::json::{Canon, Json, Object};
use super::errors::StoreError;
use crate::domain::Note;
use crate::domain::actor::{Author, Role};
use crate::domain::event::Event;
use crate::domain::ids::{ClaimId, PersonId};

pub use self::what::kind;

/// What the first entry of a claim names as its predecessor's hash.
pub const FIRST_PREDECESSOR: [u8; 32] = [0; 32];

/// An entry of a claim's history, as its body says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The claim.
    pub claim: ClaimId,
    /// Its number in the claim's history, from 1.
    pub seq: i32,
    /// What happened.
    pub event: Event,
}

/// The body of an entry: canonical JSON.
#[must_use]
pub fn encode(event: &Event, claim: ClaimId, seq: i32) -> String {
    let mut body = String::new();
    let json = Json::object([
        ("at", event.at.write()),
        ("by", event.by.write()),
        ("claim", claim.write()),
        ("clocks", event.clocks.write()),
        ("seq", seq.write()),
        ("what", event.what.write()),
    ]);
    json.print(&mut body);
    body
}

/// The entry that a body holds.
///
/// # Errors
/// [`StoreError::Corrupt`] if the body is not the form that [`encode`] writes.
pub fn decode(body: &str) -> Result<Entry, StoreError> {
    let value = serde_json::from_str(body).map_err(|error| StoreError::corrupt(format!("a body is no JSON: {error}")))?;
    let mut object = Object::of(value)?;
    let event =
        Event { at: object.read("at")?, by: object.read("by")?, what: object.read("what")?, clocks: object.read("clocks")? };
    let entry = Entry { claim: object.read("claim")?, seq: object.read("seq")?, event };
    object.end()?;
    Ok(entry)
}

/// What the hash of an internal note covers: canonical JSON.
#[must_use]
pub fn encode_note(note: &Note, claim: ClaimId, seq: i32, by: PersonId, role: Role, at: DateTime<Utc>) -> String {
    let mut text = String::new();
    let json = Json::object([
        ("at", at.write()),
        ("body", note.body.write()),
        ("by", Author::Person { id: by, role }.write()),
        ("claim", claim.write()),
        ("id", note.id.write()),
        ("seq", seq.write()),
    ]);
    json.print(&mut text);
    text
}

/// The hash of an entry: SHA-256 of its predecessor's hash followed by its body.
#[must_use]
pub fn chain(previous: [u8; 32], body: &str) -> [u8; 32] {
    Sha256::new().chain_update(previous).chain_update(body.as_bytes()).finalize().into()
}
