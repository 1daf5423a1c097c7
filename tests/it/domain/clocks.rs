//! The clocks of a claim: when they end; one microsecond before, at and after each end.

use chrono::{DateTime, Utc};
use cpor::domain::actor::Actor;
use cpor::domain::clock::ClockKind;
use cpor::domain::command::Command;
use cpor::domain::event::What;
use cpor::domain::expiries;
use cpor::domain::policy::Policy;
use cpor::domain::status::Assessment;

use super::cast::{anna, carla, rita, rolf};
use super::moves::{attach, comment, creation, decline, dispute, reject, request_action, submit};
use super::situations::{action_required, approved, disputed, disputed_with_rolf, rejected, submitted, under_review};
use super::story::Story;
use super::world::{World, utc};

#[test]
fn each_clock_of_the_policy_of_2020_ends_when_the_worked_dates_say() {
    let ends = [
        (submitted(), ClockKind::PickUp, "2021-09-21 00:00"),
        (submitted(), ClockKind::TotalDecision, "2021-09-28 00:00"),
        (under_review(), ClockKind::Review, "2021-09-21 00:00"),
        (action_required(), ClockKind::PartnerResponse, "2021-09-21 00:00"),
        (approved(), ClockKind::Consent, "2021-09-21 00:00"),
        (rejected(), ClockKind::DisputeFiling, "2021-10-14 00:00"),
        (disputed(), ClockKind::DisputeDecision, "2021-09-21 00:00"),
    ];
    for (story, kind, end) in ends {
        assert_eq!(story.end_of(kind), utc(end), "{kind}");
    }
}

#[test]
fn the_policy_of_2023_reviews_and_waits_fourteen_business_days() {
    let world = World { policy: Policy::of_2023(), ..World::default() };
    let story = Story::begin(world, "2021-09-13 10:00", &creation()).then(&anna(), attach(1)).then(&anna(), submit());
    assert_eq!(story.claim.policy.as_deref(), Some("2023"));
    let story = story.then(&rita(), Command::StartReview);
    assert_eq!(story.end_of(ClockKind::Review), utc("2021-10-02 00:00"));
    let story = story.then(&rita(), request_action());
    assert_eq!(story.end_of(ClockKind::PartnerResponse), utc("2021-10-02 00:00"));
}

/// What the actor can still do one microsecond before the instant, at it, and one after.
fn around(story: &Story, end: DateTime<Utc>, actor: &Actor, command: &Command) -> [bool; 3] {
    [-1, 0, 1].map(|micros| story.clone().at_micros_from(end, micros).tries(actor, command).is_ok())
}

#[test]
fn a_resubmission_is_in_time_until_the_last_microsecond() {
    let story = action_required().then(&anna(), comment("It is on page 3."));
    let end = story.end_of(ClockKind::PartnerResponse);
    for command in [Command::Resubmit, attach(2), super::moves::new_customer_contact(), super::moves::withdraw()] {
        assert_eq!(around(&story, end, &anna(), &command), [true, false, false], "{command:?}");
    }
}

#[test]
fn a_dispute_is_in_time_until_the_last_microsecond() {
    let end = rejected().end_of(ClockKind::DisputeFiling);
    assert_eq!(around(&rejected(), end, &anna(), &dispute()), [true, false, false]);
}

#[test]
fn a_decline_is_possible_on_both_sides_of_the_windows_end_but_only_before_it_nothing_was_sent() {
    let end = approved().end_of(ClockKind::Consent);
    assert_eq!(around(&approved(), end, &carla(), &decline()), [true, true, true]);
    let sent = |micros| approved().at_micros_from(end, micros).swept().claim.assessment == Some(Assessment::Sent);
    assert_eq!([-1, 0, 1].map(sent), [false, true, true]);
}

#[test]
fn reviewers_are_overdue_from_the_end_on_and_may_still_act() {
    let overdue = [
        (submitted(), ClockKind::PickUp, rita(), Command::StartReview),
        (under_review(), ClockKind::Review, rita(), reject()),
        (under_review(), ClockKind::TotalDecision, rita(), reject()),
        (disputed_with_rolf(), ClockKind::DisputeDecision, rolf(), reject()),
    ];
    for (story, kind, actor, command) in overdue {
        let end = story.end_of(kind);
        assert_eq!(around(&story, end, &actor, &command), [true, true, true], "{kind}");
        let recorded = |micros| story.clone().at_micros_from(end, micros).swept().clock(kind).overdue_recorded;
        assert_eq!([-1, 0, 1].map(recorded), [false, true, true], "{kind}");
    }
}

#[test]
fn every_clock_knows_its_end_to_the_microsecond() {
    let stories = [submitted(), under_review(), action_required(), approved(), rejected(), disputed()];
    for story in stories {
        for clock in story.claim.clocks.iter().filter_map(|clock| clock.expires_at().map(|end| (clock, end))) {
            let run_out = [-1, 0, 1].map(|micros| clock.0.has_run_out(clock.1 + chrono::TimeDelta::microseconds(micros)));
            assert_eq!(run_out, [false, true, true], "{}", clock.0.kind);
        }
    }
}

#[test]
fn nothing_is_due_before_the_first_end() {
    for (_, story) in super::situations::all() {
        let Some(due) = story.claim.due_at() else { continue };
        let before = story.clone().at_micros_from(due, -1);
        if before.now >= story.claim.last_event_at && !story.claim.clocks.iter().any(|clock| clock.overdue_recorded) {
            let due = expiries(&before.claim, before.now, &before.world.rules());
            let is_reminder = |what: &What| matches!(what, What::NoticeQueued { notice, .. } if notice.reminds_of().is_some());
            assert!(due.iter().all(|event| is_reminder(&event.what)));
        }
    }
}
