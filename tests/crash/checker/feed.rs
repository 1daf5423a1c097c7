//! The feed has each entry once, in order and without gaps, and each watcher saw exactly its slice of it.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::journal::{Seen, Watch};
use crate::tables::{Entry, Tables};

/// Positions from 1 without gaps; each entry of history once; those of a claim in their order.
pub fn numbers(tables: &Tables) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut reached: HashMap<Uuid, i32> = HashMap::new();
    for (expected, (position, claim, seq)) in (1..).zip(&tables.feed) {
        if *position != expected {
            wrong.push(format!("the feed has position {position} where {expected} should be"));
        }
        let before = reached.insert(*claim, *seq).unwrap_or(0);
        if *seq != before + 1 {
            wrong.push(format!("the feed has entry {seq} of {claim} after {before}"));
        }
    }
    let (fed, there) = (tables.feed.len(), tables.history.len());
    if tables.pending != 0 || fed != there {
        wrong.push(format!("{there} entries, {fed} in the feed, {} wait for it", tables.pending));
    }
    wrong
}

/// What a watcher should have seen, from its first event on.
pub fn slice(watch: &Watch, tables: &Tables) -> Vec<Seen> {
    let visible: HashSet<Uuid> = tables
        .claims
        .iter()
        .filter(|claim| watch.organization.is_none_or(|organization| organization == claim.organization))
        .map(|claim| claim.id)
        .collect();
    let entries: HashMap<(Uuid, i32), &Entry> = tables.history.iter().map(|entry| ((entry.claim, entry.seq), entry)).collect();
    let status = |claim: Uuid, seq: i32| entries.get(&(claim, seq)).map(|entry| entry.status.as_str());
    let wanted = tables.feed.iter().filter_map(|(_, claim, seq)| {
        let entry = entries.get(&(*claim, *seq))?;
        let filter = &watch.filter;
        let is_wanted = visible.contains(claim)
            && (filter.kinds.is_empty() || filter.kinds.contains(&entry.kind.as_str()))
            && (!filter.only_status_changes || status(*claim, *seq) != status(*claim, seq - 1));
        is_wanted.then(|| Seen { claim: *claim, seq: *seq, kind: entry.kind.clone() })
    });
    let wanted: Vec<Seen> = wanted.collect();
    let begin = watch.seen.first().and_then(|first| wanted.iter().position(|seen| seen == first));
    wanted[begin.unwrap_or(0)..].to_vec()
}

/// Each watcher's union against its slice.
pub fn watches(watches: &[Watch], tables: &Tables) -> Vec<String> {
    watches.iter().filter_map(|watch| compare(watch, &slice(watch, tables))).collect()
}

fn compare(watch: &Watch, expected: &[Seen]) -> Option<String> {
    let name = &watch.name;
    if watch.seen == expected {
        return None;
    }
    let seen: HashSet<(Uuid, i32)> = watch.seen.iter().map(|seen| (seen.claim, seen.seq)).collect();
    let lost = expected.iter().filter(|wanted| !seen.contains(&(wanted.claim, wanted.seq))).count();
    let repeated = watch.seen.len() - seen.len();
    let first = watch.seen.iter().zip(expected).position(|(seen, wanted)| seen != wanted);
    let first = first.unwrap_or(watch.seen.len().min(expected.len()));
    Some(format!(
        "{name} saw {} events of {}: {lost} lost, {repeated} repeated, the first other one is the {first}th: {:?} instead of {:?}",
        watch.seen.len(),
        expected.len(),
        watch.seen.get(first),
        expected.get(first)
    ))
}
