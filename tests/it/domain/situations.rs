//! The situations a claim can be in, each reached by commands alone.

use cpor::domain::command::{Command, Create};
use cpor::domain::policy::Policy;
use cpor::domain::status::{AssociationState, EndReason};

use super::cast::{LENA, RITA, ROLF, anna, carla, lena, rita, rolf, sam};
use super::moves::{
    RELEASE, answer, approve, assign, attach, comment, creation, decline, disassociate, dispute, reject, request_action, submit,
    withdraw,
};
use super::story::Story;
use super::world::{World, faultless_business, key_of, subscribed};

/// EDITING, complete.
pub fn draft() -> Story {
    Story::new().then(&anna(), attach(1))
}

/// EDITING, complete, Business Applications.
pub fn business_draft() -> Story {
    let command = Create { details: faultless_business(), products: vec![subscribed(1, "SALES")], ..creation() };
    Story::begin(World::default(), "2021-09-13 10:00", &command).then(&anna(), attach(1))
}

/// SUBMITTED, nobody assigned.
pub fn submitted() -> Story {
    draft().then(&anna(), submit())
}

/// UNDER_REVIEW by Rita.
pub fn under_review() -> Story {
    submitted().then(&rita(), Command::StartReview)
}

/// PARTNER_ACTION_REQUIRED, asked by Rita.
pub fn action_required() -> Story {
    under_review().then(&rita(), request_action())
}

/// REJECTED by Rita.
pub fn rejected() -> Story {
    under_review().then(&rita(), reject())
}

/// DISPUTED, nobody assigned.
pub fn disputed() -> Story {
    rejected().then(&anna(), dispute())
}

/// DISPUTED, assigned to Rolf.
pub fn disputed_with_rolf() -> Story {
    disputed().then(&lena(), assign(ROLF))
}

/// APPROVED by Rita, the window open.
pub fn approved() -> Story {
    under_review().then(&rita(), approve())
}

/// APPROVED, the window over.
pub fn consented() -> Story {
    approved().on("2021-09-21 00:00").swept()
}

/// APPROVED, its associations ended because another partner won them.
pub fn superseded() -> Story {
    let mut story = consented();
    for association in &mut story.claim.associations {
        association.state = AssociationState::Ended;
        association.ended_at = Some(story.now);
        association.end_reason = Some(EndReason::Superseded);
    }
    story
}

fn policy_2023() -> Story {
    let world = World { policy: Policy::of_2023(), ..World::default() };
    Story::begin(world, "2021-09-13 10:00", &creation()).then(&anna(), attach(1)).then(&anna(), submit())
}

fn with_key_held() -> Story {
    let mut story = under_review();
    story.world.facts.held_keys.insert(key_of("EXCHANGE_ONLINE"));
    story
}

/// Every situation of the grid, with the words it is called by.
pub fn all() -> Vec<(&'static str, Story)> {
    let asked_in_dispute = || disputed_with_rolf().then(&rolf(), request_action());
    let lena_reviews = || submitted().then(&lena(), Command::StartReview);
    vec![
        ("EDITING, complete", draft()),
        ("SUBMITTED, nobody assigned", submitted()),
        ("SUBMITTED, assigned to Rita", submitted().then(&lena(), assign(RITA))),
        ("SUBMITTED, assigned to Lena", submitted().then(&lena(), assign(LENA))),
        ("SUBMITTED, policy 2023", policy_2023()),
        ("UNDER_REVIEW by Rita", under_review()),
        ("UNDER_REVIEW by Lena", lena_reviews()),
        ("UNDER_REVIEW, released", under_review().then(&lena(), RELEASE)),
        ("UNDER_REVIEW by Rita, another partner holds the key", with_key_held()),
        ("PARTNER_ACTION_REQUIRED, not answered", action_required()),
        ("PARTNER_ACTION_REQUIRED, answered", action_required().then(&anna(), comment("Here it is."))),
        (
            "PARTNER_ACTION_REQUIRED, policy 2023",
            policy_2023().then(&rita(), Command::StartReview).then(&rita(), request_action()),
        ),
        ("PARTNER_ACTION_REQUIRED, too late and not swept", action_required().on("2021-09-21 00:00")),
        ("PARTNER_ACTION_REQUIRED in a dispute, answered", asked_in_dispute().then(&anna(), attach(2))),
        ("PARTNER_ACTION_REQUIRED in a dispute, too late and not swept", asked_in_dispute().on("2021-09-21 00:00")),
        ("APPROVED, window open", approved()),
        ("APPROVED, window over, sent to assessment", consented()),
        ("APPROVED, assessed", consented().then(&sam(), answer(true))),
        ("APPROVED after a dispute", disputed_with_rolf().then(&rolf(), approve())),
        ("APPROVED, superseded", superseded()),
        ("REJECTED by Rita, disputable", rejected()),
        ("REJECTED by Rita, too late for a dispute", rejected().on("2021-10-14 00:00")),
        ("REJECTED by the clock", action_required().on("2021-09-21 00:00").swept()),
        ("REJECTED on the partner's request", under_review().then(&anna(), withdraw())),
        ("REJECTED, disassociated", approved().then(&anna(), disassociate())),
        ("REJECTED, declined by the customer", approved().then(&carla(), decline())),
        ("REJECTED, dispute lost", disputed_with_rolf().then(&rolf(), reject())),
        ("DISPUTED, nobody assigned", disputed()),
        ("DISPUTED, assigned to Rolf", disputed_with_rolf()),
        ("DISPUTED, assigned to Lena", disputed().then(&lena(), assign(LENA))),
        ("CANCELED", draft().then(&anna(), Command::Cancel)),
    ]
}
