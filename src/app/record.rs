//! What happened to a claim in one transaction, folded and then written all at once.

use chrono::{DateTime, Utc};

use super::outcome::Written;
use crate::domain::claim::Claim;
use crate::domain::event::{Event, What};
use crate::domain::expiries;
use crate::domain::facts::Rules;
use crate::domain::product::Catalogue;
use crate::store::change::{self, Entry};
use crate::store::errors::StoreError;
use crate::store::links;
use crate::store::transaction::Writes;

/// Collects the events of a transaction.
pub(super) struct Recorder {
    /// The claim as it was locked, and the hash of the last entry of its history; `None` for one that comes to be.
    before: Option<(Claim, [u8; 32])>,
    claim: Claim,
    entries: Vec<Entry>,
}

impl Recorder {
    /// Of a claim as it was locked, and the hash of the last entry of its history.
    pub fn of(claim: Claim, last_hash: [u8; 32]) -> Self {
        Self { before: Some((claim.clone(), last_hash)), claim, entries: Vec::new() }
    }

    /// Of a claim that its first event makes.
    pub fn of_creation(event: Event) -> Option<Self> {
        let claim = Claim::from_created(&event)?;
        let entry = Entry { event, version: claim.version, status: claim.status };
        Some(Self { before: None, claim, entries: vec![entry] })
    }

    /// The claim as it is by now.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Records the expiries that are due.
    pub fn expire(&mut self, now: DateTime<Utc>, rules: &Rules<'_>) {
        let due = expiries(&self.claim, now, rules);
        self.take(due);
    }

    /// Records events.
    pub fn take(&mut self, events: Vec<Event>) {
        for event in events {
            self.claim.apply(&event);
            self.entries.push(Entry { event, version: self.claim.version, status: self.claim.status });
        }
    }

    /// What the events wrote that has an identity of its own: the last such thing.
    pub fn written(&self) -> Option<Written> {
        let numbered = (1..=self.claim.sequence).rev().zip(self.entries.iter().rev());
        numbered.into_iter().find_map(|(seq, entry)| Written::of(&self.claim, seq, &entry.event))
    }

    /// Writes everything: the row and what hangs on it, history, feed, outbox. Answers whether the history grew.
    pub fn write(self, writes: &mut Writes, catalogue: &Catalogue) -> Result<bool, StoreError> {
        let Self { before, claim, entries } = self;
        if entries.is_empty() {
            return Ok(false);
        }
        match &before {
            Some((before, last_hash)) => change::update(writes, before, &claim, &entries, *last_hash, catalogue)?,
            None => change::create(writes, &claim, &entries, catalogue)?,
        }
        if let Some(at) = entries.iter().rev().find(|entry| moves_contact(&entry.event)).map(|entry| entry.event.at) {
            links::void_moved(writes, &claim, at);
        }
        Ok(true)
    }
}

/// Whether the event may have changed a customer contact's address: links to the old one are void then.
fn moves_contact(event: &Event) -> bool {
    let What::Edited { changes } = &event.what else { return false };
    use crate::domain::details::Field::{CustomerContact, TechnicalContact};
    changes.iter().any(|change| matches!(change.field(), CustomerContact | TechnicalContact))
}
