//! The scalar of lengths of time.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::TimeDelta;

/// A length of time, in weeks, days, hours, minutes and seconds of ISO 8601: `P5D`, `PT36H`, `P1DT12H30M`. Whole numbers; a day has 24
/// hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration(pub TimeDelta);

/// Digits that one number of a duration may have.
const MAX_DIGITS: usize = 9;

#[Scalar(name = "Duration", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#appendix-A")]
impl ScalarType for Duration {
    fn parse(value: Value) -> InputValueResult<Self> {
        let parsed = match &value {
            Value::String(text) => parse(text),
            _ => None,
        };
        parsed.map(Self).ok_or_else(|| InputValueError::custom("Expected a duration such as P5D or PT36H."))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(format!("PT{}S", self.0.num_seconds()))
    }
}

fn parse(text: &str) -> Option<TimeDelta> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    if rest.is_empty() || time == Some("") {
        return None;
    }
    let days = seconds(days, &[('W', 7 * 86_400), ('D', 86_400)])?;
    let time = seconds(time.unwrap_or_default(), &[('H', 3_600), ('M', 60), ('S', 1)])?;
    TimeDelta::try_seconds(days.checked_add(time)?)
}

/// The sum of numbers, each before its unit; the units in this order, each at most once.
fn seconds(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut sum = 0_i64;
    for (unit, length) in units {
        if let Some((number, rest)) = text.split_once(*unit) {
            let whole = (1..=MAX_DIGITS).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
            sum = sum.checked_add(number.parse::<i64>().ok().filter(|_| whole)?.checked_mul(*length)?)?;
            text = rest;
        }
    }
    text.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_strictly() {
        let days = |text: &str| parse(text).map(|span| span.num_seconds());
        assert_eq!(days("P5D"), Some(5 * 86_400));
        assert_eq!(days("P1W2D"), Some(9 * 86_400));
        assert_eq!(days("P1DT12H30M5S"), Some(86_400 + 45_005));
        assert_eq!(days("PT0S"), Some(0));
        for wrong in
            ["", "P", "PT", "5D", "P-5D", "P5", "P1D2W", "P1Y", "P1M", "PT5", "P5DT", "P 5D", "P1.5D", "P9999999999D", "p5d"]
        {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }
}
