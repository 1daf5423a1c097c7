//! Links are kept by their hash, uploads and answers for as long as they are needed.

use std::collections::BTreeSet;

use cpor::domain::claim::Claim;
use cpor::domain::details::{Changed, FieldChange};
use cpor::domain::ids::ConsentLinkId;
use cpor::store::errors::StoreError;
use cpor::store::idempotency::{self, NewAnswer};
use cpor::store::links::{self, LinkContact, NewLink};
use cpor::store::transaction::Writes;
use cpor::store::{demo_clock, due, uploads};
use uuid::Uuid;

use crate::support::store::{Store, at};

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_its_claim_until_its_contact_moves() {
    let store = Store::new().await;
    let claim = store.created().await;
    let mut conn = store.database.write().await.unwrap();
    let link = NewLink {
        id: ConsentLinkId::fresh(),
        claim: claim.id,
        contact: LinkContact::Customer,
        email: "nina@tailspin.com".into(),
        token_hash: [7; 32],
        created_at: at("2021-09-13T10:00:00Z"),
    };
    links::insert(&mut conn, &link).await.unwrap();
    let void_moved = async |claim: &Claim| {
        let mut writes = Writes::default();
        links::void_moved(&mut writes, claim, at("2021-09-13T11:00:00Z"));
        store.database.begin().await.unwrap().commit_with(writes).await.unwrap();
    };
    void_moved(&claim).await;
    let found = links::by_token_hash(&store.database, &[7; 32]).await.unwrap().unwrap();
    assert_eq!((found.id, found.claim, Some(found.tenant)), (link.id, claim.id, claim.details.tenant));
    assert_eq!(links::by_token_hash(&store.database, &[8; 32]).await.unwrap(), None);

    let mut moved = claim.clone();
    FieldChange::CustomerContact(Changed { old: None, new: None }).apply(&mut moved.details);
    void_moved(&moved).await;
    assert_eq!(links::by_token_hash(&store.database, &[7; 32]).await.unwrap(), None);
    assert!(!links::is_valid(&store.database, link.id).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_takes_bytes_once_and_unused_uploads_are_forgotten() {
    let store = Store::new().await;
    let mut conn = store.database.write().await.unwrap();
    let (upload, file) = store.uploaded().await;
    let now = at("2021-09-06T12:00:00Z");
    assert!(!uploads::complete(&mut conn, upload, &file, &BTreeSet::new(), now).await.unwrap());
    assert_eq!(uploads::count_open(&mut conn, store.ana, now).await.unwrap(), 1);
    assert_eq!(uploads::forget_expired(&mut conn, now).await.unwrap(), 0);
    assert_eq!(uploads::forget_expired(&mut conn, at("2021-09-07T08:00:00Z")).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_kept_for_its_actor_and_key() {
    let store = Store::new().await;
    let mut conn = store.database.write().await.unwrap();
    let (actor, key) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let answer = serde_json::json!({"claim": null, "n": 1});
    let keep = async |answer: serde_json::Value| {
        let (at, fingerprint) = (at("2021-09-06T12:00:00Z"), [3; 32]);
        let mut writes = Writes::default();
        idempotency::keep(&mut writes, NewAnswer { actor, key, fingerprint, claim: None, answer, at });
        store.database.begin().await.unwrap().commit_with(writes).await
    };
    keep(answer.clone()).await.unwrap();
    assert!(matches!(keep(serde_json::json!({})).await, Err(StoreError::Duplicate { .. })));
    let kept = idempotency::find(&conn, actor, key).await.unwrap().unwrap();
    assert_eq!((kept.fingerprint, kept.answer), ([3; 32], answer));
    assert_eq!(idempotency::find(&conn, key, actor).await.unwrap(), None);
    assert_eq!(idempotency::forget_before(&mut conn, at("2021-09-06T12:00:01Z")).await.unwrap(), 1);
    assert_eq!(idempotency::find(&conn, actor, key).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_clock_is_a_row_and_nothing_is_due_without_clocks() {
    let store = Store::new().await;
    store.created().await;
    let mut conn = store.database.write().await.unwrap();
    assert_eq!(demo_clock::offset_micros(&mut conn).await.unwrap(), None);
    for micros in [5, 7] {
        demo_clock::set_offset_micros(&mut conn, micros).await.unwrap();
        assert_eq!(demo_clock::offset_micros(&mut conn).await.unwrap(), Some(micros));
    }
    assert_eq!(due::due(&mut conn, at("2031-01-01T00:00:00Z"), 10).await.unwrap(), []);
}
