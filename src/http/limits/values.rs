//! Bounds on values: what variables and literals may not be, before any resolver sees them.

use async_graphql::{Value as ConstValue, Variables};
use async_graphql_value::Value;

use crate::http::error::{Code, Refusal};
use crate::http::settings::Limits;

/// The engine marks an upload by a string of this form; a forged one makes it index past the end of its list.
const UPLOAD_MARK: &str = "#__graphql_file__:";

/// Checks all variables of a request.
pub(in crate::http) fn check_variables(variables: &Variables, limits: &Limits) -> Result<(), Refusal> {
    variables.values().try_for_each(|value| check(value, 1, limits))
}

/// Checks the size of the variables as they arrived.
pub(in crate::http) fn check_size(bytes: usize, limits: &Limits) -> Result<(), Refusal> {
    if bytes > limits.variables_bytes {
        let (maximum, value) = (limits.variables_bytes as u64, bytes as u64);
        return Err(Refusal::limit("variables_bytes", maximum, value));
    }
    Ok(())
}

/// Checks a constant, as a default value or a variable. `depth` is of this value itself, from one.
pub(super) fn check(value: &ConstValue, depth: usize, limits: &Limits) -> Result<(), Refusal> {
    deep(depth, limits)?;
    match value {
        ConstValue::String(text) => string(text),
        ConstValue::List(items) => {
            long(items.len(), limits)?;
            items.iter().try_for_each(|item| check(item, depth + 1, limits))
        }
        ConstValue::Object(members) => members.iter().try_for_each(|(name, item)| {
            string(name)?;
            check(item, depth + 1, limits)
        }),
        _ => Ok(()),
    }
}

/// Checks a literal in a document; its nesting is bounded by the scan.
pub(super) fn check_literal(value: &Value, limits: &Limits) -> Result<(), Refusal> {
    match value {
        Value::String(text) => string(text),
        Value::List(items) => {
            long(items.len(), limits)?;
            items.iter().try_for_each(|item| check_literal(item, limits))
        }
        Value::Object(members) => members.values().try_for_each(|item| check_literal(item, limits)),
        _ => Ok(()),
    }
}

fn deep(depth: usize, limits: &Limits) -> Result<(), Refusal> {
    if depth > limits.variables_depth {
        let (maximum, value) = (limits.variables_depth as u64, depth as u64);
        return Err(Refusal::limit("variables_depth", maximum, value));
    }
    Ok(())
}

fn long(items: usize, limits: &Limits) -> Result<(), Refusal> {
    if items > limits.list_items {
        let (maximum, value) = (limits.list_items as u64, items as u64);
        return Err(Refusal::limit("list_items", maximum, value));
    }
    Ok(())
}

fn string(text: &str) -> Result<(), Refusal> {
    if text.contains('\0') {
        return Err(Refusal::new(Code::BadUserInput, "A string contains U+0000, which cannot be stored."));
    }
    if text.starts_with(UPLOAD_MARK) {
        return Err(Refusal::new(Code::BadUserInput, "A string begins with a mark that is reserved for uploads."));
    }
    Ok(())
}
