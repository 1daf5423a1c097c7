//! Faults put in on purpose: evidence as a server that errs would leave it. A checker that does not see them is worth nothing, so every
//! run ends with them.

use uuid::Uuid;

use super::Evidence;
use crate::journal::{Kind, Op, Told};
use crate::mail::Letter;

/// A fault, and how it falsifies sound evidence.
pub type Falsified = (&'static str, fn(&mut Evidence));

/// The faults that a clean run is doctored with at its end.
pub const FAULTS: [Falsified; 4] = [
    ("a stream that skips an event after it was resumed", skipped_event),
    ("an answer that was sent before the commit that failed", early_answer),
    ("a retry that was done again", repeated_change),
    ("a letter for what was rolled back", stray_letter),
];

fn skipped_event(evidence: &mut Evidence) {
    let watches = &mut evidence.journals.watches;
    let longest = watches.iter_mut().max_by_key(|watch| watch.seen.len()).unwrap();
    longest.seen.remove(longest.seen.len() / 2);
}

fn early_answer(evidence: &mut Evidence) {
    let claim = evidence.tables.claims[0].id;
    evidence.journals.ops.push(Op {
        key: Uuid::new_v4(),
        actor: "anna".to_owned(),
        kind: Kind::Comment,
        claim: Some(claim),
        told: Told::Accepted(claim),
        sent: 2,
        is_replay: false,
    });
}

/// The entry of an accepted change stands a second time at the end of its claim's history, in the feed and before every watcher: only
/// the change itself tells that it is one too many.
fn repeated_change(evidence: &mut Evidence) {
    let Evidence { journals, tables, .. } = evidence;
    let mut again = tables.history.iter().rfind(|entry| entry.kind == "CREATED").unwrap().clone();
    let place = tables.history.iter().rposition(|entry| entry.claim == again.claim).unwrap();
    again.seq = tables.history[place].seq + 1;
    again.status.clone_from(&tables.history[place].status);
    tables.feed.push((tables.feed.len() as i64 + 1, again.claim, again.seq));
    tables.history.insert(place + 1, again);
    for watch in &mut journals.watches {
        watch.seen = super::slice(watch, tables);
    }
}

fn stray_letter(evidence: &mut Evidence) {
    evidence.letters.push(Letter { delivery: Some(Uuid::new_v4()), name: "stray.eml".to_owned() });
}
