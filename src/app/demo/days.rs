//! When things happen in the demo: on business days, in working hours, and before now.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::random::Random;
use crate::domain::calendar::Calendar;

/// Days a search for a business day may walk.
const MAX_DAYS_WALKED: usize = 40;
/// The latest start of a day's work, in minutes after its beginning.
const LATEST_START_MINUTES: u16 = 240;
/// Minutes between two acts of the same day, at least and at most.
const PAUSE_MINUTES: (u16, u16) = (3, 28);
/// How long before now the last thing has happened, at least.
const MARGIN: TimeDelta = TimeDelta::minutes(10);

/// One act in time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// Business days after the act before.
    pub gap: u16,
    /// When the actor's working day begins, hours of UTC.
    pub opens: u16,
}

/// The business day that is `count` before this date; for 0, this date or the last business day before it.
fn back(calendar: &Calendar, date: NaiveDate, count: u16) -> NaiveDate {
    let mut days =
        date.iter_days().rev().take(MAX_DAYS_WALKED + usize::from(count) * 3).filter(|day| calendar.is_business_day(*day));
    days.nth(usize::from(count)).unwrap_or(date)
}

/// An instant for each slot, rising; the last one `ago` business days before now, or the next business day before that.
pub(super) fn lay_out(
    slots: &[Slot],
    ago: u16,
    now: DateTime<Utc>,
    calendar: &Calendar,
    random: &mut Random,
) -> Vec<DateTime<Utc>> {
    (ago..=ago.saturating_add(2))
        .map(|ago| ending(slots, ago, now, calendar, random))
        .find(|times| times.last().is_none_or(|last| *last < now - MARGIN))
        .unwrap_or_default()
}

fn ending(slots: &[Slot], ago: u16, now: DateTime<Utc>, calendar: &Calendar, random: &mut Random) -> Vec<DateTime<Utc>> {
    let mut day = back(calendar, now.date_naive(), ago);
    let mut days: Vec<NaiveDate> = Vec::with_capacity(slots.len());
    for slot in slots.iter().rev() {
        days.push(day);
        day = back(calendar, day, slot.gap);
    }
    let mut times: Vec<DateTime<Utc>> = Vec::with_capacity(slots.len());
    for (slot, day) in slots.iter().zip(days.into_iter().rev()) {
        let minutes = u64::from(slot.opens * 60 + random.between(0, LATEST_START_MINUTES));
        let morning = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::seconds(i64::from(random.between(0, 59)));
        let start = morning + TimeDelta::minutes(i64::try_from(minutes).unwrap_or_default());
        let pause = TimeDelta::minutes(i64::from(random.between(PAUSE_MINUTES.0, PAUSE_MINUTES.1)));
        let earliest = times.last().map(|last| *last + pause);
        let same_day = slot.gap == 0;
        times.push(match earliest {
            Some(earliest) if same_day || start < earliest => earliest,
            _ => start,
        });
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_follow_one_another_on_business_days_and_end_before_now() {
        let calendar = Calendar::default();
        let slots = [(0, 8), (2, 8), (0, 8), (1, 14), (5, 7), (0, 7)].map(|(gap, opens)| Slot { gap, opens });
        // A Sunday, a Monday in the small hours, and a Thursday in the evening.
        for now in ["2021-09-12T12:00:00Z", "2021-09-13T00:30:00Z", "2021-09-16T20:00:00Z"] {
            let now: DateTime<Utc> = now.parse().unwrap_or_default();
            for seed in 0..200 {
                let times = lay_out(&slots, 0, now, &calendar, &mut Random::new(seed));
                assert_eq!(times.len(), slots.len());
                assert!(times.is_sorted_by(|a, b| a < b) && times.iter().all(|at| *at < now), "{times:?}");
                assert!(times.iter().all(|at| calendar.is_business_day(at.date_naive())), "{times:?}");
            }
        }
    }
}
