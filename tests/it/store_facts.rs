//! Facts from outside a claim: who else uses its keys, what a directory knows, who may be assigned.

use std::collections::BTreeSet;

use cpor::domain::Stakes;
use cpor::domain::actor::Role;
use cpor::domain::claim::Claim;
use cpor::domain::details::Domain;
use cpor::domain::event::{Event, What};
use cpor::domain::facts::Facts;
use cpor::domain::ids::{SubscriptionId, TenantId, UploadId};
use cpor::store::facts;
use cpor::store::import::{self, SubscriptionRecord, TenantRecord};
use uuid::Uuid;

use crate::support::cluster::execute;
use crate::support::store::{Store, at, location, other_location};

const TENANT: TenantId = TenantId(Uuid::from_u128(77));

async fn submitted(store: &Store, claim: &Claim) -> Claim {
    let what = What::Submitted { policy: "2020".into() };
    store.happen(claim, vec![Event { at: at("2021-09-06T11:00:00Z"), by: store.by_ana(), what, clocks: vec![] }]).await
}

fn stakes(claim: &Claim) -> Stakes {
    Stakes::of_any(claim)
}

async fn facts_of(store: &Store, claim: &Claim, stakes: &Stakes) -> Facts {
    let mut conn = store.database.read().await.unwrap();
    let programme = facts::programme(&store.database, &mut conn).await.unwrap();
    facts::load(&conn, claim, stakes, &programme, at("2021-09-06T12:00:00Z")).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn other_claims_on_a_key_count_from_their_submission_on() {
    let store = Store::new().await;
    let mine = store.created().await;
    let again = store.created().await;
    let theirs = store.created_by(store.fabrikam, other_location(), TENANT).await;
    let facts = facts_of(&store, &mine, &stakes(&mine)).await;
    assert!(facts.own_claims.is_empty() && facts.competing_keys.is_empty() && facts.held_keys.is_empty());
    assert_eq!(facts.locations, BTreeSet::from([location()]));
    assert_eq!(facts.catalogue.len(), 26);

    submitted(&store, &again).await;
    submitted(&store, &theirs).await;
    submitted(&store, &mine).await;
    let facts = facts_of(&store, &mine, &stakes(&mine)).await;
    let keys: BTreeSet<_> = mine.keys().into_iter().collect();
    assert_eq!(facts.own_claims.values().copied().collect::<BTreeSet<_>>(), BTreeSet::from([again.number]));
    assert_eq!(facts.own_claims.keys().cloned().collect::<BTreeSet<_>>(), keys);
    assert_eq!(facts.competing_keys, keys);
    assert!(facts.held_keys.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_not_configured_says_nothing() {
    let store = Store::new().await;
    let claim = store.created().await;
    let subscription = SubscriptionId(Uuid::from_u128(3));
    let asked = Stakes { subscriptions: BTreeSet::from([subscription]), ..stakes(&claim) };
    assert_eq!(facts_of(&store, &claim, &asked).await.directory, None);

    let mut conn = store.database.write().await.unwrap();
    let domains = BTreeSet::from([Domain::parse("tailspin.com").unwrap()]);
    let products = BTreeSet::from([claim.products[0].product.clone()]);
    let tenant = TenantRecord { id: TENANT, name: "Tailspin".into(), domains: domains.clone(), products: products.clone() };
    for _twice in 0..2 {
        import::tenant(&mut conn, &tenant).await.unwrap();
        let record =
            SubscriptionRecord { id: subscription, tenant: TENANT, is_csp: true, is_provisioned: false, is_active: true };
        import::subscription(&mut conn, &record).await.unwrap();
    }
    drop(conn);
    let directory = facts_of(&store, &claim, &asked).await.directory.unwrap();
    let known = directory.tenant.unwrap();
    assert_eq!((known.domains, known.products), (domains, products));
    assert!(directory.subscriptions[&subscription].is_csp);
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_and_assignees_are_facts_only_when_they_can_be_used() {
    let store = Store::new().await;
    let claim = store.created().await;
    let (upload, file) = store.uploaded().await;
    let named = Stakes { uploads: BTreeSet::from([upload, UploadId::fresh()]), assignee: Some(store.rita), ..stakes(&claim) };
    let facts = facts_of(&store, &claim, &named).await;
    assert_eq!(facts.uploads.into_iter().collect::<Vec<_>>(), [(upload, file)]);
    assert_eq!(facts.assignee.unwrap().role, Role::Reviewer);

    let theirs = store.created_by(store.fabrikam, other_location(), TENANT).await;
    assert!(facts_of(&store, &theirs, &named).await.uploads.is_empty());
    let mut conn = store.database.read().await.unwrap();
    let programme = facts::programme(&store.database, &mut conn).await.unwrap();
    let late = facts::load(&conn, &claim, &named, &programme, at("2021-09-08T12:00:00Z")).await.unwrap();
    assert!(late.uploads.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_of_many_claims_take_as_many_statements_as_of_one() {
    let store = Store::new().await;
    let claims = [store.created().await, store.created().await, store.created().await];
    let mut conn = store.database.read().await.unwrap();
    let asked: Vec<(&Claim, Stakes)> = claims.iter().map(|claim| (claim, stakes(claim))).collect();
    let programme = facts::programme(&store.database, &mut conn).await.unwrap();
    let mut counts = Vec::new();
    for asked in [&asked[..1], &asked[..]] {
        let before = store.database.statements();
        let known = facts::load_many(&conn, asked, &programme, at("2021-09-06T12:00:00Z")).await.unwrap();
        assert_eq!(known.len(), asked.len());
        counts.push(store.database.statements() - before);
    }
    assert_eq!(counts, [5, 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_locked_until_the_transaction_ends() {
    let store = Store::new().await;
    let claim = store.created().await;
    let keys = stakes(&claim).keys;
    let mut holder = store.database.begin().await.unwrap();
    facts::lock_keys(&mut holder, &keys).await.unwrap();
    let database = store.database.clone();
    let waiter = tokio::spawn(async move {
        let mut tx = database.begin().await.unwrap();
        facts::lock_keys(&mut tx, &keys).await.unwrap();
        tx.commit().await.unwrap();
    });
    let mut conn = store.database.read().await.unwrap();
    // The other one is seen waiting, so it cannot have got the lock.
    while !crate::support::store::someone_waits_for_a_lock(&mut conn).await {
        tokio::task::yield_now().await;
    }
    assert!(!waiter.is_finished());
    holder.commit().await.unwrap();
    waiter.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_programme_keeps_a_claim_under_the_policy_of_its_first_submission() {
    let store = Store::new().await;
    let claim = store.created().await;
    let mut conn = store.database.read().await.unwrap();
    let programme = facts::programme(&store.database, &mut conn).await.unwrap();
    assert_eq!(programme.rules_for(&claim).policy.version, "2020");
    let kept = Claim { policy: Some("2023".into()), ..claim };
    assert_eq!(programme.rules_for(&kept).policy.review_bd, 14);
    assert_eq!(programme.calendar, cpor::domain::calendar::Calendar::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_programme_is_read_again_whenever_it_changed_and_only_then() {
    let store = Store::new().await;
    let mut conn = store.database.write().await.unwrap();
    let mut read = async || {
        let before = store.database.statements();
        let programme = facts::programme(&store.database, &mut conn).await.unwrap();
        (programme, store.database.statements() - before)
    };
    assert_eq!(read().await.1, 4);
    assert_eq!(read().await.1, 1);
    // By whomever: another server, an import, an operator by hand.
    execute(store.url(), "INSERT INTO holidays VALUES ('2021-12-24', 'Christmas Eve')").await.unwrap();
    let (programme, statements) = read().await;
    assert_eq!((programme.calendar.holidays.len(), statements), (1, 4));
    execute(store.url(), "UPDATE catalogue SET valid_until = '2021-12-31' WHERE code = 'YAMMER'").await.unwrap();
    let (programme, _) = read().await;
    assert!(programme.catalogue.values().any(|entry| entry.valid_until.is_some()));
    assert_eq!(read().await.1, 1);
}
