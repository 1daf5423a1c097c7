//! Every bound, by its name, on every road in; and that ordinary documents fit.

use serde_json::{Value, json};

use super::{Answer, Server};
use crate::support::scratch::skip;

fn nested(depth: usize) -> String {
    format!("{{ tree {}{{ leaf }}{} }}", "{ tree ".repeat(depth), " }".repeat(depth))
}

/// Documents and variables that meet one bound each, with its name.
pub fn beyond() -> Vec<(&'static str, Value)> {
    let many = |count: usize, one: fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(" ");
    let echo = "query($v: Filter) { filtered(filter: $v) }";
    let deep = (0..30).fold(json!(1), |inner, _| json!({ "inner": inner }));
    vec![
        ("document_bytes", json!({ "query": format!("{{ hello }}{}", " ".repeat(100_000)) })),
        ("tokens", json!({ "query": format!("{{ {} }}", "hello ".repeat(6_001)) })),
        ("name_bytes", json!({ "query": format!("{{ {} }}", "a".repeat(257)) })),
        ("nesting", json!({ "query": format!("{{ hello(name: {}{}) }}", "[".repeat(70), "]".repeat(70)) })),
        ("operations", json!({ "query": many(51, |n| format!("query Q{n} {{ hello }}")), "operationName": "Q1" })),
        ("depth", json!({ "query": nested(20) })),
        ("root_fields", json!({ "query": format!("{{ {} }}", "hello ".repeat(21)) })),
        ("aliases", json!({ "query": format!("{{ tree {{ {} }} }}", many(101, |n| format!("a{n}: leaf"))) })),
        ("directives", json!({ "query": format!("{{ hello {} }}", "@include(if: true) ".repeat(101)) })),
        ("selections", json!({ "query": format!("{{ tree {{ {} }} }}", "leaf ".repeat(4_001)) })),
        (
            "cost",
            json!({ "query": "{ tree { items(first: 100) { nodes { id name } edges { node { id } } } } \
            ...A ...A ...A } fragment A on Query { ...B ...B ...B ...B ...B } \
            fragment B on Query { tree { ...C ...C ...C ...C ...C ...C ...C } } \
            fragment C on Tree { items(first: 100) { nodes { id name } } items(last: 100) { nodes { id name } } }" }),
        ),
        (
            "introspection_lists",
            json!({ "query": "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }" }),
        ),
        (
            "variables_bytes",
            json!({ "query": "query($v: String) { hello(name: $v) }", "variables": { "v": "x".repeat(300_000) } }),
        ),
        ("variables_depth", json!({ "query": echo, "variables": { "v": deep } })),
        ("list_items", json!({ "query": "query($v: [Int!]!) { ids(ids: $v) }", "variables": { "v": vec![1; 501] } })),
        ("list_items", json!({ "query": format!("{{ ids(ids: [{}]) }}", "1,".repeat(501)) })),
    ]
}

#[tokio::test]
async fn each_bound_is_refused_by_post_with_its_name_maximum_and_value() {
    let server = Server::start().await;
    for (limit, body) in beyond() {
        let answer = server.ask(body).await;
        answer.refused(400, "LIMIT_EXCEEDED");
        assert_eq!(answer.extension("limit"), limit, "{answer:?}");
        let (maximum, value) = (answer.extension("maximum").as_u64(), answer.extension("value").as_u64());
        assert!(value.unwrap() > maximum.unwrap(), "{answer:?}");
    }
    server.lives().await;
}

#[tokio::test]
async fn each_bound_holds_for_get() {
    let server = Server::with(|settings| settings.url_bytes_max = 1024 * 1024).await;
    for (limit, body) in beyond() {
        let query = body["query"].as_str().unwrap();
        // The HTTP library itself has a bound on the head of a request.
        let variables = body.get("variables").map_or(String::new(), Value::to_string);
        if query.len() + variables.len() > 15_000 {
            continue;
        }
        let name = body["operationName"].as_str().unwrap_or_default();
        let answer = Answer::of(server.get(&[("query", query), ("variables", &variables), ("operationName", name)])).await;
        answer.refused(400, "LIMIT_EXCEEDED");
        assert_eq!(answer.extension("limit"), limit);
    }
    let server = Server::start().await;
    let answer = Answer::of(server.get(&[("query", &" ".repeat(17_000))])).await;
    answer.refused(400, "LIMIT_EXCEEDED");
    assert_eq!(answer.extension("limit"), "url_bytes");
}

#[tokio::test]
async fn a_body_above_its_bound_is_refused_with_and_without_a_declared_length() {
    let server = Server::start().await;
    let body = json!({ "query": "{ hello }", "extensions": { "pad": "x".repeat(2 * 1024 * 1024) } }).to_string();
    Answer::of(server.post().body(body.clone())).await.refused(413, "BODY_TOO_LARGE");
    let chunks = body.into_bytes().chunks(64 * 1024).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>();
    let stream = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    Answer::of(server.post().body(stream)).await.refused(413, "BODY_TOO_LARGE");
    server.lives().await;
}

#[tokio::test]
async fn pages_by_literal_variable_and_default_multiply() {
    let server = Server::with(|settings| settings.limits.cost = 100).await;
    let cost = |first: Value| json!({ "query": "query($n: Int = 90) { items(first: $n) { nodes { id } } }", "variables": first });
    let answer = server.ask(cost(json!({ "n": 49 }))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    // One for `items`, and for each of the page one for the node and one for its field.
    for (variables, value) in [(json!({ "n": 60 }), 121), (json!({}), 181), (json!({ "n": 1_000_000 }), 201)] {
        let answer = server.ask(cost(variables)).await;
        assert_eq!((answer.extension("limit"), answer.extension("value")), (&json!("cost"), &json!(value)));
    }
    for query in [
        "{ items(last: 60) { nodes { id } } }",
        "{ a: items { ...P } b: items { ...P } c: items { ...P } } fragment P on Page { nodes { id } }",
    ] {
        server.query(query).await.refused(400, "LIMIT_EXCEEDED");
    }
    assert_eq!(server.query("{ items { totalCount } }").await.status, 200);
}

#[tokio::test]
async fn the_introspection_of_graphiql_and_ordinary_documents_fit() {
    let server = Server::start().await;
    let types = (0..9).fold("kind name".to_owned(), |inner, _| format!("kind name ofType {{ {inner} }}"));
    let introspection = format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }} \
         types {{ ...FullType }} directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }} }} }} }} \
         fragment FullType on __Type {{ kind name description specifiedByURL isOneOf fields(includeDeprecated: true) {{ name description \
         args(includeDeprecated: true) {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason }} \
         inputFields(includeDeprecated: true) {{ ...InputValue }} interfaces {{ ...TypeRef }} \
         enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} possibleTypes {{ ...TypeRef }} }} \
         fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason }} \
         fragment TypeRef on __Type {{ {types} }}"
    );
    let answer = server.query(&introspection).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.body.get("errors").is_none());
}

#[tokio::test]
async fn each_bound_holds_for_streams() {
    let server = Server::start().await;
    for accept in ["text/event-stream", "multipart/mixed;subscriptionSpec=1.0"] {
        for (limit, body) in beyond() {
            let request = server.client.post(server.url("/graphql")).bearer_auth("token-ada").header("accept", accept);
            let text = request.json(&body).send().await.unwrap().text().await.unwrap();
            assert!(text.contains(&format!("\"limit\":\"{limit}\"")), "{limit}: {text}");
        }
    }
    server.lives().await;
}

#[tokio::test]
async fn the_operations_of_the_playground_fit() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("playground/operations");
    let Ok(files) = std::fs::read_dir(&folder) else {
        return skip("operations of the playground", "there are none");
    };
    let server = Server::start().await;
    for file in files.map(|file| file.unwrap().path()) {
        let query = std::fs::read_to_string(&file).unwrap();
        let names = query.lines().filter_map(|line| {
            let mut words = line.split(|character: char| !character.is_alphanumeric() && character != '_');
            let kind = words.next().filter(|word| ["query", "mutation", "subscription"].contains(word));
            kind.and(words.next()).map(str::to_owned)
        });
        // The toy does not know their fields; bounds come first.
        for name in names.collect::<Vec<_>>() {
            let answer = server.ask(json!({ "query": query, "operationName": name })).await;
            assert_ne!(answer.code(), "LIMIT_EXCEEDED", "{name} in {}: {answer:?}", file.display());
        }
    }
}
