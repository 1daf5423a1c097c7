//! Counting days: when the Nth business or calendar day after an event ends.
//!
//! The day of the event is day 0; a deadline is the end of the Nth day after it, told as the exclusive instant 00:00 local time
//! of the day after. Only business-day counting skips weekends and holidays. (`domain.md`, section 4.)

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// Days a search for the next business day may walk: a guard against a calendar in which nobody ever works.
const MAX_DAYS_WALKED: u32 = 3_660;

/// A business calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The zone in which days begin and end.
    pub time_zone: Tz,
    /// The days of the week on which nobody works.
    pub weekend: BTreeSet<WeekdayNumber>,
    /// The dates on which nobody works.
    pub holidays: BTreeSet<NaiveDate>,
}

/// A day of the week, 1 for Monday to 7 for Sunday (ISO 8601).
pub type WeekdayNumber = u8;

impl Default for Calendar {
    /// UTC, Saturday and Sunday, no holidays.
    fn default() -> Self {
        let weekend = [Weekday::Sat, Weekday::Sun].map(number).into();
        Self { time_zone: Tz::UTC, weekend, holidays: BTreeSet::new() }
    }
}

fn number(day: Weekday) -> WeekdayNumber {
    u8::try_from(day.number_from_monday()).unwrap_or(7)
}

impl Calendar {
    /// The local date of an instant.
    #[must_use]
    pub fn date_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.time_zone).date_naive()
    }

    /// Whether people work on this date: no weekend day, no holiday, and a day that happens at all in this zone.
    #[must_use]
    pub fn is_business_day(&self, date: NaiveDate) -> bool {
        !self.weekend.contains(&number(date.weekday())) && !self.holidays.contains(&date) && self.exists(date)
    }

    /// The exclusive end of the `days`-th business day after the event's day.
    #[must_use]
    pub fn business_deadline(&self, event: DateTime<Utc>, days: u16) -> DateTime<Utc> {
        self.deadline(event, days, |date| self.is_business_day(date))
    }

    /// The exclusive end of the `days`-th calendar day after the event's day.
    #[must_use]
    pub fn calendar_deadline(&self, event: DateTime<Utc>, days: u16) -> DateTime<Utc> {
        self.deadline(event, days, |date| self.exists(date))
    }

    fn deadline(&self, event: DateTime<Utc>, days: u16, counts: impl Fn(NaiveDate) -> bool) -> DateTime<Utc> {
        let mut date = self.date_of(event);
        let mut counted = 0;
        let mut walked = 0;
        while counted < days && walked < MAX_DAYS_WALKED {
            date = next(date);
            walked += 1;
            counted += u16::from(counts(date));
        }
        self.start_of(next(date))
    }

    /// The beginning of the `days`-th last business day before an exclusive end.
    #[must_use]
    pub fn business_days_before(&self, expires_at: DateTime<Utc>, days: u16) -> DateTime<Utc> {
        self.before(expires_at, days, |date| self.is_business_day(date))
    }

    /// The beginning of the `days`-th last calendar day before an exclusive end.
    #[must_use]
    pub fn calendar_days_before(&self, expires_at: DateTime<Utc>, days: u16) -> DateTime<Utc> {
        self.before(expires_at, days, |date| self.exists(date))
    }

    fn before(&self, expires_at: DateTime<Utc>, days: u16, counts: impl Fn(NaiveDate) -> bool) -> DateTime<Utc> {
        let mut date = self.last_day(expires_at);
        let mut counted = u16::from(counts(date));
        let mut walked = 0;
        while counted < days && walked < MAX_DAYS_WALKED {
            date = date.pred_opt().unwrap_or(NaiveDate::MIN);
            walked += 1;
            counted += u16::from(counts(date));
        }
        self.start_of(date)
    }

    /// Whether the date happens at all in this zone: some zones have skipped a whole day.
    fn exists(&self, date: NaiveDate) -> bool {
        self.date_of(self.start_of(date)) == date
    }

    /// Business days from the day of `from` (counted if it is one) to the last day before `until`, both local.
    #[must_use]
    pub fn business_days_between(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> u16 {
        let last = self.last_day(until);
        let days = self.date_of(from).iter_days().take_while(|day| *day <= last).take(MAX_DAYS_WALKED as usize);
        u16::try_from(days.filter(|day| self.is_business_day(*day)).count()).unwrap_or(u16::MAX)
    }

    /// The last local date on which acting is in time, for an exclusive deadline.
    #[must_use]
    pub fn last_day(&self, expires_at: DateTime<Utc>) -> NaiveDate {
        self.date_of(expires_at - TimeDelta::microseconds(1))
    }

    /// The instant at which a local date begins for good. Where daylight saving skips midnight, the first instant that exists;
    /// where a clock set back shows the day before once more, the second midnight, so that no day is cut short.
    fn start_of(&self, date: NaiveDate) -> DateTime<Utc> {
        const STEP_MINUTES: i64 = 15;
        const STEPS_IN_A_DAY: i64 = 24 * 60 / STEP_MINUTES;
        let midnight = date.and_time(NaiveTime::MIN);
        (0..=2 * STEPS_IN_A_DAY)
            .filter_map(|step| {
                let local = midnight.checked_add_signed(TimeDelta::minutes(step * STEP_MINUTES))?;
                let found = self.time_zone.from_local_datetime(&local);
                let instants = [found.latest()?.to_utc(), found.earliest()?.to_utc()];
                // Set back within the day, midnight comes twice as well, but the day before does not: the first one counts.
                Some(if self.last_day(instants[0]) < date { instants[0] } else { instants[1] })
            })
            .next()
            .unwrap_or_else(|| midnight.and_utc())
    }
}

fn next(date: NaiveDate) -> NaiveDate {
    date.succ_opt().unwrap_or(NaiveDate::MAX)
}
