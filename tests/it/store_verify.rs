//! A history that somebody changed behind the server's back is found, at its first faulty entry.

use cpor::domain::Note;
use cpor::domain::actor::Role;
use cpor::domain::claim::Claim;
use cpor::domain::event::{Event, What};
use cpor::domain::ids::{CommentId, NoteId};
use cpor::store::heads::List;
use cpor::store::notes;
use cpor::store::verify::{Flaw, verify};

use crate::support::cluster::execute;
use crate::support::store::{Store, at};

async fn commented(store: &Store) -> Claim {
    let claim = store.created().await;
    let say = |body: &str| {
        let what = What::Commented { id: CommentId::fresh(), body: body.into() };
        Event { at: at("2021-09-06T10:00:00Z"), by: store.by_ana(), what, clocks: vec![] }
    };
    store.happen(&claim, vec![say("one"), say("two")]).await
}

/// The owner of the tables can switch triggers off; nobody else can change history at all.
async fn tamper(store: &Store, statement: &str) {
    execute(store.url(), &format!("SET session_replication_role = replica; {statement}")).await.unwrap();
}

async fn first_fault(store: &Store) -> Option<(i32, Flaw)> {
    let report = verify(&store.database).await.unwrap();
    assert_eq!((report.claims, report.faults.len() <= 1), (1, true));
    report.faults.first().map(|fault| (fault.seq, fault.flaw))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_tamper_with_history_is_found() {
    let ways = [
        ("UPDATE history SET body = replace(body, 'two', 'TWO') WHERE seq = 3", (3, Flaw::WrongHash)),
        ("UPDATE history SET prev_hash = sha256('x') WHERE seq = 2", (2, Flaw::Unlinked)),
        ("DELETE FROM history WHERE seq = 2", (2, Flaw::Missing)),
        ("DELETE FROM history WHERE seq = 3", (3, Flaw::Missing)),
        ("UPDATE history SET at = at + interval '1 us' WHERE seq = 2", (2, Flaw::ColumnsDiffer)),
        ("UPDATE history SET status = 'APPROVED' WHERE seq = 2", (2, Flaw::ColumnsDiffer)),
        ("UPDATE claims SET customer_name = 'Someone else'", (3, Flaw::RowDiffers)),
        ("DELETE FROM claim_products WHERE position = 1", (3, Flaw::RowDiffers)),
    ];
    for (statement, fault) in ways {
        let store = Store::new().await;
        commented(&store).await;
        assert_eq!(first_fault(&store).await, None);
        tamper(&store, statement).await;
        assert_eq!(first_fault(&store).await, Some(fault), "{statement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_itself_cannot_change_history() {
    let store = Store::new().await;
    commented(&store).await;
    for statement in
        ["UPDATE history SET body = ''", "DELETE FROM history", "TRUNCATE history CASCADE", "UPDATE comments SET body = ''"]
    {
        for role in ["SET ROLE cpor_server", "RESET ROLE"] {
            let refused = execute(store.url(), &format!("{role}; {statement}")).await;
            assert!(refused.is_err(), "{role}: {statement}");
        }
    }
    store.is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_a_chain_of_their_own() {
    let store = Store::new().await;
    let claim = commented(&store).await;
    let mut tx = store.database.begin().await.unwrap();
    for body in ["hm", "well"] {
        let note = Note { id: NoteId::fresh(), body: body.into() };
        notes::insert(&mut tx, claim.id, &note, store.rita, Role::Reviewer, at("2021-09-06T11:00:00Z")).await.unwrap();
    }
    tx.commit().await.unwrap();
    store.is_whole().await;
    tamper(&store, "UPDATE notes SET body = 'fine' WHERE seq = 2").await;
    let report = verify(&store.database).await.unwrap();
    let faults: Vec<_> = report.faults.iter().map(|fault| (fault.list, fault.seq, fault.flaw)).collect();
    assert_eq!(faults, [(List::Notes, 2, Flaw::WrongHash)]);
}
