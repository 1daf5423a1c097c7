//! Deadlines that passed while nobody looked: recorded in order, each dated at its deadline, once.

use cpor::domain::actor::Author;
use cpor::domain::clock::ClockKind;
use cpor::domain::command::Command;
use cpor::domain::decide;
use cpor::domain::event::What;
use cpor::domain::notice::{Audience, NoticeKind};
use cpor::domain::reason::RejectionReason;
use cpor::domain::refusal::{Code, Detail};
use cpor::domain::status::Status;

use super::cast::{anna, lena, rita, rolf};
use super::moves::{assign, attach, dispute, request_action};
use super::situations::{action_required, approved, disputed_with_rolf, rejected, submitted, under_review};
use super::world::utc;

#[test]
fn two_clocks_that_ran_out_are_recorded_in_the_order_of_their_ends() {
    let mut story = under_review().on("2022-01-01 12:00");
    let due = story.sweep();
    let passed: Vec<_> = due
        .iter()
        .filter_map(|event| match event.what {
            What::DeadlinePassed { kind } => Some((kind, event.at)),
            _ => None,
        })
        .collect();
    assert_eq!(passed, [(ClockKind::Review, utc("2021-09-21 00:00")), (ClockKind::TotalDecision, utc("2021-09-28 00:00"))]);
    assert!(due.iter().all(|event| event.by == Author::Clock));
    assert!(due.is_sorted_by_key(|event| event.at));
    assert!(story.sweep().is_empty());
}

#[test]
fn what_follows_from_an_expiry_expires_as_well() {
    let mut story = action_required().on("2022-06-01 00:00");
    let due = story.sweep();
    let said: Vec<_> = due.iter().filter(|event| !matches!(event.what, What::NoticeQueued { .. })).collect();
    assert!(matches!(said[0].what, What::Rejected { reason: RejectionReason::NoPartnerResponse, .. }));
    assert_eq!(said[0].at, utc("2021-09-21 00:00"));
    assert_eq!(said[1].what, What::DeadlinePassed { kind: ClockKind::DisputeFiling });
    assert_eq!(said[1].at, utc("2021-10-22 00:00"));
    assert_eq!(said.len(), 2);
    assert!(story.claim.rejection.as_ref().unwrap().is_final(story.now));
    assert!(story.claim.clocks.is_empty());
}

#[test]
fn two_clocks_that_end_together_are_both_recorded() {
    let mut story = submitted().on("2021-09-20 23:00").then(&rita(), Command::StartReview);
    assert_eq!(story.end_of(ClockKind::Review), utc("2021-09-28 00:00"));
    assert_eq!(story.end_of(ClockKind::TotalDecision), utc("2021-09-28 00:00"));
    story.now = utc("2021-09-28 00:00");
    let due = story.sweep();
    let passed = due.iter().filter(|event| matches!(event.what, What::DeadlinePassed { .. })).count();
    assert_eq!(passed, 2);
}

#[test]
fn deciding_late_is_deciding_on_what_the_deadlines_made_of_the_claim() {
    let story = action_required().on("2021-09-21 00:00");
    let swept = story.clone().swept();
    for command in [Command::Resubmit, attach(2), dispute()] {
        let rules = story.world.rules();
        let late = decide(&story.claim, &command, &anna(), &story.world.facts, story.now, &rules);
        assert_eq!(late, decide(&swept.claim, &command, &anna(), &story.world.facts, story.now, &rules));
    }
}

#[test]
fn the_late_hear_which_deadline_they_missed() {
    let late = action_required().on("2021-11-30 00:00").tries(&anna(), &Command::Resubmit).unwrap_err();
    assert_eq!(late.violations[0].code, Code::DeadlinePassed);
    let missed = Detail::Deadline { kind: ClockKind::PartnerResponse, expired_at: utc("2021-09-21 00:00") };
    assert_eq!(late.violations[0].detail, missed);
    let late = rejected().on("2021-11-30 00:00").tries(&anna(), &dispute()).unwrap_err();
    let missed = Detail::Deadline { kind: ClockKind::DisputeFiling, expired_at: utc("2021-10-14 00:00") };
    assert_eq!((late.violations[0].code, &late.violations[0].detail), (Code::DeadlinePassed, &missed));
}

#[test]
fn a_refused_late_act_still_leaves_the_expiries_recorded() {
    let mut story = action_required().on("2021-09-21 00:00");
    story.tries(&anna(), &Command::Resubmit).unwrap_err();
    assert_eq!(story.claim.status, Status::Rejected);
}

#[test]
fn overdue_is_told_to_the_leads_and_to_the_assignee_if_there_is_one() {
    let before = submitted().history.len();
    let story = submitted().on("2021-09-21 00:00").swept();
    assert_eq!(story.notices_since(before), [(NoticeKind::Overdue, Audience::Leads)]);
    let assigned = submitted().then(&lena(), assign(super::cast::ROLF));
    let before = assigned.history.len();
    let both = [(NoticeKind::Overdue, Audience::Assignee), (NoticeKind::Overdue, Audience::Leads)];
    assert_eq!(assigned.on("2021-09-21 00:00").swept().notices_since(before), both);
}

#[test]
fn a_deadline_that_merely_passed_is_no_change_of_state() {
    let (before, after) = (submitted(), submitted().on("2021-09-21 00:00").swept());
    assert_eq!(after.claim.version, before.claim.version);
    assert_eq!(after.claim.updated_at, before.claim.updated_at);
    assert!(after.claim.sequence > before.claim.sequence);
}

#[test]
fn an_elapsed_window_is_told_to_the_partner_and_to_the_eligibility_system() {
    let before = approved().history.len();
    let told = approved().on("2021-09-21 00:00").swept().notices_since(before);
    let both = [(NoticeKind::ConsentElapsed, Audience::Partner), (NoticeKind::AssessmentRequest, Audience::EligibilitySystem)];
    assert_eq!(told, both);
}

#[test]
fn silence_after_a_dispute_cannot_be_disputed_again() {
    let story = disputed_with_rolf().then(&rolf(), request_action()).on("2021-09-21 00:00");
    assert_eq!(story.refuses(&anna(), &dispute()), [Code::DisputeAlreadyUsed]);
}
