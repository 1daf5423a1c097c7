//! Documents, variables and bodies that nobody would write, against the whole request path. Three seconds in a test
//! run; `CPOR_FUZZ_SECONDS=3600 cargo test --release --test it http::fuzz` for an hour.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use cpor::http::{HttpSettings, router_for};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::toy::{Toy, World};
use crate::support::leaks::leaks_nothing;

const SECONDS: &str = "CPOR_FUZZ_SECONDS";
/// Longer than any answer takes, even on a busy machine: what is not there by then hangs.
const HANGS_AFTER: Duration = Duration::from_secs(20);
const CASES_BETWEEN_LOOKS: u32 = 200;

/// Words of the language and of the toy's schema; those of the latter that fail on purpose are left out.
const WORDS: [&str; 62] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "=",
    "!",
    "|",
    "@",
    "$",
    "...",
    "&",
    ",",
    "\n",
    " ",
    "#",
    "\"",
    "\"\"\"",
    "\\",
    "\\u0000",
    "\\uD83D",
    "query",
    "mutation",
    "subscription",
    "fragment",
    "on",
    "true",
    "false",
    "null",
    "Query",
    "Mutation",
    "Live",
    "Tree",
    "Filter",
    "Int",
    "hello",
    "name",
    "echo",
    "text",
    "int",
    "n",
    "items",
    "first",
    "last",
    "nodes",
    "edges",
    "tree",
    "leaf",
    "ids",
    "filtered",
    "filter",
    "size",
    "bump",
    "count",
    "to",
    "__typename",
    "__schema",
    "__type",
    "include",
    "if",
];
const NUMBERS: [&str; 9] = ["0", "-1", "1", "2147483648", "1e400", "-0.0", "1.", "00", "99999999999999999999"];
/// Whole documents to cut, double and stir.
const SEEDS: [&str; 8] = [
    "query A($n: Int! = 1, $f: Filter) { int(n: $n) filtered(filter: $f) items(first: $n) { nodes { id } edges { cursor node { name } } } }",
    "{ ...A ...B } fragment A on Query { tree { ...T } } fragment B on Query { hello } fragment T on Tree { leaf tree { leaf } }",
    "mutation { one: bump two: bump(by: 2) @include(if: true) }",
    "subscription { count(to: 3) }",
    "{ filtered(filter: { size: 1, color: RED, tags: [\"a\", \"\"\"b\"\"\"], inner: { size: 2 } }) }",
    "query ($c: Choice!) { chosen(choice: $c) ids(ids: [1, 2, 3]) }",
    "{ __schema { types { name fields { name args { type { ofType { kind } } } } } } }",
    "# comment\n{ a: hello(name: \"\\u0041\\n\") @skip(if: false) ... on Query { hello } }",
];

fn soup() -> impl Strategy<Value = String> {
    let word = prop_oneof![8 => select(&WORDS[..]), 1 => select(&NUMBERS[..])];
    (vec(word, 0..120), any::<bool>()).prop_map(|(words, spaced)| words.join(if spaced { " " } else { "" }))
}

fn mutated() -> impl Strategy<Value = String> {
    (select(&SEEDS[..]), vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), select(&WORDS[..]), 0..4_u8), 0..8))
        .prop_map(|(seed, changes)| changes.into_iter().fold(seed.to_owned(), change))
}

fn change(document: String, (one, other, word, how): (prop::sample::Index, prop::sample::Index, &'static str, u8)) -> String {
    let characters: Vec<char> = document.chars().collect();
    if characters.is_empty() {
        return word.to_owned();
    }
    let (from, to) = (one.index(characters.len()), other.index(characters.len()));
    let (from, to) = (from.min(to), from.max(to));
    let text = |part: &[char]| part.iter().collect::<String>();
    let (head, middle, tail) = (text(&characters[..from]), text(&characters[from..to]), text(&characters[to..]));
    match how {
        0 => format!("{head}{tail}"),
        1 => format!("{head}{middle}{middle}{tail}"),
        2 => format!("{head}{word}{tail}"),
        _ => format!("{head} {word} {middle}{tail}"),
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        select(vec!["", "\0", "#__graphql_file__:0", "__proto__", "RED", "size", "byId"]).prop_map(str::to_owned)
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 6, move |inner| {
        let members = prop::collection::hash_map(text.clone(), inner.clone(), 0..4);
        prop_oneof![
            vec(inner, 0..6).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect()))
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let document = prop_oneof![soup(), mutated()];
    let variables = prop::collection::hash_map(select(vec!["n", "f", "c", "v"]), json_value(), 0..3);
    let operation = prop::option::of(select(vec!["A", "B", ""]));
    let whole = (document, variables, operation).prop_map(|(query, variables, operation)| {
        json!({ "query": query, "variables": variables, "operationName": operation }).to_string().into_bytes()
    });
    prop_oneof![8 => whole, 1 => vec(any::<u8>(), 0..400), 1 => json_value().prop_map(|value| value.to_string().into_bytes())]
}

/// Parts of a form, in any order, whole or cut.
fn form() -> impl Strategy<Value = Vec<u8>> {
    let operations = mutated().prop_map(|query| json!({ "query": query, "variables": { "n": null } }).to_string());
    let map = select(vec!["{\"0\":[\"variables.n\"]}", "{\"0\":[\"variables.n.0\"],\"1\":[\"variables.\"]}", "{}"]);
    let other = prop_oneof![json_value().prop_map(|value| value.to_string()), any::<String>()];
    let part = |name: &'static str, content: BoxedStrategy<String>| (Just(name), any::<bool>(), content).boxed();
    let known = [
        part("operations", prop_oneof![8 => operations, 1 => other].boxed()),
        part("map", map.prop_map(str::to_owned).boxed()),
        part("0", any::<String>().boxed()),
    ];
    let parts = (known, vec((select(vec!["operations", "map", "1", ""]), any::<bool>(), any::<String>()), 0..2));
    (parts, prop::option::weighted(0.2, any::<prop::sample::Index>())).prop_map(|((known, more), cut)| {
        let parts = known.into_iter().chain(more).map(|(name, is_file, content)| {
            let file = if is_file { "; filename=\"a.pdf\"" } else { "" };
            format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
        });
        let mut body = (parts.collect::<String>() + "--cut--\r\n").into_bytes();
        body.truncate(cut.map_or(usize::MAX, |cut| cut.index(body.len())));
        body
    })
}

async fn answered(router: Router, kind: &str, body: Vec<u8>, accept: &str) -> Result<(), TestCaseError> {
    let request = Request::post("/graphql").header("authorization", "Bearer token-ada").header("accept", accept);
    let request = request.header("content-type", kind).header("graphql-preflight", "1").body(Body::from(body)).unwrap();
    let whole = async {
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        (status, to_bytes(response.into_body(), usize::MAX).await.unwrap())
    };
    let Ok((status, answer)) = tokio::time::timeout(HANGS_AFTER, whole).await else {
        return Err(TestCaseError::fail("it hangs"));
    };
    let answer = String::from_utf8(answer.to_vec()).unwrap();
    prop_assert!([200, 400, 406].contains(&status), "{status}: {answer}");
    prop_assert!(!answer.contains("INTERNAL_SERVER_ERROR"), "{answer}");
    leaks_nothing(&answer);
    if accept.contains("json") {
        let answer: Value = serde_json::from_str(&answer).unwrap();
        prop_assert!(answer.get("data").is_some() || !answer["errors"][0]["extensions"]["code"].is_null(), "{answer}");
    }
    Ok(())
}

#[test]
fn whatever_is_asked_is_answered() {
    let seconds = std::env::var(SECONDS).ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let until = Instant::now() + Duration::from_secs(seconds);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = Arc::new(World::default());
    let mut settings = HttpSettings::default();
    settings.budget.cost_max = 0;
    let router = runtime.block_on(async { router_for(Arc::new(Toy::new(world)), settings, Router::new()) });
    while Instant::now() < until {
        let mut runner = TestRunner::new(Config { cases: CASES_BETWEEN_LOOKS, failure_persistence: None, ..Config::default() });
        let accept = select(vec!["application/graphql-response+json", "application/json", "text/event-stream"]);
        let json = body().prop_map(|body| ("application/json", body));
        let sent = prop_oneof![4 => json, 1 => form().prop_map(|body| ("multipart/form-data; boundary=cut", body))];
        let outcome =
            runner.run(&(sent, accept), |((kind, body), accept)| runtime.block_on(answered(router.clone(), kind, body, accept)));
        outcome.unwrap_or_else(|error| panic!("{error}"));
    }
}
