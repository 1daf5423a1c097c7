//! Every accepted change is there exactly once, a refused one not at all, and one of which nothing is known wholly or not at all.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use crate::journal::{Kind, Op, Told};
use crate::tables::Tables;

const MARK: &str = "mark-";

/// Changes against the tables.
pub fn changes(ops: &[Op], tables: &Tables) -> Vec<String> {
    let marks = marks(tables);
    let marked = ops.iter().filter(|op| op.kind.is_marked());
    let mut wrong: Vec<String> = marked.filter_map(|op| marked_change(op, &marks, tables)).collect();
    wrong.extend(ops.iter().filter_map(|op| answer(op, tables)));
    wrong.extend(unmarked_changes(ops, tables));
    wrong.extend(strangers(ops, &marks));
    wrong
}

/// Where each mark stands: the claim and the kind of entry.
type Marks = HashMap<String, Vec<(Uuid, Option<String>)>>;

fn marks(tables: &Tables) -> Marks {
    let mut marks = Marks::new();
    for entry in &tables.history {
        let body: Value = serde_json::from_str(&entry.body).unwrap_or_default();
        each_mark(&body, &mut |mark| {
            marks.entry(mark.to_owned()).or_default().push((entry.claim, Some(entry.kind.clone())));
        });
    }
    for (claim, words) in &tables.notes {
        marks.entry(words.clone()).or_default().push((*claim, None));
    }
    marks
}

/// The marks in a body; not those of values that were overwritten.
fn each_mark(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => {
            if let Some(at) = text.find(MARK) {
                found(&text[at..]);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each_mark(item, found)),
        Value::Object(fields) => {
            fields.iter().filter(|(name, _)| *name != "old").for_each(|(_, value)| each_mark(value, found));
        }
        _ => {}
    }
}

fn marked_change(op: &Op, marks: &Marks, tables: &Tables) -> Option<String> {
    let places = marks.get(&op.mark()).map_or(&[][..], Vec::as_slice);
    let times = places.len();
    let what = || format!("{:?} {} of {} by {}", op.kind, op.key, op.claim.unwrap_or_default(), op.actor);
    let kind = op.kind.entry().map(str::to_owned);
    if places.iter().any(|(claim, found)| *found != kind || op.claim.is_some_and(|wanted| wanted != *claim)) {
        return Some(format!("{} stands where it does not belong: {places:?}", what()));
    }
    match (&op.told, times) {
        (Told::Accepted(_), 1) | (Told::Refused(_), 0) | (Told::Nothing, 0 | 1) => {}
        (told, times) => return Some(format!("{} was told {told:?} and is there {times} times", what())),
    }
    let is_document = op.kind == Kind::Attach;
    let documents = tables.documents.iter().filter(|(_, words)| is_document && *words == op.mark()).count();
    (is_document && documents != times).then(|| format!("{}: {times} entries, {documents} documents", what()))
}

/// The answer to an accepted change is kept.
fn answer(op: &Op, tables: &Tables) -> Option<String> {
    let is_lost = matches!(op.told, Told::Accepted(_)) && !tables.answers.contains(&op.key);
    is_lost.then(|| format!("{:?} {} was accepted and its answer is not kept", op.kind, op.key))
}

/// Changes without words are counted: as many entries as were accepted, and those at most of which nothing is known.
fn unmarked_changes(ops: &[Op], tables: &Tables) -> Vec<String> {
    let mut known: HashMap<(Uuid, &str), (usize, usize)> = HashMap::new();
    for op in ops.iter().filter(|op| !op.kind.is_marked()) {
        let (Some(claim), Some(entry)) = (op.claim, op.kind.entry()) else { continue };
        let (accepted, unknown) = known.entry((claim, entry)).or_default();
        *accepted += usize::from(matches!(op.told, Told::Accepted(_)));
        *unknown += usize::from(op.told == Told::Nothing);
    }
    let mut there: HashMap<(Uuid, &str), usize> = HashMap::new();
    for entry in &tables.history {
        *there.entry((entry.claim, entry.kind.as_str())).or_default() += 1;
    }
    let mut wrong = Vec::new();
    for ((claim, entry), (accepted, unknown)) in &known {
        let found = there.get(&(*claim, *entry)).copied().unwrap_or(0);
        if found < *accepted || found > accepted + unknown {
            wrong.push(format!("{claim}: {found} entries {entry}, {accepted} accepted, of {unknown} nothing is known"));
        }
    }
    wrong
}

/// Nothing is there that nobody asked for.
fn strangers(ops: &[Op], marks: &Marks) -> Vec<String> {
    let asked: std::collections::HashSet<String> = ops.iter().map(Op::mark).collect();
    marks.keys().filter(|mark| !asked.contains(*mark)).map(|mark| format!("{mark} is there, and nobody asked for it")).collect()
}

/// Each race has one winner: who was told so, has the one entry and the assignment.
pub fn races(races: &[Uuid], ops: &[Op], tables: &Tables) -> Vec<String> {
    races.iter().filter_map(|claim| race(*claim, ops, tables)).collect()
}

fn race(claim: Uuid, ops: &[Op], tables: &Tables) -> Option<String> {
    let runners = || ops.iter().filter(move |op| op.kind == Kind::StartReview && op.claim == Some(claim));
    let winners: Vec<&str> = runners().filter(|op| matches!(op.told, Told::Accepted(_))).map(|op| op.actor.as_str()).collect();
    let unknown = runners().any(|op| op.told == Told::Nothing);
    let started = tables.history.iter().filter(|entry| entry.claim == claim && entry.kind == "REVIEW_STARTED").count();
    let row = tables.claims.iter().find(|row| row.id == claim);
    let assignee = row.and_then(|row| row.assignee.as_deref());
    match (winners.as_slice(), started, assignee) {
        ([winner], 1, Some(assignee)) if *winner == assignee => None,
        ([], 0 | 1, _) if unknown => None,
        _ => Some(format!("race for {claim}: won by {winners:?}, {started} reviews started, assigned to {assignee:?}")),
    }
}
