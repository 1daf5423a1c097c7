//! What is offered is allowed, and what is allowed is offered: `actions` against `decide`, both ways.

use cpor::domain::actor::Actor;
use cpor::domain::claim::Claim;
use cpor::domain::command::{Command, CommandKind, DetailsInput};
use cpor::domain::poe::NewDocument;
use cpor::domain::{actions, brought_to, decide};

use super::cast::{LENA, ROLF, as_assignee, everybody};
use super::moves::{document, faultless_command, update};
use super::situations;
use super::story::Story;

#[test]
fn in_every_situation_everybody_is_offered_what_they_may_do_and_nothing_else() {
    for (_, mut story) in situations::all() {
        everybody().iter().for_each(|(_, actor)| offered_is_allowed(&mut story, actor));
    }
}

/// A command is offered exactly when some faultless input of it is allowed.
pub fn offered_is_allowed(story: &mut Story, actor: &Actor) {
    let other = if story.claim.excluded_reviewer == Some(ROLF) { LENA } else { ROLF };
    story.world.facts.assignee = as_assignee(other);
    let Story { claim, world, now, .. } = story;
    let current = brought_to(claim, *now, &world.rules());
    let offered = actions(claim, actor, &world.facts, *now, &world.rules());
    for kind in &CommandKind::ALL[1..] {
        let is_offered = offered.iter().any(|action| action.kind == *kind && action.refusal.is_none());
        let is_allowed = |command: &Command| decide(claim, command, actor, &world.facts, *now, &world.rules()).is_ok();
        let allowed = faultless(*kind, &current).into_iter().find(is_allowed);
        assert_eq!(is_offered, allowed.is_some(), "{kind} by {actor:?} in {}: {allowed:?}", current.status);
    }
}

/// Commands of this kind that nothing in their input speaks against.
fn faultless(kind: CommandKind, claim: &Claim) -> Vec<Command> {
    let mut commands: Vec<_> = faultless_command(kind, claim).into_iter().collect();
    match kind {
        CommandKind::Update => commands.push(update(DetailsInput::default())),
        CommandKind::UpdateProducts => {
            commands.extend([Command::UpdateProducts { add: Vec::new(), replace: Vec::new(), remove: Vec::new() }])
        }
        CommandKind::Assign => {
            let other = if claim.excluded_reviewer == Some(ROLF) { LENA } else { ROLF };
            commands = vec![Command::Assign { to: claim.assignee.is_none().then_some(other) }];
        }
        CommandKind::AttachDocument => {
            let current = claim.current_documents().next();
            let replaced = current.map(|old| NewDocument { supersedes: Some(old.id), ..document(0xFFFF) });
            let replaced = replaced.map(|document| Command::AttachDocument(Box::new(document)));
            commands.extend(replaced);
        }
        _ => {}
    }
    commands
}
