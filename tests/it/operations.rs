//! The operations of the playground: each is valid as it stands, says as whom it runs, and has the variables it needs.

use std::fs;
use std::path::{Path, PathBuf};

use async_graphql::parser::parse_query;
use async_graphql::{Request, ServerError, Variables};
use cpor::graphql;
use futures_util::StreamExt;
use serde_json::{Value, json};

/// Those whom the demo has.
const PEOPLE: [&str; 10] = ["anna", "ben", "clara", "dmitri", "rita", "ravi", "lena", "aude", "elig", "otto"];

/// The operations, by file name.
pub fn operations() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("playground/operations");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "graphql")).collect();
    files.sort();
    files
}

/// The variables beside an operation, with a stand-in for each placeholder.
fn variables(path: &Path) -> Value {
    let beside = path.with_extension("variables.json");
    let mut variables = fs::read_to_string(beside).map_or_else(|_| json!({}), |text| serde_json::from_str(&text).unwrap());
    fill(&mut variables);
    variables
}

/// What the playground replaces, as its README says.
fn fill(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with('$') => *value = stand_in(text),
        Value::Array(items) => items.iter_mut().for_each(fill),
        Value::Object(members) => members.values_mut().for_each(fill),
        _ => {}
    }
}

fn stand_in(placeholder: &str) -> Value {
    match placeholder {
        "$NEW_UUID" => json!("018f2b5e-7c1a-7d3e-9b8a-2f6d4c1e0a55"),
        "$TODAY" => json!("2026-01-31"),
        "$SAMPLE_NAME" => json!("statement-of-work.pdf"),
        "$LAST_CLAIM_NUMBER" => json!("CPOR-100001"),
        last if last.starts_with("$LAST_") && last.ends_with("_VERSION") => json!(1),
        last if last.starts_with("$LAST_") && last.ends_with("_ID") => json!("QQ"),
        other => panic!("{other} is nothing that the playground replaces"),
    }
}

#[test]
fn every_operation_says_as_whom_it_runs_and_explains_itself() {
    let files = operations();
    assert!(files.len() >= 18, "{files:?}");
    for path in files.iter().skip(1) {
        let text = fs::read_to_string(path).unwrap();
        let person = text.lines().next().and_then(|line| line.strip_prefix("# As: ")).map(str::trim).unwrap_or_default();
        assert!(PEOPLE.contains(&person), "{path:?} begins with {:?}", text.lines().next());
        assert!(text.lines().filter(|line| line.starts_with('#')).count() > 1, "{path:?} says nothing of itself");
        let wide: Vec<_> = text.lines().filter(|line| line.trim_start().starts_with('#') && line.len() > 64).collect();
        assert!(wide.is_empty(), "{path:?}: {wide:?}");
        assert_eq!(parse_query(&text).unwrap().operations.iter().count(), 1, "{path:?}");
    }
}

#[tokio::test]
async fn every_operation_is_valid_with_its_variables() {
    let schema = graphql::demo_schema();
    for path in operations() {
        let request = Request::new(fs::read_to_string(&path).unwrap()).variables(Variables::from_json(variables(&path)));
        // Without a viewer nothing can be answered: what is past validation and coercion fails with a code.
        let answer = schema.execute_stream(request).next().await.unwrap();
        let invalid: Vec<_> = answer.errors.iter().filter(|error| !has_code(error)).collect();
        assert!(invalid.is_empty(), "{path:?}: {invalid:?}");
    }
}

fn has_code(error: &ServerError) -> bool {
    error.extensions.as_ref().is_some_and(|values| values.get("code").is_some())
}
