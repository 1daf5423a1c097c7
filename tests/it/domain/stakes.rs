//! What deciding a command looks at, so that it can be locked and looked up before; the rest need not be.

use cpor::domain::actor::Actor;
use cpor::domain::claim::Claim;
use cpor::domain::command::{Command, CommandKind};
use cpor::domain::facts::Facts;
use cpor::domain::refusal::Refusal;
use cpor::domain::{Decision, Extent, Stakes, decide};

use super::cast::{ROLF, everybody};
use super::moves::{add_product, approve, assign, attach, comment, creation, faultless_command, submit};
use super::situations::{self, business_draft, draft, submitted};
use super::story::Story;
use super::world::{UPLOAD, key_of, line, product, subscription};

#[test]
fn a_command_that_weighs_keys_stakes_those_of_its_claim_and_talk_stakes_nothing() {
    let claim = submitted().claim;
    assert_eq!(Stakes::of(&claim, &approve()).keys, [key_of("EXCHANGE_ONLINE")].into());
    assert_eq!(Stakes::of(&business_draft().claim, &approve()).keys.len(), 2);
    assert_eq!(Stakes::of(&business_draft().claim, &submit()).subscriptions, [subscription()].into());
    assert_eq!(Stakes::of(&claim, &comment("Thank you.")), Stakes::default());
}

/// The claim as far as this kind of command looks at it.
fn seen(claim: &Claim, kind: CommandKind) -> Claim {
    let mut seen = claim.clone();
    if kind.extent() == Extent::Row {
        seen.products.clear();
        seen.documents.clear();
        seen.clocks.clear();
        seen.associations.clear();
        seen.request.iter_mut().for_each(|request| request.findings.clear());
        seen.rejection.iter_mut().for_each(|rejection| rejection.findings.clear());
    }
    seen
}

/// The facts as far as this kind of command looks at them.
fn known(facts: &Facts, kind: CommandKind) -> Facts {
    let mut known = facts.clone();
    if !kind.judges_content() {
        known = Facts { locations: Default::default(), catalogue: Default::default(), directory: None, ..known };
    }
    if !kind.weighs_keys() {
        known.own_claims.clear();
        known.held_keys.clear();
        known.competing_keys.clear();
    }
    known
}

fn decided(story: &Story, claim: &Claim, facts: &Facts, command: &Command, actor: &Actor) -> Result<Decision, Refusal> {
    decide(claim, command, actor, facts, story.now, &story.world.rules())
}

#[test]
fn what_deciding_is_said_not_to_look_at_changes_no_decision() {
    for (situation, mut story) in situations::all() {
        story.sweep();
        for kind in CommandKind::ALL.iter().copied() {
            let Some(command) = faultless_command(kind, &story.claim) else { continue };
            let (seen, known) = (seen(&story.claim, kind), known(&story.world.facts, kind));
            for (who, actor) in everybody() {
                let whole = decided(&story, &story.claim, &story.world.facts, &command, &actor);
                let part = decided(&story, &seen, &known, &command, &actor);
                assert_eq!(part, whole, "{kind} by {who}, {situation}");
            }
        }
    }
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
