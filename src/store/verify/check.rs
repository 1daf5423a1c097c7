//! The check of one claim: its chain, its columns, its fold.

use super::super::codec;
use super::super::heads::List;
use super::super::words::author_columns;
use super::rows::{Batch, HistoryRow, NoteRow};
use super::{Fault, Flaw, Report};
use crate::domain::Note;
use crate::domain::actor::Role;
use crate::domain::claim::Claim;
use crate::domain::ids::{ClaimId, NoteId, PersonId};

impl Batch {
    /// Checks each claim and adds what was found to the report.
    pub fn check(&self, report: &mut Report) {
        for claim in self.ids.iter().filter_map(|id| self.claims.get(&id.0)) {
            let history = self.history.get(&claim.id.0).map_or(&[][..], Vec::as_slice);
            let notes = self.notes.get(&claim.id.0).map_or(&[][..], Vec::as_slice);
            report.claims += 1;
            report.entries += history.len() as u64;
            let fault = |list, (seq, flaw)| Fault { claim: claim.id, number: Some(claim.number), list, seq, flaw };
            report.faults.extend(check_history(claim, history).map_err(|flaw| fault(List::History, flaw)).err());
            report.faults.extend(check_notes(notes).map_err(|flaw| fault(List::Notes, flaw)).err());
        }
    }
}

fn check_history(claim: &Claim, rows: &[HistoryRow]) -> Result<(), (i32, Flaw)> {
    let mut folded: Option<Claim> = None;
    let mut previous = codec::FIRST_PREDECESSOR;
    for (seq, row) in (1..).zip(rows) {
        let flawed = |flaw| Err((seq, flaw));
        if row.seq != seq {
            return flawed(Flaw::Missing);
        }
        previous = match linked(previous, &row.prev_hash, &row.hash, &row.body) {
            Ok(hash) => hash,
            Err(flaw) => return flawed(flaw),
        };
        let Ok(entry) = codec::decode(&row.body) else { return flawed(Flaw::Unreadable) };
        if codec::encode(&entry.event, entry.claim, entry.seq) != row.body {
            return flawed(Flaw::Unreadable);
        }
        let now = match folded.take() {
            None => Claim::from_created(&entry.event),
            Some(_) if codec::kind(&entry.event.what) == "CREATED" => None,
            Some(mut claim) => {
                claim.apply(&entry.event);
                Some(claim)
            }
        };
        let Some(now) = now else { return flawed(Flaw::NoBeginning) };
        if !columns_agree(row, &entry, &now) {
            return flawed(Flaw::ColumnsDiffer);
        }
        folded = Some(now);
    }
    let last = i32::try_from(rows.len()).unwrap_or(i32::MAX);
    match folded {
        None => Err((1, Flaw::Missing)),
        Some(_) if last < claim.sequence => Err((last + 1, Flaw::Missing)),
        Some(folded) => {
            if normal(folded) == normal(claim.clone()) {
                Ok(())
            } else {
                Err((last, Flaw::RowDiffers))
            }
        }
    }
}

/// The entry's own hash, if it follows from its predecessor's and the body.
fn linked(previous: [u8; 32], prev_hash: &[u8], hash: &[u8], body: &str) -> Result<[u8; 32], Flaw> {
    let right = codec::chain(previous, body);
    if prev_hash != previous {
        Err(Flaw::Unlinked)
    } else if hash != right {
        Err(Flaw::WrongHash)
    } else {
        Ok(right)
    }
}

fn columns_agree(row: &HistoryRow, entry: &codec::Entry, after: &Claim) -> bool {
    let (by_kind, by_person, by_role) = author_columns(entry.event.by);
    entry.claim.0 == row.claim_id
        && entry.seq == row.seq
        && entry.event.at == row.at
        && codec::kind(&entry.event.what) == row.kind
        && by_kind == row.by_kind
        && by_person == row.by_person
        && by_role == row.by_role.as_deref()
        && after.version == row.version
        && after.status.code() == row.status
}

/// Associations have no order of their own.
fn normal(mut claim: Claim) -> Claim {
    claim.associations.sort_by_key(|association| (association.started_at, association.id));
    claim
}

fn check_notes(rows: &[NoteRow]) -> Result<(), (i32, Flaw)> {
    let mut previous = codec::FIRST_PREDECESSOR;
    for (seq, row) in (1..).zip(rows) {
        if row.seq != seq {
            return Err((seq, Flaw::Missing));
        }
        let role = Role::from_code(&row.by_role).ok_or((seq, Flaw::Unreadable))?;
        let note = Note { id: NoteId(row.id), body: row.body.clone() };
        let text = codec::encode_note(&note, ClaimId(row.claim_id), seq, PersonId(row.by_person), role, row.at);
        previous = linked(previous, &row.prev_hash, &row.hash, &text).map_err(|flaw| (seq, flaw))?;
    }
    Ok(())
}
