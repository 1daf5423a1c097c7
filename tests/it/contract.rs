//! `schema.graphql` is the product: it changes only on purpose, and everything in it is described.

use async_graphql::{Request, ServerError};
use cpor::graphql;
use serde_json::Value;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");

const INTROSPECTION: &str = "{ __schema { types { name kind description specifiedByURL
    fields { name description args { name description } }
    inputFields { name description }
    enumValues { name description } } } }";

#[test]
fn the_committed_schema_is_what_the_server_speaks() {
    let sdl = graphql::sdl();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &sdl).unwrap();
    }
    let committed = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    assert!(committed == sdl, "schema.graphql is out of date: run with UPDATE_GOLDEN=1, look at the difference, and commit it");
}

#[tokio::test]
async fn every_item_of_the_schema_is_described() {
    let answer = introspect().await;
    let mut bare = Vec::new();
    for ty in list(&answer["__schema"]["types"]) {
        let name = text(&ty["name"]);
        if name.starts_with("__") || is_built_in(name) {
            continue;
        }
        note(&mut bare, name.to_owned(), ty);
        for field in list(&ty["fields"]) {
            let path = format!("{name}.{}", text(&field["name"]));
            for argument in list(&field["args"]) {
                note(&mut bare, format!("{path}({})", text(&argument["name"])), argument);
            }
            note(&mut bare, path, field);
        }
        for member in list(&ty["inputFields"]).iter().chain(list(&ty["enumValues"])) {
            note(&mut bare, format!("{name}.{}", text(&member["name"])), member);
        }
    }
    assert!(bare.is_empty(), "without a description:\n{}", bare.join("\n"));
}

#[tokio::test]
async fn every_scalar_of_ours_says_where_it_is_specified() {
    let answer = introspect().await;
    let scalars = list(&answer["__schema"]["types"]).iter().filter(|ty| ty["kind"] == "SCALAR");
    let unspecified: Vec<_> = scalars
        .filter(|ty| ty["specifiedByURL"].is_null())
        .map(|ty| text(&ty["name"]))
        .filter(|name| !is_built_in(name))
        .collect();
    assert!(unspecified.is_empty(), "{unspecified:?}");
}

#[tokio::test]
async fn a_request_that_was_not_attached_to_a_viewer_tells_nothing() {
    let answer = graphql::schema().execute("{ policies { version } }").await;
    let codes: Vec<_> = answer.errors.iter().map(code).collect();
    assert_eq!(codes, ["INTERNAL_SERVER_ERROR"]);
}

fn code(error: &ServerError) -> String {
    let code = error.extensions.as_ref().and_then(|values| values.get("code"));
    code.map_or_else(String::new, |code| code.to_string().trim_matches('"').to_owned())
}

async fn introspect() -> Value {
    let answer = graphql::schema().execute(Request::new(INTROSPECTION)).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    answer.data.into_json().unwrap()
}

fn note(bare: &mut Vec<String>, path: String, item: &Value) {
    if item["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
        bare.push(path);
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn is_built_in(name: &str) -> bool {
    ["Int", "Float", "String", "Boolean", "ID"].contains(&name)
}
