//! Dates as people of a language read them.

use chrono::{Datelike, NaiveDate};

use super::Language;

const ENGLISH_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const ENGLISH_MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const POLISH_DAYS: [&str; 7] = ["poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"];
const POLISH_MONTHS: [&str; 12] = [
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
];

/// A date with its day of the week: `Monday, 20 September 2021`.
#[must_use]
pub fn weekday(date: NaiveDate, language: Language) -> String {
    let days = match language {
        Language::English => ENGLISH_DAYS,
        Language::Polish => POLISH_DAYS,
    };
    format!("{}, {}", days[date.weekday().num_days_from_monday() as usize], day(date, language))
}

/// A date: `20 September 2021`.
#[must_use]
pub fn day(date: NaiveDate, language: Language) -> String {
    let months = match language {
        Language::English => ENGLISH_MONTHS,
        Language::Polish => POLISH_MONTHS,
    };
    format!("{} {} {}", date.day(), months[date.month0() as usize], date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_each_language_does() {
        let date = NaiveDate::from_ymd_opt(2021, 9, 20).expect("a date");
        assert_eq!(weekday(date, Language::English), "Monday, 20 September 2021");
        assert_eq!(weekday(date, Language::Polish), "poniedziałek, 20 września 2021");
    }
}
