//! The checker on a small world that is sound, and on that world falsified in each way.

use std::collections::HashSet;

use uuid::Uuid;

use super::faults::{FAULTS, Falsified};
use super::{Evidence, check};
use crate::journal::{Filter, Journals, Kind, Op, Seen, Told, Watch};
use crate::mail::Letter;
use crate::tables::{ClaimRow, Delivery, Entry, Tables};

fn op(kind: Kind, claim: Uuid, told: Told) -> Op {
    Op { key: Uuid::new_v4(), actor: "rita".to_owned(), kind, claim: Some(claim), told, sent: 1, is_replay: false }
}

fn entry(claim: Uuid, seq: i32, kind: &str, words: &str) -> Entry {
    let body = format!(r#"{{"what":{{"old":"mark-0","words":"{words}"}}}}"#);
    Entry { claim, seq, kind: kind.to_owned(), status: "UNDER_REVIEW".to_owned(), body }
}

/// A claim that was created, taken by a reviewer and talked about; two reviewers had wanted it.
fn sound() -> Evidence {
    let claim = Uuid::new_v4();
    let created = op(Kind::Create, claim, Told::Accepted(claim));
    let started = op(Kind::StartReview, claim, Told::Accepted(claim));
    let late = Op { actor: "rob".to_owned(), ..op(Kind::StartReview, claim, Told::Refused(vec!["STATE_CONFLICT".to_owned()])) };
    let said = op(Kind::Comment, claim, Told::Accepted(claim));
    let unknown = op(Kind::Comment, claim, Told::Nothing);
    let history = vec![
        entry(claim, 1, "CREATED", &created.mark()),
        entry(claim, 2, "REVIEW_STARTED", ""),
        entry(claim, 3, "NOTICE_QUEUED", ""),
        entry(claim, 4, "COMMENTED", &said.mark()),
    ];
    let (notice, watch) = (Uuid::new_v4(), |kinds: Vec<&'static str>| Watch {
        name: "a watcher".to_owned(),
        organization: Some("northwind"),
        filter: Filter { only_status_changes: false, kinds },
        seen: Vec::new(),
        connections: 1,
    });
    let answers = [&created, &started, &said].map(|op| op.key);
    let tables = Tables {
        claims: vec![ClaimRow { id: claim, organization: "northwind".to_owned(), assignee: Some("rita".to_owned()) }],
        feed: history.iter().map(|entry| (i64::from(entry.seq), claim, entry.seq)).collect(),
        history,
        comments: HashSet::from([(claim, 4)]),
        outbox: HashSet::from([(claim, 3)]),
        deliveries: vec![Delivery { id: notice, claim, seq: 3, is_sent: true }],
        answers: HashSet::from(answers),
        ..Tables::default()
    };
    let mut watches = vec![watch(vec![]), watch(vec!["COMMENTED"])];
    for watch in &mut watches {
        watch.seen = super::slice(watch, &tables);
    }
    let ops = vec![created, started, late, said, unknown];
    let letters = vec![Letter { delivery: Some(notice), name: "1.eml".to_owned() }];
    Evidence { journals: Journals { ops, watches, races: vec![claim] }, tables, letters }
}

#[test]
fn nothing_is_wrong_with_a_sound_world() {
    let evidence = sound();
    assert_eq!(check(&evidence), Vec::<String>::new());
    assert_eq!(evidence.journals.watches.iter().map(|watch| watch.seen.len()).collect::<Vec<_>>(), [4, 1]);
}

#[test]
fn each_fault_put_in_on_purpose_is_found() {
    for (fault, falsify) in FAULTS {
        let mut evidence = sound();
        falsify(&mut evidence);
        assert_eq!(
            check(&evidence).len(),
            1 + usize::from(fault.contains("before the commit")),
            "{fault}: {:?}",
            check(&evidence)
        );
    }
}

#[test]
fn every_other_way_to_be_wrong_is_found_too() {
    let ways: [Falsified; 11] = [
        ("an accepted change is not there", |e| e.tables.history[3].body.clear()),
        ("a refused change is there", |e| e.journals.ops[3].told = Told::Refused(vec![])),
        ("an answer is not kept", |e| e.tables.answers.clear()),
        ("a change stands at another claim", |e| e.journals.ops[3].claim = Some(Uuid::nil())),
        ("a comment is there by half", |e| e.tables.comments.clear()),
        ("a gap in a history", |e| drop(e.tables.history.remove(1))),
        ("a gap in the feed", |e| e.tables.feed[2].0 = 9),
        ("an entry that waits for ever", |e| e.tables.pending = 1),
        ("an event seen twice", |e| {
            let again = e.journals.watches[0].seen[1].clone();
            e.journals.watches[0].seen.insert(2, again);
        }),
        ("events out of order", |e| e.journals.watches[0].seen.swap(1, 2)),
        ("a notice that was sent and is not there", |e| e.letters.clear()),
    ];
    for (what, falsify) in ways {
        let mut evidence = sound();
        falsify(&mut evidence);
        assert!(!check(&evidence).is_empty(), "{what}");
    }
}

#[test]
fn a_race_has_one_winner_who_has_the_claim() {
    let ways: [fn(&mut Evidence); 3] = [
        |e| e.journals.ops[2].told = Told::Accepted(e.journals.races[0]),
        |e| e.journals.ops[1].told = Told::Refused(vec![]),
        |e| e.tables.claims[0].assignee = Some("rob".to_owned()),
    ];
    for (way, falsify) in ways.iter().enumerate() {
        let mut evidence = sound();
        falsify(&mut evidence);
        assert!(check(&evidence).iter().any(|wrong| wrong.starts_with("race for")), "{way}");
    }
}

#[test]
fn a_watcher_is_held_to_what_comes_from_its_first_event_on() {
    let mut evidence = sound();
    evidence.journals.watches[0].seen.remove(0);
    assert_eq!(check(&evidence), Vec::<String>::new(), "it came later");
    evidence.journals.watches[0].seen.pop();
    assert_eq!(check(&evidence).len(), 1, "it left too early");
    evidence.journals.watches[0].seen = vec![Seen { claim: Uuid::nil(), seq: 1, kind: "CREATED".to_owned() }];
    assert_eq!(check(&evidence).len(), 1, "it saw what it may not see");
}
