//! What a run prints.

use std::collections::BTreeMap;

use crate::checker::Evidence;
use crate::journal::{Kind, Told};
use crate::nemesis::{Deed, Nemesis};
use crate::settings::Settings;

/// Seed and counts.
pub fn print(settings: &Settings, evidence: &Evidence, nemesis: &Nemesis, troubles: &BTreeMap<String, u32>) {
    let Settings { length, seed, servers, writers } = settings;
    println!("crash suite: seed {seed}, {} s, {servers} servers, {writers} writers", length.as_secs());
    changes(evidence);
    println!("  tried again because of: {}", list(troubles));
    let deeds: BTreeMap<String, u32> = nemesis.deeds.iter().map(|(deed, times)| (words(*deed).to_owned(), *times)).collect();
    let lost: usize = nemesis.servers.iter().map(|server| server.database_wire.answers_lost()).sum();
    println!("  nemesis: {}; {lost} answers to commits lost, clock {} h ahead", list(&deeds), nemesis.hours_ahead);
    println!("  503 without a database: after {:?} at most", nemesis.probe.slowest());
    let tables = &evidence.tables;
    println!(
        "  tables: {} claims, {} entries of history, {} notes, {} notices to {} letters; races: {}",
        tables.claims.len(),
        tables.history.len(),
        tables.notes.len(),
        tables.deliveries.len(),
        evidence.letters.len(),
        evidence.journals.races.len()
    );
    for watch in &evidence.journals.watches {
        println!("  {}: {} events over {} connections", watch.name, watch.seen.len(), watch.connections);
    }
}

fn changes(evidence: &Evidence) {
    let ops = &evidence.journals.ops;
    let count = |told: fn(&Told) -> bool| ops.iter().filter(|op| told(&op.told)).count();
    let sent: u32 = ops.iter().map(|op| op.sent).sum();
    println!(
        "  mutations: {} asked for, sent {sent} times; {} accepted ({} of them by a stored answer), {} refused, {} never answered",
        ops.len(),
        count(|told| matches!(told, Told::Accepted(_))),
        ops.iter().filter(|op| op.is_replay).count(),
        count(|told| matches!(told, Told::Refused(_))),
        count(|told| *told == Told::Nothing)
    );
    let mut refusals: BTreeMap<String, u32> = BTreeMap::new();
    for op in ops {
        if let Told::Refused(codes) = &op.told {
            let race = op.kind == Kind::StartReview && op.actor.starts_with("racer");
            let what = if race { "races lost".to_owned() } else { format!("{:?} {}", op.kind, codes.join("+")) };
            *refusals.entry(what).or_default() += 1;
        }
    }
    println!("  refused: {}", list(&refusals));
}

fn list(counts: &BTreeMap<String, u32>) -> String {
    if counts.is_empty() {
        return "nothing".to_owned();
    }
    counts.iter().map(|(what, times)| format!("{what} {times}")).collect::<Vec<_>>().join(", ")
}

fn words(deed: Deed) -> &'static str {
    match deed {
        Deed::KillServer => "servers killed",
        Deed::FreezeServer => "servers frozen",
        Deed::CrashDatabase => "databases crashed",
        Deed::CutClients => "clients cut",
        Deed::StallClients => "clients stalled",
        Deed::CutDatabase => "database wires cut",
        Deed::StallDatabase => "database wires stalled",
        Deed::LoseAnswersToCommits => "spells of lost commit answers",
        Deed::FillDisk => "disks filled",
        Deed::MoveClock => "clock jumps",
    }
}
