//! What is written in one transaction is there together: an entry and its comment, its notice, its document.

use std::collections::HashSet;

use uuid::Uuid;

use crate::tables::Tables;

/// Histories without gaps, and everything that hangs on their entries.
pub fn check(tables: &Tables) -> Vec<String> {
    let mut wrong = gaps(tables);
    wrong.extend(same("comments", &entries(tables, "COMMENTED"), &tables.comments));
    wrong.extend(same("notices", &entries(tables, "NOTICE_QUEUED"), &tables.outbox));
    let (documents, attached) = (tables.documents.len(), entries(tables, "DOCUMENT_ATTACHED").len());
    if documents != attached {
        wrong.push(format!("{attached} documents were attached and {documents} are there"));
    }
    wrong
}

fn entries(tables: &Tables, kind: &str) -> HashSet<(Uuid, i32)> {
    tables.history.iter().filter(|entry| entry.kind == kind).map(|entry| (entry.claim, entry.seq)).collect()
}

fn same(what: &str, entries: &HashSet<(Uuid, i32)>, rows: &HashSet<(Uuid, i32)>) -> Vec<String> {
    entries.symmetric_difference(rows).map(|(claim, seq)| format!("{what}: {claim} {seq} is there by half")).collect()
}

/// Entries are ordered by claim and number.
fn gaps(tables: &Tables) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut last = (Uuid::nil(), 0);
    for entry in &tables.history {
        let expected = if entry.claim == last.0 { last.1 + 1 } else { 1 };
        if entry.seq != expected {
            wrong.push(format!("{}: entry {expected} is missing, there is {}", entry.claim, entry.seq));
        }
        last = (entry.claim, entry.seq);
    }
    wrong
}
