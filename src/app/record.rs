//! What happened to a claim in one transaction, folded and then written all at once.

use chrono::{DateTime, Utc};

use crate::auth::viewer::Viewer;
use crate::domain::claim::Claim;
use crate::domain::event::{Event, What};
use crate::domain::facts::Rules;
use crate::domain::{Note, expiries};
use crate::store::append::Entry;
use crate::store::errors::StoreError;
use crate::store::transaction::Transaction;
use crate::store::{append, links, note_write, save};

/// Collects the events of a transaction.
pub(super) struct Recorder {
    before: Option<Claim>,
    claim: Claim,
    entries: Vec<Entry>,
    note: Option<Note>,
}

impl Recorder {
    /// Of a claim as it was locked.
    pub fn of(claim: Claim) -> Self {
        Self { before: Some(claim.clone()), claim, entries: Vec::new(), note: None }
    }

    /// Of a claim that its first event makes.
    pub fn of_creation(event: Event) -> Option<Self> {
        let claim = Claim::from_created(&event)?;
        let entry = Entry { event, version: claim.version, status: claim.status };
        Some(Self { before: None, claim, entries: vec![entry], note: None })
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

    /// Records an internal note.
    pub fn note(&mut self, note: Option<Note>) {
        self.note = note;
    }

    /// Writes everything: the row and what hangs on it, history, feed, outbox, notes. Answers whether the history grew.
    pub async fn write(self, tx: &mut Transaction, viewer: &Viewer, now: DateTime<Utc>) -> Result<bool, StoreError> {
        if let (Some(note), Some(person)) = (&self.note, viewer.person()) {
            note_write::insert(tx, self.claim.id, note, person.id, person.role, now).await?;
        }
        self.write_events(tx).await
    }

    /// Writes the events alone; answers whether there were any.
    pub async fn write_events(self, tx: &mut Transaction) -> Result<bool, StoreError> {
        let Self { before, claim, entries, .. } = self;
        if entries.is_empty() {
            return Ok(false);
        }
        match &before {
            Some(before) => save::save(tx, before, &claim).await?,
            None => save::insert(tx, &claim).await?,
        }
        append::append(tx, &claim, &entries).await?;
        if let Some(at) = entries.iter().rev().find(|entry| moves_contact(&entry.event)).map(|entry| entry.event.at) {
            links::void_moved(tx, &claim, at).await?;
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
