//! Reminders of what is about to end: at their instant, once, only while it still runs, and the same however late somebody looks.

use chrono::{DateTime, Utc};
use cpor::domain::calendar::Calendar;
use cpor::domain::clock::ClockKind;
use cpor::domain::command::Command;
use cpor::domain::event::{Event, What};
use cpor::domain::notice::{Audience, NoticeKind};

use super::cast::{anna, rita};
use super::moves::{attach, comment, dispute, request_action, submit};
use super::situations::{action_required, rejected};
use super::story::Story;
use super::world::{day, utc};

fn reminders(events: &[Event]) -> Vec<(NoticeKind, DateTime<Utc>)> {
    let reminder = |event: &Event| match event.what {
        What::NoticeQueued { notice, audience } if notice.reminds_of().is_some() => {
            assert_eq!(audience, Audience::Partner);
            Some((notice, event.at))
        }
        _ => None,
    };
    events.iter().filter_map(reminder).collect()
}

#[test]
fn the_partner_is_reminded_two_business_days_and_one_before_the_answer_is_due() {
    // Asked on Monday the 13th: the last day is Monday the 20th, and Friday the 17th the business day before.
    let mut story = action_required().on("2021-09-20 23:59");
    let due = reminders(&story.sweep());
    let expected = [utc("2021-09-17 00:00"), utc("2021-09-20 00:00")].map(|at| (NoticeKind::ResponseReminder, at));
    assert_eq!(due, expected);
    assert!(story.sweep().is_empty(), "once each");
}

#[test]
fn the_partner_is_reminded_seven_days_and_one_before_the_dispute_window_closes() {
    let due = reminders(&rejected().on("2021-10-13 12:00").sweep());
    let expected = [utc("2021-10-07 00:00"), utc("2021-10-13 00:00")].map(|at| (NoticeKind::DisputeReminder, at));
    assert_eq!(due, expected);
}

#[test]
fn whoever_has_answered_is_not_reminded() {
    let answered = action_required().on("2021-09-17 12:00").then(&anna(), attach(2)).then(&anna(), Command::Resubmit);
    assert_eq!(reminders(&answered.history).len(), 1);
    assert_eq!(reminders(&answered.on("2021-12-01 00:00").sweep()), []);
    let disputed = rejected().on("2021-09-14 12:00").then(&anna(), dispute());
    assert_eq!(reminders(&disputed.on("2021-12-01 00:00").sweep()), []);
}

#[test]
fn a_reminder_changes_no_state_and_is_counted_by_the_history() {
    let before = action_required();
    let after = before.clone().on("2021-09-17 00:00").swept();
    assert_eq!((after.claim.version, after.claim.updated_at), (before.claim.version, before.claim.updated_at));
    assert_eq!(after.claim.sequence, before.claim.sequence + 1);
    assert_eq!(after.claim.last_event_at, utc("2021-09-17 00:00"));
}

#[test]
fn however_late_somebody_looks_the_history_is_that_of_one_who_always_looked() {
    for story in [action_required(), rejected()] {
        let mut always = story.clone();
        while always.now < utc("2021-12-01 00:00") {
            always.now += chrono::TimeDelta::hours(6);
            always.sweep();
        }
        let late = story.on("2021-12-01 00:00").swept();
        assert_eq!(late.history, always.history);
        assert_eq!(late.claim, always.claim);
    }
}

#[test]
fn holidays_edited_later_move_no_reminder() {
    let mut story = action_required();
    story.world.calendar.holidays = [day("2021-09-17"), day("2021-09-20")].into();
    let due = reminders(&story.on("2021-09-20 23:59").sweep());
    assert_eq!(due.iter().map(|(_, at)| *at).collect::<Vec<_>>(), [utc("2021-09-17 00:00"), utc("2021-09-20 00:00")]);
}

#[test]
fn reminders_come_at_the_beginning_of_the_local_day() {
    let calendar = Calendar { time_zone: chrono_tz::Europe::Warsaw, ..Calendar::default() };
    let story = Story::under(calendar, "2021-09-13 10:00").then(&anna(), attach(1)).then(&anna(), submit());
    let story = story.then(&rita(), Command::StartReview).then(&rita(), request_action()).then(&anna(), comment("Soon."));
    assert_eq!(story.end_of(ClockKind::PartnerResponse), utc("2021-09-20 22:00"));
    let at: Vec<_> = reminders(&story.on("2021-09-20 21:59").sweep()).iter().map(|(_, at)| *at).collect();
    assert_eq!(at, [utc("2021-09-16 22:00"), utc("2021-09-19 22:00")]);
}
