//! Counting days: the worked dates, then the days on which clocks are set, skipped or lost.

use chrono_tz::Tz;
use cpor::domain::calendar::Calendar;

use super::world::{day, utc};

fn zone(name: &str) -> Calendar {
    Calendar { time_zone: name.parse::<Tz>().unwrap(), ..Calendar::default() }
}

fn with_holidays(calendar: Calendar, days: &[&str]) -> Calendar {
    Calendar { holidays: days.iter().map(|text| day(text)).collect(), ..calendar }
}

/// Calendar, event, days, exclusive end: business days.
fn business(calendar: &Calendar, event: &str, days: u16, expires_at: &str) {
    let found = calendar.business_deadline(utc(event), days);
    assert_eq!(found, utc(expires_at), "{days} business days after {event} in {}", calendar.time_zone);
    let last = calendar.last_day(found);
    assert!(calendar.is_business_day(last), "{last} in {}", calendar.time_zone);
    assert!(last > calendar.date_of(utc(event)));
}

/// The same for calendar days.
fn every_day(calendar: &Calendar, event: &str, days: u16, expires_at: &str) {
    let found = calendar.calendar_deadline(utc(event), days);
    assert_eq!(found, utc(expires_at), "{days} days after {event} in {}", calendar.time_zone);
}

#[test]
fn the_worked_dates_hold() {
    let calendar = Calendar::default();
    business(&calendar, "2021-09-10 16:00", 5, "2021-09-18 00:00");
    business(&calendar, "2021-09-13 10:00", 5, "2021-09-21 00:00");
    business(&calendar, "2021-09-11 12:00", 5, "2021-09-18 00:00");
    every_day(&calendar, "2021-09-13 10:00", 7, "2021-09-21 00:00");
    every_day(&calendar, "2021-09-13 10:00", 30, "2021-10-14 00:00");
}

#[test]
fn the_time_of_day_of_the_event_does_not_matter() {
    let calendar = Calendar::default();
    for event in ["2021-09-13 00:00", "2021-09-13 12:00", "2021-09-13 23:59:59.999999"] {
        business(&calendar, event, 5, "2021-09-21 00:00");
    }
    business(&calendar, "2021-09-14 00:00", 5, "2021-09-22 00:00");
}

#[test]
fn saturday_and_sunday_are_the_same_day_zero_for_business_days_alone() {
    let calendar = Calendar::default();
    business(&calendar, "2021-09-11 00:00", 1, "2021-09-14 00:00");
    business(&calendar, "2021-09-12 23:59", 1, "2021-09-14 00:00");
    every_day(&calendar, "2021-09-11 00:00", 1, "2021-09-13 00:00");
    every_day(&calendar, "2021-09-12 23:59", 1, "2021-09-14 00:00");
}

#[test]
fn year_end_and_leap_days_are_days_like_others() {
    let calendar = Calendar::default();
    business(&calendar, "2021-12-30 10:00", 5, "2022-01-07 00:00");
    business(&with_holidays(calendar.clone(), &["2021-12-31", "2022-01-03"]), "2021-12-30 10:00", 5, "2022-01-11 00:00");
    every_day(&calendar, "2021-12-25 10:00", 7, "2022-01-02 00:00");
    business(&calendar, "2024-02-28 10:00", 1, "2024-03-01 00:00");
    business(&calendar, "2023-02-28 10:00", 1, "2023-03-02 00:00");
    every_day(&calendar, "2024-02-22 10:00", 7, "2024-03-01 00:00");
    every_day(&calendar, "2024-02-29 10:00", 30, "2024-03-31 00:00");
    business(&calendar, "2024-02-29 23:00", 5, "2024-03-08 00:00");
}

#[test]
fn holidays_count_for_business_days_alone() {
    let calendar = with_holidays(Calendar::default(), &["2021-09-15", "2021-09-18"]);
    business(&calendar, "2021-09-13 10:00", 5, "2021-09-22 00:00");
    every_day(&calendar, "2021-09-13 10:00", 7, "2021-09-21 00:00");
}

#[test]
fn the_local_date_decides_not_the_date_in_utc() {
    let (warsaw, auckland) = (zone("Europe/Warsaw"), zone("Pacific/Auckland"));
    business(&warsaw, "2021-09-12 21:59", 1, "2021-09-13 22:00");
    business(&warsaw, "2021-09-12 22:00", 1, "2021-09-14 22:00");
    business(&auckland, "2021-09-09 11:59", 1, "2021-09-10 12:00");
    business(&auckland, "2021-09-09 12:00", 1, "2021-09-13 12:00");
}

#[test]
fn daylight_saving_in_warsaw_moves_the_end_with_local_midnight() {
    let warsaw = zone("Europe/Warsaw");
    // Forward on Sunday, 28 March 2021; back on Sunday, 31 October 2021.
    business(&warsaw, "2021-03-26 10:00", 1, "2021-03-29 22:00");
    every_day(&warsaw, "2021-03-27 10:00", 1, "2021-03-28 22:00");
    every_day(&warsaw, "2021-03-26 10:00", 1, "2021-03-27 23:00");
    business(&warsaw, "2021-10-29 10:00", 1, "2021-11-01 23:00");
    every_day(&warsaw, "2021-10-30 10:00", 1, "2021-10-31 23:00");
    every_day(&warsaw, "2021-10-29 10:00", 1, "2021-10-30 22:00");
}

#[test]
fn where_midnight_is_skipped_the_day_begins_at_the_first_instant_that_exists() {
    // São Paulo skipped 00:00 to 01:00 on Sunday, 4 November 2018; Cairo on Friday, 28 April 2023.
    every_day(&zone("America/Sao_Paulo"), "2018-11-02 12:00", 1, "2018-11-04 03:00");
    business(&zone("Africa/Cairo"), "2023-04-26 12:00", 1, "2023-04-27 22:00");
    every_day(&zone("America/Sao_Paulo"), "2018-11-03 12:00", 1, "2018-11-05 02:00");
}

#[test]
fn where_a_day_shows_its_last_hour_twice_both_count() {
    // São Paulo set 00:00 on Sunday, 18 February 2018 back to 23:00 of Saturday.
    every_day(&zone("America/Sao_Paulo"), "2018-02-16 12:00", 1, "2018-02-18 03:00");
    // St. John's set 00:01 on Sunday, 1 November 2009 back to 23:01 of Saturday: midnight came twice, Saturday as well.
    every_day(&zone("America/St_Johns"), "2009-10-30 12:00", 1, "2009-11-01 03:30");
}

#[test]
fn where_midnight_comes_twice_within_one_day_the_day_before_is_not_stretched_into_it() {
    // Havana set 01:00 on Sunday, 7 November 2021 back to 00:00 of the same day.
    let havana = zone("America/Havana");
    every_day(&havana, "2021-11-05 12:00", 1, "2021-11-07 04:00");
    let six_day_week = Calendar { weekend: [7].into(), ..havana };
    business(&six_day_week, "2021-11-05 12:00", 1, "2021-11-07 04:00");
}

#[test]
fn the_day_that_samoa_never_had_counts_for_nobody() {
    // Apia went from Thursday, 29 December 2011 (UTC-10) to Saturday, 31 December (UTC+14): Friday the 30th did not happen.
    let apia = zone("Pacific/Apia");
    assert!(!apia.is_business_day(day("2011-12-30")));
    business(&apia, "2011-12-28 20:00", 1, "2011-12-30 10:00");
    business(&apia, "2011-12-28 20:00", 2, "2012-01-02 10:00");
    business(&apia, "2011-12-29 20:00", 1, "2012-01-02 10:00");
    every_day(&apia, "2011-12-28 20:00", 1, "2011-12-30 10:00");
    every_day(&apia, "2011-12-28 20:00", 2, "2011-12-31 10:00");
    every_day(&apia, "2011-12-29 20:00", 1, "2011-12-31 10:00");
    assert_eq!(apia.business_days_between(utc("2011-12-29 20:00"), utc("2012-01-02 10:00")), 2);
}

#[test]
fn a_calendar_in_which_nobody_ever_works_still_answers() {
    let never = Calendar { weekend: (1..=7).collect(), ..Calendar::default() };
    assert!(never.business_deadline(utc("2021-09-13 10:00"), 5) > utc("2031-01-01 00:00"));
    assert_eq!(never.business_days_between(utc("2021-09-13 10:00"), utc("2021-10-13 10:00")), 0);
}

#[test]
fn a_week_may_end_on_other_days() {
    let gulf = Calendar { weekend: [5, 6].into(), ..zone("Asia/Riyadh") };
    // Wednesday; Thursday is day 1, Sunday day 2.
    business(&gulf, "2021-09-15 10:00", 2, "2021-09-19 21:00");
}
