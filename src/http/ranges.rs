//! What a request for a file asks: all of it, a part of it, or whether it is another than the client has (RFC 9110, sections 13 and 14).

use std::ops::Range;

use axum::http::{HeaderMap, header};
use headers::{ETag, HeaderMapExt, IfNoneMatch, IfRange};

/// What is asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing: the client has these very bytes.
    NotModified,
    /// All.
    Whole,
    /// These bytes, at least one.
    Part(Range<u64>),
    /// A part that is not there.
    Unsatisfiable,
}

/// What is asked of a file of this size. Several ranges at once are answered with all of it, as is what cannot be read.
pub(super) fn asked(headers: &HeaderMap, etag: &ETag, size: u64) -> Asked {
    if headers.typed_get::<IfNoneMatch>().is_some_and(|known| !known.precondition_passes(etag)) {
        return Asked::NotModified;
    }
    // A part of another file than this one would not fit the parts that the client has.
    if headers.contains_key(header::IF_RANGE)
        && headers.typed_get::<IfRange>().is_none_or(|part_of| part_of.is_modified(Some(etag), None))
    {
        return Asked::Whole;
    }
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).and_then(|range| range.strip_prefix("bytes="));
    match range.map(|range| part(range, size)) {
        None | Some(None) => Asked::Whole,
        Some(Some(range)) if range.is_empty() => Asked::Unsatisfiable,
        Some(Some(range)) => Asked::Part(range),
    }
}

/// The bytes of one range, `2-5`, `2-` or `-5`; none of them if it lies outside; `None` if it is no range.
fn part(range: &str, size: u64) -> Option<Range<u64>> {
    let (first, last) = range.trim().split_once('-')?;
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().unwrap_or(u64::MAX));
    match (first, last) {
        ("", "") => None,
        ("", suffix) => Some(size.saturating_sub(number(suffix)?)..size),
        (first, "") => Some(number(first)?..size),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then(|| first..last.saturating_add(1).min(size))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ask(sent: &[(&'static str, &str)]) -> Asked {
        let headers = sent.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        asked(&headers, &"\"this\"".parse().unwrap(), 10)
    }

    #[test]
    fn a_range_is_the_bytes_that_are_there_of_it() {
        for (range, bytes) in [("0-0", 0..1), ("2-5", 2..6), ("2-", 2..10), ("9-99", 9..10), ("-3", 7..10), ("-99", 0..10)] {
            assert_eq!(ask(&[("range", &format!("bytes={range}"))]), Asked::Part(bytes), "{range}");
        }
        for range in ["10-", "10-12", "-0", "99999999999999999999999-"] {
            assert_eq!(ask(&[("range", &format!("bytes={range}"))]), Asked::Unsatisfiable, "{range}");
        }
        for range in ["bytes=0-1,4-5", "bytes=5-2", "bytes=-", "bytes=", "bytes=+1-2", "bytes=a-b", "lines=0-1", "0-1"] {
            assert_eq!(ask(&[("range", range)]), Asked::Whole, "{range}");
        }
        assert_eq!(ask(&[]), Asked::Whole);
    }

    #[test]
    fn a_file_that_the_client_has_is_not_sent_again() {
        for known in ["\"this\"", "W/\"this\"", "\"that\", \"this\"", "*"] {
            assert_eq!(ask(&[("if-none-match", known), ("range", "bytes=0-1")]), Asked::NotModified, "{known}");
        }
        assert_eq!(ask(&[("if-none-match", "\"that\"")]), Asked::Whole);
    }

    #[test]
    fn a_part_is_sent_of_the_file_that_the_client_began_with_alone() {
        let part = ("range", "bytes=0-1");
        assert_eq!(ask(&[part, ("if-range", "\"this\"")]), Asked::Part(0..2));
        for other in ["\"that\"", "W/\"this\"", "Sun, 22 Nov 2026 10:00:00 GMT", "rubbish"] {
            assert_eq!(ask(&[part, ("if-range", other)]), Asked::Whole, "{other}");
        }
    }
}
