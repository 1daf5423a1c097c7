//! Proof of execution: what is attached, what it replaces, how much fits.

use cpor::domain::actions;
use cpor::domain::command::{Command, CommandKind};
use cpor::domain::ids::{DocumentId, UploadId};
use cpor::domain::poe::{MAX_CURRENT_DOCUMENTS, MAX_DOCUMENTS, NewDocument};
use cpor::domain::refusal::{Code, Detail};
use uuid::Uuid;

use super::cast::anna;
use super::moves::{attach, document};
use super::situations::{draft, rejected};
use super::story::Story;
use super::world::day;

fn superseding(n: u128, old: u128) -> Command {
    Command::AttachDocument(Box::new(NewDocument { supersedes: Some(document(old).id), ..document(n) }))
}

fn with_documents(count: usize) -> Story {
    (2..=count as u128).fold(draft(), |story, n| story.then(&anna(), attach(n)))
}

#[test]
fn a_newer_document_takes_the_place_of_an_older_one_which_stays() {
    let story = draft().then(&anna(), superseding(2, 1));
    let current: Vec<_> = story.claim.current_documents().map(|document| document.id).collect();
    assert_eq!(current, [document(2).id]);
    assert_eq!(story.claim.document(document(1).id).unwrap().superseded_by, Some(document(2).id));
}

#[test]
fn only_a_current_document_of_the_claim_can_be_superseded() {
    assert_eq!(draft().refuses(&anna(), &superseding(2, 9)), [Code::UnknownReference]);
    let story = draft().then(&anna(), superseding(2, 1));
    assert_eq!(story.refuses(&anna(), &superseding(3, 1)), [Code::UnknownReference]);
}

#[test]
fn twenty_current_documents_fit_and_one_more_must_take_the_place_of_another() {
    let full = with_documents(MAX_CURRENT_DOCUMENTS);
    let refusal = full.clone().tries(&anna(), &attach(21)).unwrap_err();
    assert_eq!(refusal.violations[0].detail, Detail::Limit(MAX_CURRENT_DOCUMENTS));
    let story = full.then(&anna(), superseding(21, 20));
    assert_eq!(story.claim.current_documents().count(), MAX_CURRENT_DOCUMENTS);
}

#[test]
fn sixty_documents_fit_with_the_superseded_ones() {
    let full = (2..=MAX_DOCUMENTS as u128).fold(draft(), |story, n| story.then(&anna(), superseding(n, n - 1)));
    assert_eq!(full.claim.documents.len(), MAX_DOCUMENTS);
    let refusal = full.clone().tries(&anna(), &superseding(61, 60)).unwrap_err();
    assert_eq!(refusal.violations[0].code, Code::PoeLimitReached);
    assert_eq!(refusal.violations[0].detail, Detail::Limit(MAX_DOCUMENTS));
}

#[test]
fn a_full_claim_is_offered_the_replacement_until_nothing_fits_at_all() {
    let offered = |story: &Story| {
        let all = actions(&story.claim, &anna(), &story.world.facts, story.now, &story.world.rules());
        all.into_iter().find(|action| action.kind == CommandKind::AttachDocument).unwrap().refusal.is_none()
    };
    let full = with_documents(MAX_CURRENT_DOCUMENTS);
    assert!(offered(&full));
    let replaced = (21..=MAX_DOCUMENTS as u128).fold(full, |story, n| story.then(&anna(), superseding(n, n - 1)));
    assert!(!offered(&replaced));
}

#[test]
fn nobody_signs_tomorrow() {
    let signed = |on| Command::AttachDocument(Box::new(NewDocument { signed_on: Some(day(on)), ..document(2) }));
    assert_eq!(draft().refuses(&anna(), &signed("2021-09-14")), [Code::InvalidFormat]);
    let _ = draft().then(&anna(), signed("2021-09-13"));
}

#[test]
fn a_dispute_brings_as_many_documents_as_still_fit_each_with_bytes_of_its_own() {
    let mut story = rejected();
    let file = story.world.facts.uploads[&super::world::UPLOAD].clone();
    let documents: Vec<_> = (0..MAX_CURRENT_DOCUMENTS as u128)
        .map(|n| NewDocument {
            id: DocumentId(Uuid::from_u128(0xE000 + n)),
            upload: UploadId(Uuid::from_u128(0xE100 + n)),
            ..document(0)
        })
        .collect();
    story.world.facts.uploads.extend(documents.iter().map(|document| (document.upload, file.clone())));
    let dispute = |documents: &[NewDocument]| Command::Dispute { justification: None, documents: documents.to_vec() };
    assert_eq!(story.refuses(&anna(), &dispute(&documents)), [Code::PoeLimitReached]);
    let twice = [documents[0].clone(), NewDocument { id: documents[1].id, ..documents[0].clone() }];
    assert_eq!(story.refuses(&anna(), &dispute(&twice)), [Code::UploadNotFound]);
    let story = story.then(&anna(), dispute(&documents[1..]));
    assert_eq!(story.claim.current_documents().count(), MAX_CURRENT_DOCUMENTS);
}
