//! What changed since a version: the state before against the state after.

use cpor::domain::changes::{Changes, DocumentChange, changes, last_review, since};
use cpor::domain::claim::Claim;
use cpor::domain::command::{Command, DetailsInput};
use cpor::domain::details::{Field, FieldChange};
use cpor::domain::event::Event;
use cpor::domain::poe::NewDocument;

use super::cast::{anna, rita};
use super::moves::{add_product, attach, comment, document, new_customer_contact, request_action, update};
use super::situations::{action_required, draft, under_review};
use super::story::Story;

/// The history with the version after each entry.
fn versioned(story: &Story) -> Vec<(i32, &Event)> {
    let mut claim = Claim::from_created(&story.history[0]).unwrap();
    let rest = story.history.iter().skip(1).map(|event| {
        claim.apply(event);
        (claim.version, event)
    });
    std::iter::once((1, &story.history[0])).chain(rest.collect::<Vec<_>>()).collect()
}

fn since_version(story: &Story, version: i32) -> Changes {
    changes(since(versioned(story), version))
}

/// What the partner did after the reviewer asked for more.
fn since_request(story: &Story) -> Changes {
    since_version(story, last_review(versioned(story)).unwrap())
}

fn reference(text: &str) -> Command {
    update(DetailsInput { external_reference: Some(Some(text.to_owned())), ..DetailsInput::default() })
}

#[test]
fn nothing_changed_since_the_claims_own_version() {
    let story = action_required();
    assert!(since_version(&story, story.claim.version).is_empty());
    assert!(since_version(&story, 99).is_empty());
    assert!(since_request(&story).is_empty());
}

#[test]
fn a_field_shows_the_value_of_then_and_the_value_of_now() {
    let story = action_required().then(&anna(), reference("A")).then(&anna(), reference("B"));
    let fields = since_request(&story).fields;
    let [FieldChange::ExternalReference(change)] = fields.as_slice() else { panic!("{fields:?}") };
    assert_eq!((change.old.as_deref(), change.new.as_deref()), (Some("NW-77"), Some("B")));
    let story = story.then(&anna(), reference("NW-77"));
    assert!(since_request(&story).is_empty(), "it is as it was");
    let story = story.then(&anna(), new_customer_contact());
    let fields: Vec<_> = since_request(&story).fields.iter().map(FieldChange::field).collect();
    assert_eq!(fields, [Field::CustomerContact]);
}

#[test]
fn products_that_came_and_went_again_are_no_change() {
    let story = action_required().then(&anna(), add_product(2, "TEAMS"));
    let line = story.claim.products[1].clone();
    let found = since_request(&story).products;
    assert_eq!((found.len(), &found[0].old, found[0].new.as_ref()), (1, &None, Some(&line)));
    let remove = Command::UpdateProducts { add: Vec::new(), replace: Vec::new(), remove: vec![line.id] };
    assert!(since_request(&story.then(&anna(), remove)).is_empty());
    let first = action_required().claim.products[0].clone();
    let replace = Command::UpdateProducts {
        add: Vec::new(),
        replace: vec![(first.id, super::world::product(7, "TEAMS"))],
        remove: Vec::new(),
    };
    let found = since_request(&action_required().then(&anna(), replace)).products;
    assert_eq!((found.len(), found[0].old.as_ref()), (1, Some(&first)));
    assert_eq!(found[0].new.as_ref().unwrap().product.0, "TEAMS");
}

#[test]
fn documents_show_what_they_took_the_place_of_and_not_what_came_between() {
    let superseding =
        |n, old| Command::AttachDocument(Box::new(NewDocument { supersedes: Some(document(old).id), ..document(n) }));
    let story = action_required().then(&anna(), superseding(2, 1)).then(&anna(), superseding(3, 2)).then(&anna(), attach(4));
    let change = |n, old: Option<u128>| DocumentChange { document: document(n).id, supersedes: old.map(|old| document(old).id) };
    assert_eq!(since_request(&story).documents, [change(3, Some(1)), change(4, None)]);
}

#[test]
fn what_was_said_while_a_version_lasted_came_after_it() {
    let story = action_required().then(&rita(), comment("Anything unclear?")).then(&anna(), comment("All clear."));
    assert_eq!(story.claim.version, action_required().claim.version, "a comment is no new version");
    assert_eq!(since_request(&story).comments.len(), 2);
}

#[test]
fn the_creation_is_where_changes_begin() {
    let story = draft();
    assert_eq!(since_version(&story, 1), since_version(&story, -5));
    assert_eq!(since_version(&story, 1).documents.len(), 1);
}

#[test]
fn the_last_review_ended_with_the_latest_request_or_decision_of_a_reviewer() {
    assert_eq!(last_review(versioned(&under_review())), None);
    let first = action_required();
    assert_eq!(last_review(versioned(&first)), Some(first.claim.version));
    let again = first.then(&anna(), attach(2)).then(&anna(), Command::Resubmit).then(&rita(), Command::StartReview);
    let before = last_review(versioned(&again));
    let again = again.then(&rita(), request_action());
    assert_eq!(last_review(versioned(&again)), Some(again.claim.version));
    assert!(before < Some(again.claim.version));
}
