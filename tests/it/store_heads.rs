//! What was signed cannot be changed, reordered or removed by anybody who has the whole database, and not the key.

use cpor::domain::Note;
use cpor::domain::actor::Role;
use cpor::domain::claim::Claim;
use cpor::domain::event::{Event, What};
use cpor::domain::ids::{CommentId, NoteId};
use cpor::store::heads::{HeadMark, HistoryKeys, List, SealError, Sealed, Sealer, Witness};
use cpor::store::verify::{Evidence, Flaw, HeadFault, HeadFlaw, Report, verify, verify_against};
use cpor::store::{feed, notes};

use crate::support::cluster::execute;
use crate::support::scratch::ScratchFolder;
use crate::support::store::{Store, at};

/// A store whose history is signed, and what lies outside of the database.
struct Signed {
    store: Store,
    claim: Claim,
    folder: ScratchFolder,
}

impl Signed {
    /// A claim with two comments and two notes, and another one; all signed, in two heads.
    async fn new() -> Self {
        let (store, folder) = (Store::new().await, ScratchFolder::new());
        let claim = store.created().await;
        let signed = Self { store, claim, folder };
        signed.seal().await.unwrap();
        let say = |body: &str| {
            let what = What::Commented { id: CommentId::fresh(), body: body.into() };
            Event { at: at("2021-09-06T10:00:00Z"), by: signed.store.by_ana(), what, clocks: vec![] }
        };
        signed.store.happen(&signed.claim, vec![say("one"), say("two")]).await;
        signed.note("hm").await;
        signed.note("well").await;
        signed.store.created().await;
        signed.seal().await.unwrap();
        signed
    }

    async fn note(&self, body: &str) {
        let note = Note { id: NoteId::fresh(), body: body.into() };
        let (rita, when) = (self.store.rita, at("2021-09-06T11:00:00Z"));
        let mut tx = self.store.database.begin().await.unwrap();
        notes::insert(&mut tx, self.claim.id, &note, rita, Role::Reviewer, when).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Numbers the feed, then makes a head.
    async fn seal(&self) -> Result<Sealed, SealError> {
        let mut tx = self.store.database.begin().await.unwrap();
        feed::sequence(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        self.sealer("history.key").seal(&self.store.database, at("2021-09-06T12:00:00Z")).await
    }

    fn sealer(&self, key: &str) -> Sealer {
        Sealer::new(self.keys(key), Witness::in_folder(self.folder.path()))
    }

    fn keys(&self, key: &str) -> HistoryKeys {
        HistoryKeys::load_or_create(&self.folder.path().join(key)).unwrap()
    }

    fn seen(&self) -> HeadMark {
        Witness::in_folder(self.folder.path()).read().unwrap().unwrap()
    }

    async fn verify(&self) -> Report {
        let (keys, kept) = (self.keys("history.key"), [self.seen()]);
        verify_against(&self.store.database, Evidence { keys: Some(&keys), kept: &kept }).await.unwrap()
    }

    /// What the owner of the tables can do, who can switch triggers and foreign keys off.
    async fn tamper(&self, statements: &str) {
        execute(self.store.url(), &format!("SET session_replication_role = replica; {statements}")).await.unwrap();
    }
}

fn faults(report: &Report) -> Vec<(List, i32, Flaw)> {
    report.faults.iter().map(|fault| (fault.list, fault.seq, fault.flaw)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_touched_is_whole_and_signed() {
    let signed = Signed::new().await;
    let report = signed.verify().await;
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.claims, report.entries, report.heads, report.unsigned), (2, 4, 2, 0));
    assert_eq!(report.newest, Some(signed.seen()));
    assert!(matches!(signed.seal().await, Ok(Sealed::Nothing)));
    signed.note("late").await;
    assert_eq!(signed.verify().await.unsigned, 1);
}

/// Each of these leaves tables that agree with each other: without signatures nothing would be found.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_consistent_again_is_found_at_its_first_entry() {
    let text = "convert_to(body, 'UTF8')";
    let ways = [
        (
            "changed",
            format!(
                "UPDATE history SET body = replace(body, 'two', 'TWO') WHERE seq = 3;
                 UPDATE history SET hash = sha256(prev_hash || {text}) WHERE seq = 3"
            ),
            (List::History, 3, Flaw::NotAsSigned),
        ),
        (
            "reordered",
            format!(
                "UPDATE history SET body = CASE seq WHEN 2 THEN replace(body, 'one', 'two') ELSE replace(body, 'two', 'one') END
                     WHERE seq > 1;
                 UPDATE history SET hash = sha256(prev_hash || {text}) WHERE seq = 2;
                 UPDATE history h SET prev_hash = p.hash FROM history p WHERE h.seq = 3 AND p.seq = 2;
                 UPDATE history SET hash = sha256(prev_hash || {text}) WHERE seq = 3"
            ),
            (List::History, 2, Flaw::NotAsSigned),
        ),
        (
            "truncated",
            "DELETE FROM feed WHERE seq = 3; DELETE FROM comments WHERE seq = 3;
             DELETE FROM history WHERE seq = 3; UPDATE claims SET sequence = 2 WHERE sequence = 3"
                .to_owned(),
            (List::History, 3, Flaw::Missing),
        ),
        ("notes truncated", "DELETE FROM notes WHERE seq = 2".to_owned(), (List::Notes, 2, Flaw::Missing)),
        (
            "the feed reordered",
            "UPDATE feed SET position = 9 WHERE position = 3; UPDATE feed SET position = 3 WHERE position = 4;
             UPDATE feed SET position = 4 WHERE position = 9"
                .to_owned(),
            (List::History, 2, Flaw::FeedDiffers),
        ),
    ];
    for (what, statements, fault) in ways {
        let signed = Signed::new().await;
        signed.tamper(&statements).await;
        assert_eq!(faults(&signed.verify().await).first(), Some(&fault), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_of_which_nothing_is_left_is_named() {
    let signed = Signed::new().await;
    let id = signed.claim.id;
    let tables = ["feed", "comments", "notes", "history", "claim_products", "claim_clocks"];
    let mut statements: String = tables.iter().map(|table| format!("DELETE FROM {table} WHERE claim_id = '{id}';")).collect();
    statements += &format!("DELETE FROM claims WHERE id = '{id}'; UPDATE feed SET position = 1");
    signed.tamper(&statements).await;
    let report = signed.verify().await;
    let of_it = report.faults.iter().filter(|fault| fault.claim == id);
    let of_it: Vec<_> = of_it.map(|fault| (fault.number, fault.list, fault.seq, fault.flaw)).collect();
    assert_eq!(of_it, [(None, List::History, 1, Flaw::Missing), (None, List::Notes, 1, Flaw::Missing)]);
    assert_eq!(report.faults[0].claim, id, "the first one");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_no_server_wrote_is_found() {
    let signed = Signed::new().await;
    let insert = "INSERT INTO history (claim_id, seq, at, kind, by_kind, version, status, body, prev_hash, hash)
        SELECT claim_id, 4, at, kind, 'CLOCK', version, status, body, hash, sha256(hash || convert_to(body, 'UTF8'))
        FROM history WHERE seq = 3";
    signed.tamper(insert).await;
    let other = verify(&signed.store.database).await.unwrap();
    assert!(faults(&other).contains(&(List::History, 4, Flaw::ColumnsDiffer)), "a copy says that it is another's: {other:?}");
    signed.tamper("DELETE FROM history WHERE seq = 4; DELETE FROM feed WHERE position = 4").await;
    signed.tamper("DELETE FROM history_heads WHERE number = 2").await;
    assert_eq!(faults(&signed.verify().await), [(List::History, 3, Flaw::Unpublished)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_are_removed_or_changed_are_found() {
    let rehash = "UPDATE history_heads SET hash = sha256(hash) WHERE number = 2";
    let ways = [
        ("DELETE FROM history_heads", 1, HeadFlaw::Missing),
        ("DELETE FROM history_heads WHERE number = 1", 1, HeadFlaw::Missing),
        ("DELETE FROM history_heads WHERE number = 2", 2, HeadFlaw::Missing),
        ("UPDATE history_heads SET prev_hash = sha256('x') WHERE number = 2", 2, HeadFlaw::Unlinked),
        ("UPDATE history_heads SET position = position - 1 WHERE number = 2", 2, HeadFlaw::Unlinked),
        ("UPDATE history_heads SET signed_at = signed_at + interval '1 s' WHERE number = 1", 1, HeadFlaw::WrongHash),
        (rehash, 2, HeadFlaw::WrongHash),
        ("UPDATE history_heads SET signature = sha512('x') WHERE number = 2", 2, HeadFlaw::Distrusted),
    ];
    for (statement, number, flaw) in ways {
        let signed = Signed::new().await;
        signed.tamper(statement).await;
        assert_eq!(signed.verify().await.head_fault, Some(HeadFault { number, flaw }), "{statement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_made_anew_with_another_key_are_not_believed() {
    let signed = Signed::new().await;
    let kept = signed.seen();
    signed.tamper("DELETE FROM history_heads").await;
    let elsewhere = ScratchFolder::new();
    let forger = Sealer::new(signed.keys("forged.key"), Witness::in_folder(elsewhere.path()));
    forger.seal(&signed.store.database, at("2021-09-06T12:00:00Z")).await.unwrap();
    assert_eq!(signed.verify().await.head_fault, Some(HeadFault { number: 1, flaw: HeadFlaw::Distrusted }));
    let kept = [HeadMark { number: 1, ..kept }];
    let report = verify_against(&signed.store.database, Evidence { keys: None, kept: &kept }).await.unwrap();
    assert_eq!(report.head_fault, Some(HeadFault { number: 1, flaw: HeadFlaw::NotAsKept }), "even without any key");
    Witness::in_folder(signed.folder.path()).write(report.newest.unwrap_or(kept[0])).unwrap();
    assert!(matches!(signed.seal().await, Err(SealError::Distrusted(1))), "and nothing is put upon them");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_upon_a_history_that_was_rolled_back() {
    let signed = Signed::new().await;
    let seen = signed.seen();
    signed.tamper("DELETE FROM history_heads WHERE number = 2").await;
    assert!(matches!(signed.seal().await, Err(SealError::RolledBack(mark)) if mark == seen));
    assert_eq!(signed.seen(), seen, "what was seen is not forgotten");
}
