//! Canonical JSON: keys in byte order, no blanks, no floats. The same value always gives the same text.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::super::errors::StoreError;

/// A value about to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<&'static str, Json>),
}

impl Json {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn object(fields: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self::Object(fields.into_iter().collect())
    }

    /// Appends the canonical text.
    pub fn print(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(value) => out.push_str(&value.to_string()),
            Self::Text(value) => print_text(value, out),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.print(out);
                }
                out.push(']');
            }
            Self::Object(fields) => {
                out.push('{');
                for (index, (key, value)) in fields.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    print_text(key, out);
                    out.push(':');
                    value.print(out);
                }
                out.push('}');
            }
        }
    }
}

/// Escapes what JSON demands and nothing else: quotes, backslashes, control characters (as `\u00xx`).
fn print_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if u32::from(control) < 0x20 => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// An object being read: each field is taken once, and none may remain.
pub(super) struct Object {
    fields: serde_json::Map<String, Value>,
}

impl Object {
    pub fn of(value: Value) -> Result<Self, StoreError> {
        match value {
            Value::Object(fields) => Ok(Self { fields }),
            other => Err(fault("an object", &other)),
        }
    }

    pub fn read<T: Canon>(&mut self, key: &str) -> Result<T, StoreError> {
        let value = self.fields.remove(key).ok_or_else(|| StoreError::corrupt(format!("the field {key:?} is missing")))?;
        T::read(value)
    }

    /// A field that older entries do not have.
    pub fn read_if_there<T: Canon>(&mut self, key: &str) -> Result<Option<T>, StoreError> {
        self.fields.remove(key).map(T::read).transpose()
    }

    pub fn end(self) -> Result<(), StoreError> {
        match self.fields.keys().next() {
            None => Ok(()),
            Some(key) => Err(StoreError::corrupt(format!("the field {key:?} is not known"))),
        }
    }
}

/// What was expected instead of a value. Of the value only its kind is told: it may hold personal data.
pub(super) fn fault(expected: &str, found: &Value) -> StoreError {
    let kind = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    StoreError::corrupt(format!("{expected} expected, {kind} found"))
}

/// A type with one canonical form.
pub(super) trait Canon: Sized {
    fn write(&self) -> Json;
    fn read(value: Value) -> Result<Self, StoreError>;
}
