//! What goes wrong inside: our failures say one line, the client's say what they are, and budgets say when.

use std::time::Duration;

use cpor::http::Code;
use serde_json::json;

use super::Server;

#[tokio::test]
async fn our_own_failure_says_one_line_with_the_request_id() {
    let server = Server::start().await;
    let answer = server.query("{ fails hello }").await;
    assert_eq!(answer.body["data"], json!({ "fails": null, "hello": "hello you" }));
    assert_eq!(answer.code(), "INTERNAL_SERVER_ERROR");
    assert_eq!(answer.extension("requestId"), answer.header("x-request-id"));
    assert_eq!(answer.extension("class"), "INTERNAL");
}

#[tokio::test]
async fn a_panic_is_our_failure_and_this_request_alone() {
    let server = Server::start().await;
    server.query("{ panics }").await.refused(500, "INTERNAL_SERVER_ERROR");
    server.lives().await;
}

#[tokio::test]
async fn an_argument_that_does_not_fit_is_the_clients_error() {
    let server = Server::start().await;
    server.query("{ int(n: \"x\") }").await.refused(400, "BAD_USER_INPUT");
    let answer = server.query("{ int(n: 99999999999) }").await;
    assert!(["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&answer.code()), "{answer:?}");
}

#[tokio::test]
async fn an_answer_holds_no_more_errors_than_its_bound() {
    let server = Server::start().await;
    let answer = server.query("{ manyFailures }").await;
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), 100);
    assert_eq!(answer.body["data"]["manyFailures"].as_array().unwrap().len(), 300);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_stopped() {
    let server = Server::with(|settings| settings.request_timeout = Duration::from_millis(50)).await;
    server.query("{ slow }").await.refused(503, "REQUEST_TIMEOUT");
}

#[tokio::test]
async fn a_wrong_variable_runs_nothing() {
    let server = Server::start().await;
    for (variables, named) in [
        (json!({}), "n"),
        (json!({ "n": null }), "n"),
        (json!({ "n": "1" }), "n"),
        (json!({ "n": 1.5 }), "n"),
        (json!({ "n": 1.0 }), "n"),
        (json!({ "n": 2_147_483_648_i64 }), "n"),
        (json!({ "n": [1, 2] }), "n"),
    ] {
        let query = "mutation($n: Int!) { one: bump two: bump(by: $n) }";
        let answer = server.ask(json!({ "query": query, "variables": variables })).await;
        answer.refused(400, "BAD_USER_INPUT");
        assert_eq!(answer.extension("variable"), named);
    }
    assert_eq!(server.query("mutation { bump }").await.body["data"]["bump"], 1);
}

#[tokio::test]
async fn input_objects_enums_and_lists_are_checked_within() {
    let server = Server::start().await;
    let ask = |filter| json!({ "query": "query($f: Filter!) { filtered(filter: $f) }", "variables": { "f": filter } });
    for filter in [
        json!({}),
        json!({ "size": 1, "nosuch": 1 }),
        json!({ "size": 1, "color": "BLUE" }),
        json!({ "size": 1, "tags": [null] }),
        json!({ "size": 1, "inner": { "size": "1" } }),
        json!(1),
    ] {
        server.ask(ask(filter)).await.refused(400, "BAD_USER_INPUT");
    }
    let fits = json!({ "size": 1, "color": "GREEN", "tags": "one", "inner": { "size": 2 } });
    assert_eq!(server.ask(ask(fits)).await.body["data"]["filtered"], 5);
    let choose = |choice| json!({ "query": "query($c: Choice!) { chosen(choice: $c) }", "variables": { "c": choice } });
    for choice in [json!({}), json!({ "byId": 1, "byName": "a" }), json!({ "byId": null })] {
        server.ask(choose(choice)).await.refused(400, "BAD_USER_INPUT");
    }
    assert_eq!(server.ask(choose(json!({ "byName": "a" }))).await.body["data"]["chosen"], "a");
}

#[tokio::test]
async fn the_budget_is_spent_told_and_refused() {
    let server = Server::with(|settings| {
        settings.budget.cost_max = 5;
        settings.budget.cost_per_second = 1;
    })
    .await;
    let answer = server.query("{ hello budget }").await;
    assert_eq!(answer.body["data"]["budget"], 3);
    assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")), ("5", "3"));
    let answer = server.query("{ a: hello b: hello c: hello d: hello e: hello }").await;
    answer.refused(429, "RATE_LIMITED");
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn one_viewer_holds_only_so_many_requests() {
    let server = Server::with(|settings| settings.requests_per_viewer_max = 1).await;
    let held = tokio::spawn(server.post().body(json!({ "query": "{ held }" }).to_string()).send());
    loop {
        let answer = server.query("{ hello }").await;
        if answer.status == 429 {
            assert_eq!((answer.code(), answer.header("retry-after")), ("TOO_MANY_AT_ONCE", "1"));
            break;
        }
    }
    server.world.release.notify_one();
    assert_eq!(held.await.unwrap().unwrap().status(), 200);
    server.lives().await;
}

#[tokio::test]
async fn without_introspection_nothing_tells_names() {
    let server = Server::with(|settings| settings.introspection = false).await;
    server.query("{ __schema { queryType { name } } }").await.refused(400, "GRAPHQL_VALIDATION_FAILED");
    server
        .query("{ ...F } fragment F on Query { __type(name: \"Node\") { name } }")
        .await
        .refused(400, "GRAPHQL_VALIDATION_FAILED");
    for (query, hidden) in [
        ("{ helo }", "hello"),
        ("{ hello(nam: \"x\") }", "\"name\""),
        ("{ ...F } fragment F on Tre { leaf }", "\"Tree\""),
        ("query($f: Filtr) { hello }", "\"Filter\""),
        ("{ filtered(filter: { size: 1, colr: RED }) }", "\"color\""),
        ("{ hello @includ(if: true) }", "\"include\""),
    ] {
        let answer = server.query(query).await;
        let message = answer.body["errors"][0]["message"].as_str().unwrap();
        assert!(answer.status == 400 && !message.contains(hidden) && !message.contains("Did you mean"), "{message}");
    }
    assert_eq!(server.query("{ __typename }").await.body["data"]["__typename"], "Query");
    let schema = server.client.get(server.url("/schema.graphql")).send().await.unwrap();
    assert_eq!(schema.status(), 404);
}

#[test]
fn every_code_is_its_own() {
    let mut codes: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Code::ALL.len());
}
