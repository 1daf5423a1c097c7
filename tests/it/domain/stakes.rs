//! What a command may touch outside its claim, so that it can be locked and looked up before deciding.

use cpor::domain::Stakes;
use cpor::domain::command::Command;

use super::cast::ROLF;
use super::moves::{add_product, approve, assign, attach, creation};
use super::situations::{business_draft, draft, submitted};
use super::world::{UPLOAD, key_of, line, product, subscription};

#[test]
fn every_command_stakes_the_keys_of_its_claim() {
    let claim = submitted().claim;
    assert_eq!(Stakes::of(&claim, &approve()).keys, [key_of("EXCHANGE_ONLINE")].into());
    assert_eq!(Stakes::of(&business_draft().claim, &approve()).keys.len(), 2);
    assert_eq!(Stakes::of(&business_draft().claim, &approve()).subscriptions, [subscription()].into());
}

#[test]
fn an_edit_of_products_stakes_the_old_keys_and_the_new_ones() {
    let claim = submitted().claim;
    let both = [key_of("EXCHANGE_ONLINE"), key_of("TEAMS")];
    assert_eq!(Stakes::of(&claim, &add_product(2, "TEAMS")).keys, both.clone().into());
    let replace = vec![(line(1), product(2, " TEAMS "))];
    let replaced = Command::UpdateProducts { add: Vec::new(), replace, remove: Vec::new() };
    assert_eq!(Stakes::of(&claim, &replaced).keys, both.into());
}

#[test]
fn a_document_stakes_its_upload_and_an_assignment_its_person() {
    let claim = draft().claim;
    assert_eq!(Stakes::of(&claim, &attach(2)).uploads, [UPLOAD].into());
    assert_eq!(Stakes::of(&claim, &assign(ROLF)).assignee, Some(ROLF));
}

#[test]
fn a_draft_that_is_created_holds_no_key() {
    assert!(Stakes::of_creation(&creation()).keys.is_empty());
}
