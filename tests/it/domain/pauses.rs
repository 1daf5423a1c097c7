//! Clocks that stand still keep their days; holidays that come and go never shorten one.

use cpor::domain::calendar::Calendar;
use cpor::domain::clock::ClockKind;
use cpor::domain::command::Command;
use cpor::domain::status::Status;

use super::cast::{anna, rita, rolf};
use super::moves::{attach, request_action, submit};
use super::situations::{disputed_with_rolf, submitted, under_review};
use super::story::Story;
use super::transitions::days_left;
use super::world::{day, utc};

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
