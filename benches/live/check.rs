//! Whether every client heard exactly what the feed told of its claim, in the feed's order.

use std::collections::{HashMap, HashSet};

use crate::plan::Heard;
use crate::writer::Ack;

/// How far what was heard differs from the feed. All zero, or something is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Events that a client should have heard and did not.
    pub lost: usize,
    /// Events that a client heard again.
    pub repeated: usize,
    /// Events that a client heard after a later one.
    pub disordered: usize,
    /// Events that are not in the feed, or of another claim, or changes that were acknowledged and are not in the feed.
    pub foreign: usize,
}

/// Compares. `told` is what the feed has for each claim; socket `s` watches claim `s` modulo `claims`.
pub fn check(heard: &[Heard], told: &[Vec<i32>], acks: &[Ack], sockets: usize, claims: usize) -> Verdict {
    let places: Vec<HashMap<i32, usize>> =
        told.iter().map(|versions| versions.iter().enumerate().map(|(place, version)| (*version, place)).collect()).collect();
    let mut seen: Vec<HashSet<usize>> = vec![HashSet::new(); sockets];
    let mut last: Vec<Option<usize>> = vec![None; sockets];
    let mut verdict = Verdict::default();
    for event in heard {
        let socket = event.socket as usize;
        let Some(&place) = places[socket % claims].get(&event.version) else {
            verdict.foreign += 1;
            continue;
        };
        if !seen[socket].insert(place) {
            verdict.repeated += 1;
        } else if last[socket].is_some_and(|last| place < last) {
            verdict.disordered += 1;
        }
        last[socket] = last[socket].max(Some(place));
    }
    verdict.lost = (0..sockets).map(|socket| told[socket % claims].len() - seen[socket].len()).sum();
    verdict.foreign += acks.iter().filter(|ack| !places[ack.claim].contains_key(&ack.version)).count();
    verdict
}

/// Events that all clients together should hear.
pub fn expected(told: &[Vec<i32>], sockets: usize, claims: usize) -> usize {
    (0..sockets).map(|socket| told[socket % claims].len()).sum()
}

/// Milliseconds from the acknowledgement of a change to its arrival at each client, the shortest first. Less than nothing where the
/// event was quicker than the answer.
pub fn delays_ms(heard: &[Heard], acks: &[Ack], claims: usize) -> Vec<f64> {
    let at: HashMap<(usize, i32), u64> = acks.iter().map(|ack| ((ack.claim, ack.version), ack.at)).collect();
    let delays = heard.iter().filter_map(|event| {
        let acknowledged = at.get(&(event.socket as usize % claims, event.version))?;
        Some((event.at as f64 - *acknowledged as f64) / 1e6)
    });
    let mut delays: Vec<f64> = delays.collect();
    delays.sort_by(f64::total_cmp);
    delays
}
