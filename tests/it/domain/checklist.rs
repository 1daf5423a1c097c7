//! The checklist of the proof of execution: what can be told before anybody reads it.

use cpor::domain::checklist::ItemState::{Missing, Satisfied, ToJudge};
use cpor::domain::checklist::{ChecklistItem, ItemState, Requirement, checklist, missed};
use cpor::domain::command::Command;
use cpor::domain::ids::DocumentId;
use cpor::domain::poe::{DocumentKind, NewDocument};
use cpor::domain::reason::{Finding, FindingKind};
use cpor::domain::refusal::Code;

use super::cast::{anna, rita};
use super::moves::{add_product, document, submit};
use super::situations::under_review;
use super::story::Story;
use super::world::day;

/// A claim of two products with these documents.
fn with(documents: &[NewDocument]) -> Story {
    let story = Story::new().then(&anna(), add_product(2, "TEAMS"));
    documents.iter().fold(story, |story, document| story.then(&anna(), Command::AttachDocument(Box::new(document.clone()))))
}

fn items(story: &Story, submitted_on: &str) -> Vec<ChecklistItem> {
    checklist(&story.claim.documents, &story.claim.products, day(submitted_on))
}

#[track_caller]
fn state(story: &Story, requirement: Requirement) -> ItemState {
    items(story, "2021-09-13").into_iter().find(|item| item.requirement == requirement).unwrap().state
}

fn signed(n: u128, on: &str) -> NewDocument {
    NewDocument { signed_on: Some(day(on)), ..document(n) }
}

fn products(story: &Story) -> Vec<ItemState> {
    let items = items(story, "2021-09-13").into_iter().filter(|item| item.requirement == Requirement::ProductNamed);
    items.map(|item| item.state).collect()
}

#[test]
fn without_documents_everything_is_missing_and_that_alone_blocks() {
    let story = with(&[]);
    let items = items(&story, "2021-09-13");
    assert_eq!(items.len(), Requirement::ALL.len() + 1, "each requirement, and one for each product");
    assert!(items.iter().all(|item| item.state == Missing));
    let blocking: Vec<_> = items.iter().filter(|item| item.blocks_submission()).map(|item| item.requirement).collect();
    assert_eq!(blocking, [Requirement::RightFile]);
    assert_eq!(story.refuses(&anna(), &submit()), [Code::PoeRequired]);
}

#[test]
fn what_is_missing_otherwise_does_not_block_a_submission() {
    let bare = NewDocument { description: None, covers: [products_of(1)].into(), ..document(1) };
    let story = with(&[bare]);
    let found = items(&story, "2021-09-13");
    assert!(found.iter().any(|item| item.state == Missing) && found.iter().all(|item| !item.blocks_submission()));
    let _ = story.then(&anna(), submit());
}

/// The identity of the `n`th product of the story.
fn products_of(n: usize) -> cpor::domain::ids::ProductLineId {
    with(&[]).claim.products[n - 1].id
}

#[test]
fn a_signature_is_missing_without_a_date_of_it_and_never_satisfied_by_one() {
    assert_eq!(state(&with(&[document(1)]), Requirement::CustomerSignature), Missing);
    assert_eq!(state(&with(&[signed(1, "2021-09-01")]), Requirement::CustomerSignature), ToJudge);
    let mail = NewDocument { kind: DocumentKind::CustomerEmail, ..document(1) };
    assert_eq!(state(&with(&[mail]), Requirement::CustomerSignature), ToJudge);
}

#[test]
fn dates_are_recent_up_to_twelve_months_before_the_first_submission() {
    let dates = |days: &[&str]| {
        let documents: Vec<_> = (1..).zip(days).map(|(n, on)| signed(n, on)).collect();
        state(&with(&documents), Requirement::RecentDates)
    };
    assert_eq!(dates(&["2020-09-13"]), Satisfied);
    assert_eq!(dates(&["2020-09-12"]), Missing);
    assert_eq!(dates(&["2020-09-12", "2021-01-01"]), ToJudge);
    assert_eq!(dates(&["2021-09-13", "2021-01-01"]), Satisfied);
    assert_eq!(dates(&[]), Missing);
    // 29 February had no day a year before.
    let leap = with(&[signed(1, "2019-02-28")]);
    assert_eq!(items(&leap, "2020-02-29")[3].state, Satisfied);
}

#[test]
fn a_product_is_named_by_a_document_about_it_and_perhaps_by_one_about_the_claim() {
    assert_eq!(products(&with(&[document(1)])), [ToJudge, ToJudge]);
    let one = NewDocument { covers: [products_of(1)].into(), ..document(1) };
    assert_eq!(products(&with(std::slice::from_ref(&one))), [Satisfied, Missing]);
    assert_eq!(products(&with(&[one, document(2)])), [Satisfied, ToJudge]);
}

#[test]
fn only_current_documents_count() {
    let newer = NewDocument { description: None, supersedes: Some(DocumentId(document(1).id.0)), ..document(2) };
    let story = with(&[signed(1, "2021-09-01"), newer]);
    assert_eq!(state(&story, Requirement::RecentDates), Missing);
    assert_eq!(state(&story, Requirement::WorkDescribed), Missing);
    assert_eq!(state(&with(&[document(1)]), Requirement::WorkDescribed), Satisfied);
}

#[test]
fn what_a_reviewer_ticks_as_missing_is_a_finding_that_asks_the_partner_for_more() {
    let line = under_review().claim.products[0].id;
    let finding = missed(Requirement::ProductNamed, Some(line), None);
    assert_eq!(finding, Finding { kind: FindingKind::MissingProducts, product: Some(line), words: None });
    let request = Command::RequestAction { comment: "Please name it.".to_owned(), findings: vec![finding.clone()] };
    let story = under_review().then(&rita(), request);
    assert_eq!(story.claim.request.unwrap().findings, [finding]);
    let kinds: std::collections::BTreeSet<_> = Requirement::ALL.iter().map(|requirement| requirement.finding()).collect();
    let all: std::collections::BTreeSet<_> =
        FindingKind::ALL.iter().copied().filter(|kind| *kind != FindingKind::Other).collect();
    assert_eq!(kinds, all, "every kind of finding but OTHER belongs to a requirement");
}
