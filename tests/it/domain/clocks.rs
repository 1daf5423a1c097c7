//! The clocks of a claim: when they start, stand still and go on; one microsecond before, at and after each end.

use chrono::{DateTime, Utc};
use cpor::domain::actor::Actor;
use cpor::domain::calendar::Calendar;
use cpor::domain::clock::{ClockKind, ClockState};
use cpor::domain::command::Command;
use cpor::domain::event::What;
use cpor::domain::expiries;
use cpor::domain::policy::Policy;
use cpor::domain::status::{Assessment, Status};

use super::cast::{anna, carla, rita, rolf};
use super::moves::{attach, comment, creation, decline, dispute, reject, request_action, submit};
use super::situations::{action_required, approved, disputed, disputed_with_rolf, rejected, submitted, under_review};
use super::story::Story;
use super::world::{World, day, utc};

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

fn days_left(story: &Story, kind: ClockKind) -> u16 {
    match story.clock(kind).state {
        ClockState::Paused { days_left } => days_left,
        ClockState::Running { .. } => panic!("{kind} runs"),
    }
}

/// A review whose partner is asked on the day of `asked` and answers on the day of `answered`, submitted on Monday the 13th.
fn paused(asked: &str) -> Story {
    under_review().on(asked).then(&rita(), request_action())
}

fn resumed(story: Story, answered: &str) -> Story {
    story.on(answered).then(&anna(), attach(2)).then(&anna(), Command::Resubmit)
}

#[test]
fn a_pause_keeps_the_whole_days_left_its_own_day_among_them() {
    let kept = [
        ("2021-09-13 11:00", 10),
        ("2021-09-14 00:00", 10),
        ("2021-09-14 23:59", 10),
        ("2021-09-15 09:00", 9),
        ("2021-09-18 09:00", 6),
        ("2021-09-20 09:00", 6),
        ("2021-09-27 23:59:59.999999", 1),
    ];
    for (asked, days) in kept {
        assert_eq!(days_left(&paused(asked), ClockKind::TotalDecision), days, "{asked}");
    }
}

#[test]
fn what_is_left_is_laid_out_anew_from_the_day_it_resumes() {
    let story = resumed(paused("2021-09-15 09:00"), "2021-09-17 09:00");
    assert_eq!(story.end_of(ClockKind::TotalDecision), utc("2021-10-01 00:00"));
    assert_eq!(story.end_of(ClockKind::PickUp), utc("2021-09-25 00:00"));
    let again = story.then(&rita(), Command::StartReview).on("2021-09-21 09:00").then(&rita(), request_action());
    assert_eq!(days_left(&again, ClockKind::TotalDecision), 8);
}

#[test]
fn a_clock_that_ran_out_before_the_pause_stays_overdue() {
    let story = paused("2021-09-28 00:00");
    assert_eq!(story.end_of(ClockKind::TotalDecision), utc("2021-09-28 00:00"));
    let story = resumed(story, "2021-09-29 00:00");
    assert_eq!(story.end_of(ClockKind::TotalDecision), utc("2021-09-28 00:00"));
    assert!(story.clock(ClockKind::TotalDecision).overdue_recorded);
}

#[test]
fn the_dispute_clock_stands_still_while_the_partner_is_asked() {
    let asked = disputed_with_rolf().on("2021-09-16 09:00").then(&rolf(), request_action());
    assert_eq!(days_left(&asked, ClockKind::DisputeDecision), 3);
    let story = resumed(asked, "2021-09-22 09:00");
    assert_eq!((story.claim.status, story.end_of(ClockKind::DisputeDecision)), (Status::Disputed, utc("2021-09-28 00:00")));
}

fn with_holidays(mut story: Story, days: &[&str]) -> Story {
    story.world.calendar.holidays = days.iter().map(|text| day(text)).collect();
    story
}

#[test]
fn editing_the_holidays_never_shortens_a_running_clock() {
    let edited = with_holidays(submitted(), &["2021-09-16"]);
    assert_eq!(edited.end_of(ClockKind::TotalDecision), utc("2021-09-28 00:00"));
    for (asked, days) in [("2021-09-15 09:00", 9), ("2021-09-16 09:00", 8), ("2021-09-17 09:00", 8), ("2021-09-27 09:00", 2)] {
        let story = under_review().on(asked);
        let added = with_holidays(story, &["2021-09-16"]).then(&rita(), request_action());
        assert!(days_left(&added, ClockKind::TotalDecision) >= days_left(&paused(asked), ClockKind::TotalDecision), "{asked}");
        assert_eq!(days_left(&added, ClockKind::TotalDecision), days, "{asked}");
    }
}

#[test]
fn taking_a_holiday_back_never_shortens_a_running_clock() {
    let calendar = Calendar { holidays: [day("2021-09-16")].into(), ..Calendar::default() };
    let start = || Story::under(calendar.clone(), "2021-09-13 10:00").then(&anna(), attach(1)).then(&anna(), submit());
    let review = || start().then(&rita(), Command::StartReview);
    assert_eq!(review().end_of(ClockKind::TotalDecision), utc("2021-09-29 00:00"));
    for asked in ["2021-09-15 09:00", "2021-09-17 09:00", "2021-09-20 09:00", "2021-09-28 09:00"] {
        let kept = review().on(asked).then(&rita(), request_action());
        let edited = with_holidays(review().on(asked), &[]).then(&rita(), request_action());
        assert!(days_left(&edited, ClockKind::TotalDecision) >= days_left(&kept, ClockKind::TotalDecision), "{asked}");
    }
}

#[test]
fn a_clock_on_its_last_day_keeps_it_even_when_that_day_became_a_holiday() {
    let calendar = Calendar { holidays: [day("2021-09-16")].into(), ..Calendar::default() };
    let review = Story::under(calendar, "2021-09-13 10:00").then(&anna(), attach(1)).then(&anna(), submit());
    let review = review.then(&rita(), Command::StartReview).on("2021-09-28 09:00");
    let story = with_holidays(review, &["2021-09-28"]).then(&rita(), request_action());
    assert_eq!(days_left(&story, ClockKind::TotalDecision), 1);
}

#[test]
fn holidays_edited_during_a_pause_leave_the_days_left_alone() {
    let story = with_holidays(paused("2021-09-15 09:00"), &["2021-09-20", "2021-09-21"]);
    let story = resumed(story, "2021-09-17 09:00");
    assert_eq!(story.end_of(ClockKind::TotalDecision), utc("2021-10-05 00:00"));
}

#[test]
fn a_pause_across_the_day_that_samoa_never_had_keeps_what_was_left() {
    let apia = Calendar { time_zone: chrono_tz::Pacific::Apia, ..Calendar::default() };
    let story = Story::under(apia, "2011-12-23 20:00").then(&anna(), attach(1)).then(&anna(), submit());
    let story = story.then(&rita(), Command::StartReview).on("2011-12-28 20:00").then(&rita(), request_action());
    // Day 0 is Friday the 23rd; Monday and Tuesday are used.
    assert_eq!(days_left(&story, ClockKind::TotalDecision), 8);
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
