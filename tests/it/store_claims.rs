//! Claims are stored and read back whole, whatever happens to them.

use std::collections::BTreeSet;

use cpor::domain::actor::Author;
use cpor::domain::calendar::Calendar;
use cpor::domain::claim::Claim;
use cpor::domain::clock::{Clock, ClockChange, ClockKind};
use cpor::domain::details::{Changed, FieldChange};
use cpor::domain::event::{Association, Event, What};
use cpor::domain::ids::{AssociationId, CommentId, ProductLineId, SubscriptionId};
use cpor::domain::notice::{Audience, NoticeKind};
use cpor::domain::policy::Policy;
use cpor::domain::product::{Activity, ProductLine};
use cpor::domain::reason::{Finding, FindingKind, RejectionReason};
use cpor::domain::status::AssociationState;
use cpor::store::aggregate;
use cpor::store::errors::StoreError;
use uuid::Uuid;

use crate::support::store::{Store, at, document, other_location};

fn clock(kind: ClockKind, from: &str) -> Clock {
    Clock::started(kind, at(from), &Policy::of_2020(), &Calendar::default())
}

fn event(when: &str, by: Author, what: What, clocks: Vec<ClockChange>) -> Event {
    Event { at: at(when), by, what, clocks }
}

fn submitted(store: &Store) -> Vec<Event> {
    let when = "2021-09-06T11:00:00.000001Z";
    let clocks =
        vec![ClockChange::Started(clock(ClockKind::PickUp, when)), ClockChange::Started(clock(ClockKind::TotalDecision, when))];
    let notice = What::NoticeQueued { notice: NoticeKind::SubmissionReceived, audience: Audience::Partner };
    vec![
        event(when, store.by_ana(), What::Submitted { policy: "2020".into() }, clocks),
        event(when, store.by_ana(), notice, vec![]),
    ]
}

fn review_started(store: &Store) -> Event {
    let when = "2021-09-07T09:00:00Z";
    let clocks = vec![ClockChange::Ended(ClockKind::PickUp), ClockChange::Started(clock(ClockKind::Review, when))];
    event(when, store.by_rita(), What::ReviewStarted { reviewer: store.rita }, clocks)
}

fn approved(store: &Store, claim: &Claim, when: &str) -> Event {
    let association = |line: &ProductLine| Association {
        id: AssociationId::derive(line.id, "USAGE", at(when).timestamp_micros()),
        line: line.id,
        product: line.product.clone(),
        subscription: line.subscription,
        activity: Activity::Usage,
        state: AssociationState::Active,
        started_at: at(when),
        ended_at: None,
        end_reason: None,
    };
    let associations = claim.products.iter().map(association).collect();
    let clocks = vec![
        ClockChange::Ended(ClockKind::Review),
        ClockChange::Ended(ClockKind::TotalDecision),
        ClockChange::Started(clock(ClockKind::Consent, when)),
    ];
    event(when, store.by_rita(), What::Approved { comment: None, associations }, clocks)
}

fn rejected(by: Author, when: &str, findings: Vec<Finding>) -> Event {
    let what = What::Rejected {
        reason: RejectionReason::InsufficientPoe,
        partner_reason: None,
        comment: Some("too little".into()),
        findings,
        is_final: false,
    };
    event(when, by, what, vec![ClockChange::Started(clock(ClockKind::DisputeFiling, when))])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_read_as_it_was_written_through_its_whole_life() {
    let store = Store::new().await;
    let claim = store.created().await;
    assert_eq!(store.stored(claim.id).await, claim);

    let first = document(&store, store.uploaded().await, 1);
    let mut second = document(&store, store.uploaded().await, 2);
    second.covers = BTreeSet::from([claim.products[0].id]);
    let attach = |document: cpor::domain::poe::Document, supersedes| {
        let what = What::DocumentAttached { document: Box::new(document), supersedes };
        event("2021-09-06T10:00:00Z", store.by_ana(), what, vec![])
    };
    let supersedes = Some(first.id);
    let claim = store.happen(&claim, vec![attach(first, None), attach(second, supersedes)]).await;
    assert_eq!(store.stored(claim.id).await, claim);

    let claim = store.happen(&claim, submitted(&store)).await;
    assert_eq!(store.stored(claim.id).await, claim);
    let claim = store.happen(&claim, vec![review_started(&store)]).await;
    assert_eq!(store.stored(claim.id).await, claim);

    let finding = |product, words: Option<&str>| Finding { kind: FindingKind::Other, product, words: words.map(Into::into) };
    let asked = "2021-09-08T09:00:00Z";
    let clocks = vec![
        ClockChange::Ended(ClockKind::Review),
        ClockChange::Paused { kind: ClockKind::TotalDecision, days_left: 8 },
        ClockChange::Started(clock(ClockKind::PartnerResponse, asked)),
    ];
    let findings = vec![finding(Some(claim.products[1].id), Some("which?")), finding(None, Some("when?"))];
    let request = What::ActionRequested { comment: "more, please".into(), findings };
    let claim = store.happen(&claim, vec![event(asked, store.by_rita(), request, clocks)]).await;
    assert_eq!(store.stored(claim.id).await, claim);

    let said = What::Commented { id: CommentId::fresh(), body: "here it is".into() };
    let claim = store.happen(&claim, vec![event("2021-09-08T10:00:00Z", store.by_ana(), said, vec![])]).await;
    assert!(claim.answered_since_request);
    assert_eq!(store.stored(claim.id).await, claim);

    let expired = "2021-09-16T00:00:00Z";
    let mut end = rejected(Author::Clock, expired, vec![finding(None, Some("silence"))]);
    end.clocks.extend([ClockChange::Ended(ClockKind::PartnerResponse), ClockChange::Ended(ClockKind::TotalDecision)]);
    let claim = store.happen(&claim, vec![end]).await;
    assert_eq!(store.stored(claim.id).await, claim);

    let dispute = What::Disputed { justification: Some("we did".into()), excluded: Some(store.rita) };
    let clocks = vec![
        ClockChange::Ended(ClockKind::DisputeFiling),
        ClockChange::Started(clock(ClockKind::DisputeDecision, "2021-09-17T09:00:00Z")),
    ];
    let claim = store.happen(&claim, vec![event("2021-09-17T09:00:00Z", store.by_ana(), dispute, clocks)]).await;
    assert_eq!(store.stored(claim.id).await, claim);
    store.is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn product_lines_are_replaced_in_place_and_may_swap_their_products() {
    let store = Store::new().await;
    let claim = store.created().await;
    let (a, b) = (claim.products[0].clone(), claim.products[1].clone());
    let replaced = vec![
        Changed { old: a.clone(), new: ProductLine { product: b.product.clone(), ..a.clone() } },
        Changed { old: b.clone(), new: ProductLine { product: a.product.clone(), ..b.clone() } },
    ];
    let what = What::ProductsChanged { added: vec![], replaced, removed: vec![] };
    let claim = store.happen(&claim, vec![event("2021-09-06T10:00:00Z", store.by_ana(), what, vec![])]).await;
    assert_eq!(claim.products.iter().map(|line| line.id).collect::<Vec<_>>(), [a.id, b.id]);
    assert_eq!(store.stored(claim.id).await, claim);

    let new = ProductLine { id: ProductLineId::fresh(), subscription: Some(SubscriptionId(Uuid::from_u128(5))), ..a.clone() };
    let what = What::ProductsChanged { added: vec![new], replaced: vec![], removed: vec![claim.products[0].clone()] };
    let claim = store.happen(&claim, vec![event("2021-09-06T10:00:01Z", store.by_ana(), what, vec![])]).await;
    assert_eq!(store.stored(claim.id).await, claim);
    store.is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_has_one_active_association_and_ending_it_makes_room() {
    let store = Store::new().await;
    let tenant = cpor::domain::ids::TenantId(Uuid::from_u128(9));
    let mine = store.created_by(store.contoso, crate::support::store::location(), tenant).await;
    let theirs = store.created_by(store.fabrikam, other_location(), tenant).await;
    let mut claims = Vec::new();
    for claim in [mine, theirs] {
        let claim = store.happen(&claim, submitted(&store)).await;
        claims.push(store.happen(&claim, vec![review_started(&store)]).await);
    }
    let held = store.happen(&claims[0], vec![approved(&store, &claims[0], "2021-09-08T09:00:00Z")]).await;
    assert_eq!(store.stored(held.id).await.associations.len(), 2);

    let refused = store.happen_to(&claims[1], vec![approved(&store, &claims[1], "2021-09-08T09:30:00Z")]).await;
    assert!(matches!(refused, Err(StoreError::KeyHeld)), "{refused:?}");

    let mut end = rejected(Author::Customer, "2021-09-09T09:00:00Z", vec![]);
    end.clocks.push(ClockChange::Ended(ClockKind::Consent));
    let ended = store.happen(&held, vec![end]).await;
    assert!(!ended.has_living_association());
    let won = store.happen(&claims[1], vec![approved(&store, &claims[1], "2021-09-09T10:00:00Z")]).await;
    assert!(store.stored(won.id).await.has_living_association());
    store.is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_changed_since_it_was_read_is_not_overwritten() {
    let store = Store::new().await;
    let claim = store.created().await;
    let name = |new: &str| {
        let change = FieldChange::Name(Changed { old: claim.details.name.clone(), new: Some(new.into()) });
        event("2021-09-06T10:00:00Z", store.by_ana(), What::Edited { changes: vec![change] }, vec![])
    };
    store.happen(&claim, vec![name("first")]).await;
    let refused = store.happen_to(&claim, vec![name("second")]).await;
    assert!(matches!(refused, Err(StoreError::Duplicate { .. })), "{refused:?}");
    assert_eq!(store.stored(claim.id).await.details.name.as_deref(), Some("first"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_becomes_one_document_only() {
    let store = Store::new().await;
    let (one, two) = (
        store.created().await,
        store.created_by(store.contoso, crate::support::store::location(), cpor::domain::ids::TenantId(Uuid::from_u128(8))).await,
    );
    let upload = store.uploaded().await;
    let attach = |document| {
        let what = What::DocumentAttached { document: Box::new(document), supersedes: None };
        event("2021-09-06T10:00:00Z", store.by_ana(), what, vec![])
    };
    store.happen(&one, vec![attach(document(&store, upload.clone(), 1))]).await;
    let refused = store.happen_to(&two, vec![attach(document(&store, upload, 2))]).await;
    assert!(matches!(refused, Err(StoreError::Duplicate { .. })), "{refused:?}");
    assert_eq!(store.stored(two.id).await, two);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_claims_are_loaded_with_as_many_statements_as_one() {
    let store = Store::new().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        let tenant = cpor::domain::ids::TenantId(Uuid::from_u128(n));
        ids.push(store.created_by(store.contoso, crate::support::store::location(), tenant).await.id);
    }
    let mut conn = store.database.read().await.unwrap();
    let mut counts = Vec::new();
    for ids in [&ids[..1], &ids[..]] {
        let before = store.database.statements();
        assert_eq!(aggregate::load_many(&mut conn, ids).await.unwrap().len(), ids.len());
        counts.push(store.database.statements() - before);
    }
    assert_eq!(counts, [6, 6]);
}
