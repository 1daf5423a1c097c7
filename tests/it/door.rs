//! The one door, against a real database: what is decided is written once, whole, and by nobody else.

use chrono::TimeDelta;
use cpor::app::{Idempotency, Options};
use cpor::domain::claim::Claim;
use cpor::domain::command::Command;
use cpor::domain::ids::{ClaimId, CommentId};
use cpor::domain::reason::{Finding, FindingKind, RejectionReason};
use cpor::domain::refusal::Code;
use cpor::domain::status::{Assessment, AssociationState, Consent, Status};
use cpor::store::{aggregate, verify};
use uuid::Uuid;

use crate::support::world::World;

/// The claim as it is stored.
pub async fn claim(world: &World, id: ClaimId) -> Claim {
    let mut conn = world.app.database().read().await.unwrap();
    aggregate::load_many(&mut conn, &[id]).await.unwrap().pop().unwrap()
}

/// Every claim there is.
pub async fn all_claims(world: &World) -> Vec<ClaimId> {
    let (client, connection) = tokio_postgres::connect(world.database.url(), tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let rows = client.query("SELECT id::text FROM claims ORDER BY number", &[]).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    rows.iter().map(|row| ClaimId(row.get::<_, String>(0).parse().unwrap())).collect()
}

/// The one claim there is.
pub async fn only_claim(world: &World) -> ClaimId {
    let all = all_claims(world).await;
    assert_eq!(all.len(), 1);
    all[0]
}

fn comment(body: &str) -> Command {
    Command::Comment { id: CommentId::fresh(), body: body.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_goes_from_a_draft_to_an_active_association_and_on_to_assessment() {
    let world = World::new().await;
    let id = world.under_review("anna", 1, &["TEAMS", "EXCHANGE_ONLINE"]).await;
    world.done("rita", id, Command::Approve { comment: None }).await;

    let approved = claim(&world, id).await;
    assert_eq!((approved.status, approved.consent), (Status::Approved, Some(Consent::Open)));
    assert_eq!(approved.associations.len(), 2);
    assert!(approved.associations.iter().all(|one| one.state == AssociationState::Active));

    world.pass(TimeDelta::days(30));
    assert!(world.app.record_expiries(id).await.unwrap());
    let assessed = claim(&world, id).await;
    assert_eq!((assessed.consent, assessed.assessment), (Some(Consent::Elapsed), Some(Assessment::Sent)));
    assert_eq!(assessed.last_event_at.to_rfc3339(), "2021-09-21T00:00:00+00:00", "dated at its deadline, however late");

    let report = verify::verify(world.app.database()).await.unwrap();
    assert_eq!((report.claims, report.faults.len()), (1, 0), "folding the history gives the row: {:?}", report.faults);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_is_refused_with_the_deadline_and_the_rejection_is_recorded_though_nobody_swept() {
    let world = World::new().await;
    let id = world.under_review("anna", 1, &["TEAMS"]).await;
    let findings = vec![Finding { kind: FindingKind::MissingAllPoe, product: None, words: None }];
    world.done("rita", id, Command::RequestAction { comment: "The file is empty.".to_owned(), findings }).await;
    world.done("anna", id, comment("We will send it.")).await;

    world.set("2021-09-21T00:00:00Z");
    assert_eq!(world.refused("anna", id, Command::Resubmit).await, [Code::DeadlinePassed]);

    let rejected = claim(&world, id).await;
    assert_eq!(rejected.status, Status::Rejected);
    assert_eq!(rejected.rejection.unwrap().reason, RejectionReason::NoPartnerResponse);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_microsecond_before_the_deadline_is_in_time() {
    let world = World::new().await;
    let id = world.under_review("anna", 1, &["TEAMS"]).await;
    let findings = vec![Finding { kind: FindingKind::MissingAllPoe, product: None, words: None }];
    world.done("rita", id, Command::RequestAction { comment: "The file is empty.".to_owned(), findings }).await;
    world.attach("anna", id).await;
    world.set("2021-09-20T23:59:59.999999Z");
    world.done("anna", id, Command::Resubmit).await;
    assert_eq!(claim(&world, id).await.status, Status::Submitted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_with_the_same_key_answers_the_same_and_does_nothing_twice() {
    let world = World::new().await;
    let id = world.submitted("anna", 1, &["TEAMS"]).await;
    let viewer = world.viewer("anna").await;
    let keyed = |fingerprint| Options {
        idempotency: Some(Idempotency { key: Uuid::from_u128(7), fingerprint: [fingerprint; 32] }),
        ..Options::default()
    };
    let first = world.app.execute(&viewer, id, comment("Hello"), keyed(1)).await.unwrap();
    let again = world.app.execute(&viewer, id, comment("Hello"), keyed(1)).await.unwrap();
    assert_eq!((first.replayed, again.replayed), (false, true));
    assert_eq!(first.created, again.created);

    let other = world.app.execute(&viewer, id, comment("Something else"), keyed(2)).await.unwrap();
    assert_eq!(other.refusal.unwrap().violations[0].code, Code::IdempotencyKeyReused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_version_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let id = world.submitted("anna", 1, &["TEAMS"]).await;
    let before = claim(&world, id).await;
    let stale = Options { expected_version: Some(before.version - 1), ..Options::default() };
    let outcome = world.app.execute(&world.viewer("rita").await, id, Command::StartReview, stale).await.unwrap();
    assert_eq!(outcome.refusal.unwrap().violations[0].code, Code::VersionConflict);
    assert_eq!(claim(&world, id).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_viewer_may_not_see_is_answered_like_what_does_not_exist() {
    let world = World::new().await;
    let id = world.submitted("anna", 1, &["TEAMS"]).await;
    for stranger in ["clara", "ben", "nora", "elig", "otto"] {
        assert_eq!(world.refused(stranger, id, comment("Hello?")).await, [Code::NotFound], "{stranger}");
        assert_eq!(world.refused(stranger, ClaimId::fresh(), comment("Hello?")).await, [Code::NotFound], "{stranger}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_reviews_started_at_once_one_wins() {
    let world = World::new().await;
    let id = world.submitted("anna", 1, &["TEAMS"]).await;
    let (rita, ravi) = (world.viewer("rita").await, world.viewer("ravi").await);
    let tries = (0..50).map(|n| {
        let viewer = if n % 2 == 0 { &rita } else { &ravi };
        world.app.execute(viewer, id, Command::StartReview, Options::default())
    });
    let outcomes = futures_util::future::join_all(tries).await;
    let winners = outcomes.iter().filter(|outcome| outcome.as_ref().unwrap().refusal.is_none()).count();
    assert_eq!(winners, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_organization_cannot_claim_a_key_twice_even_at_the_same_moment() {
    let world = World::new().await;
    let (one, other) = (world.draft("anna", 1, &["TEAMS"]).await, world.draft("anna", 1, &["TEAMS", "YAMMER"]).await);
    let anna = world.viewer("anna").await;
    let submit = |id| world.app.execute(&anna, id, Command::Submit { attestation: true }, Options::default());
    let (first, second) = tokio::join!(submit(one), submit(other));
    let codes: Vec<Code> = [first, second]
        .into_iter()
        .filter_map(|outcome| outcome.unwrap().refusal)
        .flat_map(|refusal| refusal.violations.into_iter().map(|violation| violation.code))
        .collect();
    assert_eq!(codes, [Code::AlreadyClaimedByYou]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_partners_claim_on_a_held_key_is_warned_of_and_cannot_be_approved() {
    let world = World::new().await;
    let held = world.under_review("anna", 1, &["TEAMS"]).await;
    world.done("rita", held, Command::Approve { comment: None }).await;

    let rival = world.draft("clara", 1, &["TEAMS"]).await;
    let dry = Options { dry_run: true, ..Options::default() };
    let clara = world.viewer("clara").await;
    let tried = world.app.execute(&clara, rival, Command::Submit { attestation: true }, dry).await.unwrap();
    assert_eq!((tried.refusal, tried.warnings), (None, vec![]), "a dry run tells nothing of others");
    assert_eq!(claim(&world, rival).await.status, Status::Editing, "a dry run does nothing");

    let outcome = world.done("clara", rival, Command::Submit { attestation: true }).await;
    assert!(outcome.warnings.iter().any(|warning| warning.code == Code::CompetingClaim));
    world.done("ravi", rival, Command::StartReview).await;
    assert_eq!(world.refused("ravi", rival, Command::Approve { comment: None }).await, [Code::KeyHeld]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_used_once() {
    let world = World::new().await;
    let id = world.draft("anna", 1, &["TEAMS"]).await;
    let document = world.uploaded("anna").await;
    world.done("anna", id, Command::AttachDocument(Box::new(document.clone()))).await;
    let again = Command::AttachDocument(Box::new(document));
    assert_eq!(world.refused("anna", id, again).await, [Code::UploadNotFound]);
}
