//! Who is assigned, by whom, and what that allows.

use cpor::domain::command::Command;
use cpor::domain::notice::{Audience, NoticeKind};
use cpor::domain::refusal::Code;
use cpor::domain::status::Status;

use super::cast::{LENA, NORA, RITA, ROLF, anna, lena, rita, rolf};
use super::moves::{RELEASE, approve, assign};
use super::situations::{action_required, approved, disputed, draft, rejected, submitted, under_review};

#[test]
fn a_lead_assigns_reassigns_and_releases_without_a_change_of_status() {
    for story in [submitted(), under_review(), action_required()] {
        let (status, clocks) = (story.claim.status, story.claim.clocks.clone());
        let story = story.then(&lena(), assign(ROLF));
        assert_eq!((story.claim.status, story.claim.assignee), (status, Some(ROLF)));
        let story = story.then(&lena(), assign(LENA)).then(&lena(), RELEASE);
        assert_eq!((story.claim.status, story.claim.assignee), (status, None));
        assert_eq!(story.claim.clocks, clocks);
    }
}

#[test]
fn only_claims_under_way_are_assigned() {
    for story in [draft(), approved(), rejected(), draft().then(&anna(), Command::Cancel)] {
        assert_eq!(story.refuses(&lena(), &assign(ROLF)), [Code::StateConflict]);
    }
}

#[test]
fn the_new_assignee_is_told_and_a_release_tells_nobody() {
    let story = submitted();
    let before = story.history.len();
    let story = story.then(&lena(), assign(ROLF));
    assert_eq!(story.notices_since(before), [(NoticeKind::Assigned, Audience::Assignee)]);
    let before = story.history.len();
    assert_eq!(story.then(&lena(), RELEASE).notices_since(before), []);
}

#[test]
fn nobody_of_the_claims_own_organization_and_nobody_unknown_is_assigned() {
    let auditor = cpor::domain::ids::PersonId(uuid::Uuid::from_u128(0x32));
    let nobody = cpor::domain::ids::PersonId(uuid::Uuid::from_u128(0x99));
    for person in [NORA, auditor, nobody] {
        assert_eq!(submitted().refuses(&lena(), &assign(person)), [Code::AssigneeNotEligible]);
    }
}

#[test]
fn assigning_whom_it_is_assigned_to_changes_nothing() {
    assert_eq!(under_review().refuses(&lena(), &assign(RITA)), [Code::NothingChanged]);
    assert_eq!(submitted().refuses(&lena(), &RELEASE), [Code::NothingChanged]);
}

#[test]
fn the_decision_moves_with_the_assignment() {
    let story = under_review().then(&lena(), assign(ROLF));
    assert_eq!(story.refuses(&rita(), &approve()), [Code::NotAssigned]);
    assert_eq!(story.then(&rolf(), approve()).claim.status, Status::Approved);
}

#[test]
fn a_released_review_is_taken_up_by_a_leads_assignment_alone() {
    let story = under_review().then(&lena(), RELEASE);
    assert_eq!(story.refuses(&rita(), &Command::StartReview), [Code::StateConflict]);
    let story = story.then(&lena(), assign(LENA));
    assert_eq!(story.then(&lena(), approve()).claim.status, Status::Approved);
}

#[test]
fn who_was_released_before_the_rejection_is_not_excluded_from_its_dispute() {
    let story = action_required().then(&lena(), RELEASE).on("2021-09-21 00:00").then(&anna(), super::moves::dispute());
    assert_eq!(story.claim.excluded_reviewer, None);
    assert_eq!(story.then(&lena(), assign(RITA)).claim.assignee, Some(RITA));
}

#[test]
fn a_lead_who_rejected_cannot_assign_the_dispute_to_themselves() {
    let rejected_by_lena = submitted().then(&lena(), Command::StartReview).then(&lena(), super::moves::reject());
    let story = rejected_by_lena.then(&anna(), super::moves::dispute());
    assert_eq!(story.refuses(&lena(), &assign(LENA)), [Code::AssigneeNotEligible]);
    assert_eq!(disputed().then(&lena(), assign(LENA)).claim.assignee, Some(LENA));
}
