//! Holidays from an iCalendar file (RFC 5545), as calendars of public holidays are published: events of whole days.
//!
//! Strict where a guess would shift a deadline: an event with a time of day or one that recurs is a problem, told with its name.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::fields::{Problem, Problems};

/// The longest name of a holiday that is kept, in characters; the rest is cut off.
const MAX_NAME_CHARS: usize = 200;
/// Days that one event may last.
const MAX_EVENT_DAYS: usize = 31;
/// Holidays that one file may hold.
const MAX_HOLIDAYS: usize = 2_000;
/// What makes an event recur.
const RECURRENCE: [&str; 3] = ["RRULE", "RDATE", "EXRULE"];

/// Whether a file is meant as iCalendar rather than JSON.
pub(super) fn is_calendar(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().get(..15).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
}

/// The holidays of a file with their names, by day; everything that is wrong at once.
pub(super) fn read(text: &str) -> Result<BTreeMap<NaiveDate, String>, Vec<Problem>> {
    let mut problems = Problems::default();
    let mut holidays = BTreeMap::new();
    for event in events(text, &mut problems) {
        let Some(days) = event.days(&mut problems) else { continue };
        for day in days {
            holidays.entry(day).or_insert_with(|| event.name.clone());
        }
    }
    if holidays.len() > MAX_HOLIDAYS {
        problems.add("", format!("holds {} holidays; {MAX_HOLIDAYS} at most", holidays.len()));
    }
    if holidays.is_empty() && problems.0.is_empty() {
        problems.add("", "holds no event of a whole day");
    }
    if problems.0.is_empty() { Ok(holidays) } else { Err(problems.0) }
}

/// An event as it is written.
#[derive(Default)]
struct Event {
    /// The line on which it begins.
    line: usize,
    name: String,
    start: Option<Property>,
    end: Option<Property>,
    duration: Option<String>,
    recurs_by: Option<&'static str>,
    is_canceled: bool,
}

/// A property with a value, and whether its parameters say that it is a day.
#[derive(Clone)]
struct Property {
    is_day: bool,
    value: String,
}

/// The events of a file. What stands within an event, as an alarm does, is none of ours.
fn events(text: &str, problems: &mut Problems) -> Vec<Event> {
    let (mut events, mut open, mut inner) = (Vec::new(), None::<Event>, 0_usize);
    for (number, line) in unfolded(text) {
        let Some((name, parameters, value)) = property(&line) else { continue };
        let kind = value.trim().to_ascii_uppercase();
        match (name.as_str(), open.as_mut()) {
            ("BEGIN", None) if kind == "VEVENT" => open = Some(Event { line: number, ..Event::default() }),
            ("BEGIN", Some(_)) => inner += 1,
            ("END", Some(_)) if inner > 0 => inner -= 1,
            ("END", Some(_)) if kind == "VEVENT" => events.extend(open.take()),
            (_, Some(event)) if inner == 0 => event.take(&name, &parameters, value),
            _ => {}
        }
    }
    if let Some(event) = open {
        problems.add(event.path(), "has no end: the file is not whole");
    }
    events
}

impl Event {
    fn take(&mut self, name: &str, parameters: &str, value: &str) {
        let property = || {
            let is_day = parameters.split(';').any(|one| one.eq_ignore_ascii_case("VALUE=DATE"));
            Some(Property { is_day, value: value.trim().to_owned() })
        };
        match name {
            "SUMMARY" => self.name = unescaped(value).trim().chars().take(MAX_NAME_CHARS).collect(),
            "DTSTART" => self.start = property(),
            "DTEND" => self.end = property(),
            "DURATION" => self.duration = Some(value.trim().to_owned()),
            "STATUS" => self.is_canceled = value.trim().eq_ignore_ascii_case("CANCELLED"),
            other => self.recurs_by = self.recurs_by.or(RECURRENCE.into_iter().find(|each| *each == other)),
        }
    }

    fn path(&self) -> String {
        match self.name.as_str() {
            "" => format!("the event on line {}", self.line),
            name => format!("the event {name:?} on line {}", self.line),
        }
    }

    /// Its days: from the start up to the end, which does not belong to it.
    fn days(&self, problems: &mut Problems) -> Option<Vec<NaiveDate>> {
        if self.is_canceled {
            return None;
        }
        let mut refuse = |text: &str| {
            problems.add(self.path(), text);
            None
        };
        if let Some(rule) = self.recurs_by {
            return refuse(&format!(
                "recurs ({rule}): write each date out as an event of its own, since rules of repetition are not read"
            ));
        }
        let Some(start) = self.start.as_ref() else { return refuse("has no DTSTART") };
        let Some(first) = start.day() else {
            return refuse("is not of a whole day: DTSTART must be a date (VALUE=DATE), such as 20261225");
        };
        let end = match (&self.end, self.duration.as_deref()) {
            (Some(end), _) => end.day(),
            (None, Some(duration)) => whole_days(duration).and_then(|days| first.checked_add_days(days)),
            (None, None) => first.succ_opt(),
        };
        let Some(end) = end else { return refuse("has an end that is no date") };
        let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day < end).take(MAX_EVENT_DAYS + 1).collect();
        match days.len() {
            0 => refuse("ends before it begins"),
            count if count > MAX_EVENT_DAYS => refuse(&format!("lasts longer than {MAX_EVENT_DAYS} days")),
            _ => Some(days),
        }
    }
}

impl Property {
    fn day(&self) -> Option<NaiveDate> {
        let digits = self.value.len() == 8 && self.value.bytes().all(|byte| byte.is_ascii_digit());
        (self.is_day || digits).then(|| NaiveDate::parse_from_str(&self.value, "%Y%m%d").ok()).flatten().filter(|_| digits)
    }
}

/// A duration of whole days or weeks, `P1D` or `P1W`.
fn whole_days(text: &str) -> Option<chrono::Days> {
    let text = text.strip_prefix('P')?;
    let (number, length) =
        text.strip_suffix('D').map(|days| (days, 1)).or_else(|| text.strip_suffix('W').map(|weeks| (weeks, 7)))?;
    Some(chrono::Days::new(number.parse::<u64>().ok()?.checked_mul(length)?))
}

/// The lines with their numbers; one that begins with a blank goes on with the line before.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim_end_matches('\r');
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some((_, last))) => last.push_str(more),
            _ => lines.push((index + 1, line.to_owned())),
        }
    }
    lines
}

/// Name in capitals, parameters, value. A colon within quotes belongs to the parameters.
fn property(line: &str) -> Option<(String, String, &str)> {
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ':' && !quoted
    });
    let (head, value) = line.split_at(colon?.0);
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    Some((name.trim().to_ascii_uppercase(), parameters.to_owned(), &value[1..]))
}

/// A text value without the backslashes of its commas, semicolons and line ends.
fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(chars.next().map_or('\\', |next| if matches!(next, 'n' | 'N') { ' ' } else { next })),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(events: &str) -> String {
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.replace('\n', "\r\n"))
    }

    fn told(events: &str) -> Vec<String> {
        read(&calendar(events)).err().unwrap_or_default().iter().map(Problem::to_string).collect()
    }

    #[test]
    fn whole_days_are_taken_with_their_names() {
        let text = calendar(
            "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\nSUMMARY:Boże Narodzenie\\, dwa\n  dni\n\
             BEGIN:VALARM\nDTSTART:20200101T000000Z\nEND:VALARM\nEND:VEVENT\n\
             BEGIN:VEVENT\nDTSTART:20270101\nSUMMARY;X=\"a:b\":Nowy Rok\nEND:VEVENT\n\
             BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270501\nDURATION:P1D\nEND:VEVENT\n\
             BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270502\nSTATUS:CANCELLED\nRRULE:FREQ=YEARLY\nEND:VEVENT\n",
        );
        assert!(is_calendar(&text) && !is_calendar("{}"));
        let found: Vec<(String, String)> =
            read(&text).unwrap_or_default().into_iter().map(|(day, name)| (day.to_string(), name)).collect();
        let expected = [
            ("2026-12-25", "Boże Narodzenie, dwa dni"),
            ("2026-12-26", "Boże Narodzenie, dwa dni"),
            ("2027-01-01", "Nowy Rok"),
            ("2027-05-01", ""),
        ];
        assert_eq!(found, expected.map(|(day, name)| (day.to_owned(), name.to_owned())));
    }

    #[test]
    fn what_would_be_a_guess_is_a_problem() {
        let yearly = told("BEGIN:VEVENT\nSUMMARY:New Year\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY\nEND:VEVENT\n");
        assert!(yearly.len() == 1 && yearly[0].starts_with("the event \"New Year\" on line 3: recurs (RRULE)"), "{yearly:?}");
        let cases = [
            ("DTSTART:20260101T100000Z\n", "is not of a whole day"),
            ("DTSTART;VALUE=DATE:20260231\n", "is not of a whole day"),
            ("SUMMARY:x\n", "has no DTSTART"),
            ("DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260102\n", "ends before it begins"),
            ("DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20270102\n", "lasts longer than 31 days"),
            ("DTSTART;VALUE=DATE:20260102\nDURATION:PT5H\n", "has an end that is no date"),
        ];
        for (lines, problem) in cases {
            let told = told(&format!("BEGIN:VEVENT\n{lines}END:VEVENT\n"));
            assert!(told.len() == 1 && told[0].contains(problem), "{lines}: {told:?}");
        }
        assert!(told("BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\n").iter().any(|text| text.contains("has no end")));
        assert_eq!(told(""), ["holds no event of a whole day"]);
    }
}
