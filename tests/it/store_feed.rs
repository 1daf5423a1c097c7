//! The feed numbers what happened, without gaps and in order; wake-ups arrive.

use cpor::domain::claim::Claim;
use cpor::domain::event::{Event, What};
use cpor::domain::ids::CommentId;
use cpor::domain::status::Status;
use cpor::store::codec;
use cpor::store::feed::{self, FeedEntry, Sequenced};
use cpor::store::wake::Waker;
use tokio_util::sync::CancellationToken;

use crate::support::cluster::execute;
use crate::support::store::{Store, at};
use crate::support::wakes::wakes;

async fn sequence(store: &Store) -> Sequenced {
    let mut tx = store.database.begin().await.unwrap();
    let done = feed::sequence(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn after(store: &Store, position: i64) -> Vec<FeedEntry> {
    let mut conn = store.database.read().await.unwrap();
    feed::after(&mut conn, position, 100).await.unwrap()
}

async fn comment(store: &Store, claim: &Claim, when: &str) -> Claim {
    let what = What::Commented { id: CommentId::fresh(), body: "so".into() };
    store.happen(claim, vec![Event { at: at(when), by: store.by_ana(), what, clocks: vec![] }]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_numbered_from_one_without_gaps_and_in_the_order_of_their_claims() {
    let store = Store::new().await;
    let claim = store.created().await;
    let claim = comment(&store, &claim, "2021-09-06T10:00:00Z").await;
    assert_eq!(after(&store, 0).await, []);
    assert_eq!(sequence(&store).await, Sequenced::Moved { events: 2, head: 2 });
    comment(&store, &claim, "2021-09-06T10:00:00Z").await;
    assert_eq!(sequence(&store).await, Sequenced::Moved { events: 1, head: 3 });
    assert_eq!(sequence(&store).await, Sequenced::Moved { events: 0, head: 0 });

    let entries = after(&store, 0).await;
    let places: Vec<(i64, i32)> = entries.iter().map(|entry| (entry.position, entry.seq)).collect();
    assert_eq!(places, [(1, 1), (2, 2), (3, 3)]);
    assert_eq!(entries.iter().map(|entry| entry.changes_status).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(entries[0].kind, "CREATED");
    assert_eq!(entries[0].status, Status::Editing);
    assert_eq!(entries[0].owner.organization, store.contoso);
    assert!(!entries[0].owner.is_assessed);
    assert_eq!(codec::decode(&entries[1].body).unwrap().seq, 2);
    assert_eq!(after(&store, 2).await.len(), 1);
    let mut conn = store.database.read().await.unwrap();
    assert_eq!(feed::head(&mut conn).await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_server_numbers_at_a_time() {
    let store = Store::new().await;
    store.created().await;
    let mut first = store.database.begin().await.unwrap();
    assert_eq!(feed::sequence(&mut first).await.unwrap(), Sequenced::Moved { events: 1, head: 1 });
    assert_eq!(sequence(&store).await, Sequenced::LockedByAnother);
    first.commit().await.unwrap();
    assert_eq!(sequence(&store).await, Sequenced::Moved { events: 0, head: 0 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wake_up_reaches_the_other_servers_and_survives_a_lost_connection() {
    let store = Store::new().await;
    let (one, two, stop) = (Waker::new(), Waker::new(), CancellationToken::new());
    let tasks = [&one, &two].map(|waker| tokio::spawn(waker.clone().run(store.database.clone(), stop.clone())));
    for round in 0..2 {
        wakes(&one, &two, round * 1_000_000).await;
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        execute(store.url(), kill).await.unwrap();
    }
    stop.cancel();
    for task in tasks {
        task.await.unwrap();
    }
}
