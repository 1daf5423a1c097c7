//! The scalars: strict on the way in, one form on the way out.

use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, SecondsFormat, Utc};

use super::duration::Duration;
use crate::domain::details::EmailAddress as Address;

/// An instant in UTC, RFC 3339, to the microsecond: `2021-09-10T16:00:00.000000Z`. An offset other than `Z` is taken and turned into UTC.
#[derive(Description, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub chrono::DateTime<Utc>);

#[Scalar(name = "DateTime", use_type_description = true, specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(&value)?;
        let instant =
            chrono::DateTime::parse_from_rfc3339(text).map_err(|_| expected("an instant such as 2021-09-10T16:00:00Z"))?;
        Ok(Self(instant.with_timezone(&Utc)))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

/// A day without a time, `2021-09-10`.
#[derive(Description, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

#[Scalar(name = "Date", use_type_description = true, specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(&value)?;
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        day.map(Self).ok_or_else(|| expected("a day such as 2021-09-10"))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A UUID (GUID) in its usual form, with hyphens: `018f2b5e-7c1a-7d3e-9b8a-2f6d4c1e0a55`.
#[derive(Description, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Uuid(pub uuid::Uuid);

#[Scalar(name = "UUID", use_type_description = true, specified_by_url = "https://www.rfc-editor.org/rfc/rfc9562")]
impl ScalarType for Uuid {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(&value)?;
        let id = uuid::Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
        id.map(Self).ok_or_else(|| expected("a UUID with hyphens"))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An e-mail address, `local@domain`.
#[derive(Description, Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(pub String);

#[Scalar(
    name = "EmailAddress",
    use_type_description = true,
    specified_by_url = "https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address"
)]
impl ScalarType for EmailAddress {
    fn parse(value: Value) -> InputValueResult<Self> {
        let address = Address::parse(text(&value)?).ok_or_else(|| expected("an e-mail address"))?;
        Ok(Self(address.to_string()))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A URL, or a reference relative to the server that answered, as `/documents/…`.
#[derive(Description, Clone, Debug, PartialEq, Eq)]
pub struct Url(pub String);

#[Scalar(name = "URL", use_type_description = true, specified_by_url = "https://www.rfc-editor.org/rfc/rfc3986")]
impl ScalarType for Url {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(text(&value)?.to_owned()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A place in a list or in the stream of events. Opaque: it comes from the server and goes back to it, unread.
#[derive(Description, Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub String);

#[Scalar(name = "Cursor", use_type_description = true, specified_by_url = "https://relay.dev/graphql/connections.htm#sec-Cursor")]
impl ScalarType for Cursor {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(text(&value)?.to_owned()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// Whether a scalar of ours takes a value; `None` for what is none of ours.
#[must_use]
pub fn is_valid(scalar: &str, value: &Value) -> Option<bool> {
    let is_valid = match scalar {
        "DateTime" => DateTime::is_valid,
        "Date" => Date::is_valid,
        "UUID" => Uuid::is_valid,
        "EmailAddress" => EmailAddress::is_valid,
        "URL" => Url::is_valid,
        "Cursor" => Cursor::is_valid,
        "Duration" => Duration::is_valid,
        _ => return None,
    };
    Some(is_valid(value))
}

fn text<T: async_graphql::InputType>(value: &Value) -> Result<&str, InputValueError<T>> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(expected("a string")),
    }
}

fn expected<T: async_graphql::InputType>(what: &str) -> InputValueError<T> {
    InputValueError::custom(format!("Expected {what}."))
}
