//! Results one after another in an HTTP answer: server-sent events and multipart.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use serde_json::json;

use super::{Answer, Server};
use crate::support::leaks::leaks_nothing;

const MULTIPART: &str = "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0,application/json;q=0.9";

fn ask(server: &Server, accept: &str, query: &str) -> RequestBuilder {
    let request = server.client.post(server.url("/graphql")).bearer_auth("token-ada");
    request.header("accept", accept).json(&json!({ "query": query }))
}

async fn sse(server: &Server, query: &str) -> String {
    let response = ask(server, "text/event-stream", query).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    let text = response.text().await.unwrap();
    leaks_nothing(&text);
    text
}

/// Reads until the text holds something.
async fn until(response: &mut Response, wanted: &str) -> String {
    let mut text = String::new();
    while !text.contains(wanted) {
        match response.chunk().await.unwrap() {
            Some(chunk) => text.push_str(std::str::from_utf8(&chunk).unwrap()),
            None => panic!("{wanted} never came: {text}"),
        }
    }
    leaks_nothing(&text);
    text
}

#[tokio::test]
async fn a_subscription_is_streamed_and_completed() {
    let server = Server::start().await;
    assert_eq!(
        sse(&server, "subscription { count(to: 2) }").await,
        ":\n\nevent: next\ndata: {\"data\":{\"count\":1}}\n\nevent: next\ndata: {\"data\":{\"count\":2}}\n\nevent: complete\ndata: \n\n"
    );
}

#[tokio::test]
async fn a_query_or_mutation_can_be_streamed_too() {
    let server = Server::start().await;
    let text = sse(&server, "mutation { bump }").await;
    assert_eq!(text, ":\n\nevent: next\ndata: {\"data\":{\"bump\":1}}\n\nevent: complete\ndata: \n\n");
}

#[tokio::test]
async fn errors_of_the_document_are_read_in_the_stream() {
    let server = Server::start().await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nosuch }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { count(to: 1) two: count(to: 1) }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { ...F } fragment F on Live { count(to: 1) two: count(to: 1) }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { __schema { queryType { name } } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ panics }", "INTERNAL_SERVER_ERROR"),
    ] {
        let text = sse(&server, query).await;
        assert!(text.starts_with(":\n\nevent: next\ndata: {\"errors\"") && text.contains(code), "{text}");
        assert!(text.ends_with("event: complete\ndata: \n\n") && !text.contains("\"data\":"), "{text}");
    }
    let refused = ask(&server, "text/event-stream", "{ hello }").header("authorization", "Bearer no");
    Answer::of(refused).await;
}

#[tokio::test]
async fn a_root_field_within_fragments_is_found() {
    let server = Server::start().await;
    for query in [
        "subscription { ...F } fragment F on Live { ... on Live { count(to: 1) } }",
        "subscription { ...F } fragment F on Live { ...G } fragment G on Live { count(to: 1) }",
        "subscription A { ...F } query B { ...Q } fragment F on Live { count(to: 1) } fragment Q on Query { hello }",
    ] {
        let request = ask(&server, "text/event-stream", "")
            .json(&json!({ "query": query, "operationName": query.contains(" A ").then_some("A") }));
        let text = request.send().await.unwrap().text().await.unwrap();
        assert!(text.contains("{\"data\":{\"count\":1}}"), "{text}");
    }
}

#[tokio::test]
async fn cursors_are_event_ids_and_the_last_one_resumes() {
    let server = Server::start().await;
    let query = "subscription { happened { cursor number } }";
    let text = sse(&server, query).await;
    assert!(text.contains("event: next\nid: c1\ndata: {\"data\":{\"happened\":{\"cursor\":\"c1\",\"number\":1}}}"), "{text}");
    let response = ask(&server, "text/event-stream", query).header("last-event-id", "c3").send().await.unwrap();
    let text = response.text().await.unwrap();
    assert!(text.contains("id: c4\n") && !text.contains("id: c3\n"), "{text}");
}

#[tokio::test]
async fn a_source_that_fails_ends_the_stream_with_its_code() {
    let server = Server::start().await;
    let text = sse(&server, "subscription { tooSlow }").await;
    assert_eq!(text.matches("event: next").count(), 2, "{text}");
    assert!(!text.contains("\"data\":null"), "{text}");
    assert!(text.contains("SLOW_CONSUMER") && text.contains("\"cursor\":\"c1\""), "{text}");
    assert!(text.ends_with("event: complete\ndata: \n\n"));
    assert!(sse(&server, "subscription { hiddenFailure }").await.contains("INTERNAL_SERVER_ERROR"));
    assert!(sse(&server, "subscription { panics }").await.contains("INTERNAL_SERVER_ERROR"));
}

#[tokio::test]
async fn a_field_that_fails_in_one_event_does_not_end_the_stream() {
    let server = Server::start().await;
    let text = sse(&server, "subscription { trees { leaf fails } }").await;
    assert_eq!(text.matches("event: next").count(), 2, "{text}");
    assert_eq!(text.matches("INTERNAL_SERVER_ERROR").count(), 2, "{text}");
}

#[tokio::test]
async fn a_silent_stream_gives_signs_of_life() {
    let server = Server::with(|settings| settings.streams.heartbeat = Duration::from_millis(20)).await;
    let mut response = ask(&server, "text/event-stream", "subscription { quiet }").send().await.unwrap();
    until(&mut response, "{\"data\":{\"quiet\":1}}\n\n:\n\n:\n\n").await;
    let mut response = ask(&server, MULTIPART, "subscription { quiet }").send().await.unwrap();
    until(&mut response, "\r\n\r\n{}\r\n--graphql").await;
}

#[tokio::test]
async fn an_expired_or_revoked_credential_ends_the_stream() {
    let server = Server::with(|settings| settings.revalidate_interval = Duration::from_millis(20)).await;
    let quiet = "subscription { quiet }";
    let request = ask(&server, "text/event-stream", quiet).header("x-request-id", "expires-soon");
    let mut request = request.build().unwrap();
    request.headers_mut().insert("authorization", "Bearer short-bob".parse().unwrap());
    let text = server.client.execute(request).await.unwrap().text().await.unwrap();
    assert!(text.contains("CREDENTIAL_ENDED") && text.ends_with("event: complete\ndata: \n\n"), "{text}");
    let mut response = ask(&server, "text/event-stream", quiet).send().await.unwrap();
    until(&mut response, "\"quiet\":1").await;
    server.world.revoked.store(true, SeqCst);
    until(&mut response, "CREDENTIAL_ENDED").await;
}

#[tokio::test]
async fn a_multipart_event_is_whole_at_once() {
    let server = Server::start().await;
    let mut response = ask(&server, MULTIPART, "subscription { quiet }").send().await.unwrap();
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(content_type, "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0");
    // The boundary after the part has come although the next part never does.
    let text = until(&mut response, "{\"payload\":{\"data\":{\"quiet\":1}}}\r\n--graphql").await;
    assert!(text.starts_with("--graphql\r\ncontent-type: application/json\r\n\r\n"), "{text}");
    let text = ask(&server, MULTIPART, "subscription { count(to: 1) }").send().await.unwrap().text().await.unwrap();
    assert!(text.ends_with("{\"payload\":{\"data\":{\"count\":1}}}\r\n--graphql--\r\n"), "{text}");
}

#[tokio::test]
async fn streams_per_viewer_are_bounded() {
    let server = Server::with(|settings| settings.streams.per_viewer_max = 1).await;
    let mut held = ask(&server, "text/event-stream", "subscription { quiet }").send().await.unwrap();
    until(&mut held, "\"quiet\":1").await;
    Answer::of(ask(&server, "text/event-stream", "subscription { quiet }")).await.refused(429, "TOO_MANY_AT_ONCE");
}

#[tokio::test]
async fn streams_end_when_the_server_does_without_being_completed() {
    let server = Server::start().await;
    let mut response = ask(&server, "text/event-stream", "subscription { quiet }").send().await.unwrap();
    let mut text = until(&mut response, "\"quiet\":1").await;
    server.shutdown.cancel();
    while let Some(chunk) = response.chunk().await.unwrap() {
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(!text.contains("complete"), "{text}");
}

#[tokio::test]
async fn a_ticket_opens_one_stream_and_nothing_else() {
    let server = Server::start().await;
    let issue = || server.client.post(server.url("/graphql/stream-ticket"));
    Answer::of(issue()).await.refused(401, "UNAUTHENTICATED");
    Answer::of(issue().bearer_auth("token-ada").header("origin", "https://evil.example"))
        .await
        .refused(403, "CROSS_SITE_REFUSED");
    let issued = Answer::of(issue().bearer_auth("token-eve")).await;
    assert_eq!((issued.status, issued.header("cache-control")), (201, "no-store"));
    let ticket = issued.body["ticket"].as_str().unwrap();
    let open = |query: &str, accept: &'static str| {
        let url = format!("{}?ticket={ticket}&query={query}", server.url("/graphql"));
        server.client.get(url).header("accept", accept)
    };
    // Only for streams, and nothing is changed by GET.
    Answer::of(open("{who}", "application/json")).await.refused(401, "UNAUTHENTICATED");
    let text = open("{who}", "text/event-stream").send().await.unwrap().text().await.unwrap();
    assert!(text.contains("{\"data\":{\"who\":\"eve\"}}"), "{text}");
    Answer::of(open("{who}", "text/event-stream")).await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_mutation_is_not_run_by_get_for_a_stream_either() {
    let server = Server::start().await;
    let request = server.get(&[("query", "mutation { bump }")]).header("accept", "text/event-stream");
    let mut request = request.build().unwrap();
    request.headers_mut().insert("accept", "text/event-stream".parse().unwrap());
    let answer = Answer::from(server.client.execute(request).await.unwrap()).await;
    answer.refused(405, "METHOD_NOT_ALLOWED");
    assert_eq!(server.world.bumps.load(SeqCst), 0);
}
