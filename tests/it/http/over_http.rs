//! GraphQL over HTTP: methods, media types, parameters, statuses.

use std::sync::atomic::Ordering::SeqCst;

use serde_json::{Value, json};

use super::{Answer, Server};

#[tokio::test]
async fn a_query_is_answered_by_post_and_by_get() {
    let server = Server::start().await;
    let expected = json!({ "data": { "hello": "hello Ada" } });
    let body = json!({ "query": "query($n: String) { hello(name: $n) }", "variables": { "n": "Ada" } });
    let answer = server.ask(body).await;
    assert_eq!((answer.status, &answer.body), (200, &expected));
    assert_eq!(answer.header("content-type"), "application/graphql-response+json; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    let parameters = [
        ("query", "query A($n: String) { hello(name: $n) } query B { bad: hello }"),
        ("operationName", "A"),
        ("variables", "{\"n\":\"Ada\"}"),
        ("extensions", ""),
    ];
    let answer = Answer::of(server.get(&parameters)).await;
    assert_eq!((answer.status, &answer.body), (200, &expected));
}

#[tokio::test]
async fn a_mutation_runs_by_post_only() {
    let server = Server::start().await;
    let answer = Answer::of(server.get(&[("query", "mutation { bump }")])).await;
    answer.refused(405, "METHOD_NOT_ALLOWED");
    assert_eq!(answer.header("allow"), "POST");
    assert_eq!(server.world.bumps.load(SeqCst), 0);
    assert_eq!(server.query("mutation { bump }").await.body["data"]["bump"], 1);
}

#[tokio::test]
async fn other_methods_are_refused_with_those_allowed() {
    let server = Server::start().await;
    for method in ["PUT", "DELETE", "PATCH"] {
        let request = server.client.request(method.parse().unwrap(), server.url("/graphql"));
        let answer = Answer::of(request.bearer_auth("token-ada")).await;
        answer.refused(405, "METHOD_NOT_ALLOWED");
        assert_eq!(answer.header("allow"), "GET, POST");
    }
    let head = server.client.head(server.url("/graphql")).send().await.unwrap();
    assert_eq!(head.status(), 405);
}

#[tokio::test]
async fn an_anonymous_request_gets_a_challenge() {
    let server = Server::start().await;
    for (header, challenge) in [
        (None, "Bearer realm=\"cpor\""),
        (Some("Bearer nonsense"), "Bearer realm=\"cpor\", error=\"invalid_token\""),
        (Some("Basic YTpi"), "Bearer realm=\"cpor\", error=\"invalid_request\""),
    ] {
        let mut request = server.client.post(server.url("/graphql")).json(&json!({ "query": "{ hello }" }));
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let answer = Answer::of(request).await;
        answer.refused(401, "UNAUTHENTICATED");
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
}

#[tokio::test]
async fn a_directory_that_is_down_is_not_a_wrong_credential() {
    let server = Server::start().await;
    server.world.directory_down.store(true, SeqCst);
    let answer = server.query("{ hello }").await;
    answer.refused(503, "UNAVAILABLE");
    assert_eq!((answer.header("retry-after"), answer.extension("retryable")), ("5", &json!(true)));
}

#[tokio::test]
async fn accept_decides_the_form_or_is_refused() {
    let server = Server::start().await;
    for (accept, expected) in [
        ("application/json", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
        ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json; charset=utf-8"),
    ] {
        let request = server.client.post(server.url("/graphql")).bearer_auth("token-ada");
        let answer = Answer::of(request.header("accept", accept).json(&json!({ "query": "{ hello }" }))).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, expected));
    }
    let request = server.client.post(server.url("/graphql")).bearer_auth("token-ada");
    let request = request.header("accept", "text/html").json(&json!({ "query": "{ hello }" }));
    Answer::of(request).await.refused(406, "NOT_ACCEPTABLE");
    let request = server.client.post(server.url("/graphql")).bearer_auth("token-ada");
    let request = request.header("accept", "application/json").json(&json!({ "query": "subscription { count(to: 1) }" }));
    Answer::of(request).await.refused(406, "NOT_ACCEPTABLE");
}

#[tokio::test]
async fn only_json_in_utf8_without_encoding_is_read() {
    let server = Server::start().await;
    let body = json!({ "query": "mutation { bump }" }).to_string();
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/graphql"),
        Some("application/json; charset=latin1"),
        Some("application/jsonp"),
        Some("text/plain; application/json"),
    ] {
        let mut request = server.client.post(server.url("/graphql")).bearer_auth("token-ada").body(body.clone());
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        Answer::of(request).await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
    }
    let request = server.post().header("content-encoding", "gzip").body(body.clone());
    Answer::of(request).await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
    assert_eq!(server.world.bumps.load(SeqCst), 0);
    let request = server.client.post(server.url("/graphql")).bearer_auth("token-ada").body(body);
    let request = request.header("content-type", "Application/JSON; charset=\"UTF-8\"");
    assert_eq!(Answer::of(request).await.status, 200);
}

#[tokio::test]
async fn parameters_of_wrong_types_are_malformed() {
    let server = Server::start().await;
    for body in [
        "",
        " ",
        "{",
        "null",
        "[]",
        "[{\"query\":\"{ hello }\"}]",
        "{}",
        "{\"query\":1}",
        "{\"query\":null}",
        "{\"query\":\"\"}",
        "{\"query\":\"{ hello }\",\"operationName\":1}",
        "{\"query\":\"{ hello }\",\"variables\":[]}",
        "{\"query\":\"{ hello }\",\"variables\":\"{}\"}",
        "{\"query\":\"{ hello }\",\"extensions\":0}",
        "{\"query\":\"{ hello }\",\"query\":\"{ hello }\"}",
        "{\"query\":\"{ hello }\"} trailing",
    ] {
        let answer = Answer::of(server.post().body(body)).await;
        answer.refused(400, "BAD_REQUEST");
    }
    for parameters in [&[][..], &[("query", "{ hello }"), ("query", "{ hello }")], &[("query", "{ hello }"), ("variables", "1")]]
    {
        Answer::of(server.get(parameters)).await.refused(400, "BAD_REQUEST");
    }
}

#[tokio::test]
async fn errors_of_the_document_are_400_or_under_plain_json_200() {
    let server = Server::start().await;
    for (body, code) in [
        (json!({ "query": "{" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ nosuch }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "query A { hello }", "operationName": "B" }), "OPERATION_RESOLUTION_FAILURE"),
        (json!({ "query": "query A { hello } query B { hello }" }), "OPERATION_RESOLUTION_FAILURE"),
        (json!({ "query": "query($n: Int!) { int(n: $n) }" }), "BAD_USER_INPUT"),
    ] {
        server.ask(body.clone()).await.refused(400, code);
        let request = server.client.post(server.url("/graphql")).bearer_auth("token-ada").json(&body);
        Answer::of(request.header("accept", "application/json")).await.refused(200, code);
    }
}

#[tokio::test]
async fn a_partial_answer_has_data_and_errors_and_is_200() {
    let server = Server::start().await;
    let answer = server.query("{ coded hello }").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["data"], json!({ "coded": null, "hello": "hello you" }));
    assert_eq!(answer.body["errors"][0]["path"], json!(["coded"]));
    assert_eq!(answer.code(), "BAD_CURSOR");
    assert_eq!(answer.extension("classification"), "ValidationError");
}

#[tokio::test]
async fn foreign_pages_are_refused_and_allowed_origins_are_not() {
    let server = Server::with(|settings| settings.allowed_origins.push("https://app.example".into())).await;
    let body = json!({ "query": "{ hello }" }).to_string();
    for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        let answer = Answer::of(server.post().header(name, value).body(body.clone())).await;
        answer.refused(403, "CROSS_SITE_REFUSED");
        let answer = Answer::of(server.get(&[("query", "{ hello }")]).header(name, value)).await;
        answer.refused(403, "CROSS_SITE_REFUSED");
    }
    let own = format!("http://{}", server.address);
    for origin in ["https://app.example", &own] {
        assert_eq!(Answer::of(server.post().header("origin", origin).body(body.clone())).await.status, 200);
    }
    let preflight = server.client.request("OPTIONS".parse().unwrap(), server.url("/graphql"));
    let preflight = preflight.header("origin", "https://app.example").header("access-control-request-method", "POST");
    let preflight = preflight.header("access-control-request-headers", "authorization").send().await.unwrap();
    assert_eq!(preflight.headers()["access-control-allow-origin"], "https://app.example");
    assert!(preflight.headers()["access-control-allow-headers"].to_str().unwrap().contains("authorization"));
}

#[tokio::test]
async fn a_known_document_can_be_asked_for_by_its_hash() {
    let server = Server::start().await;
    // SHA-256 of the document below.
    let hash = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
    let extensions = |hash: &str| json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let answer = server.ask(json!({ "extensions": extensions(hash) })).await;
    answer.refused(400, "PERSISTED_QUERY_NOT_FOUND");
    let wrong = server.ask(json!({ "query": "{ hello }", "extensions": extensions(hash) })).await;
    wrong.refused(400, "BAD_REQUEST");
    let body = json!({ "query": "{__typename}", "extensions": extensions(hash) });
    assert_eq!(server.ask(body).await.status, 200);
    let answer = server.ask(json!({ "extensions": extensions(hash) })).await;
    assert_eq!(answer.body, json!({ "data": { "__typename": "Query" } }));
    server.ask(json!({ "extensions": extensions("zz") })).await.refused(400, "BAD_REQUEST");
}

#[tokio::test]
async fn trusted_documents_run_by_id_and_alone_where_that_is_the_rule() {
    use cpor::http::{DocumentMode, Limits, TrustedDocuments};
    let relay = json!({ "hi": "query Hi { hello }" }).to_string();
    let apollo = json!({ "format": "apollo-persisted-query-manifest", "version": 1,
        "operations": [{ "id": "hi", "name": "Hi", "type": "query", "body": "query Hi { hello }" }] });
    for manifest in [relay, apollo.to_string()] {
        let trusted = TrustedDocuments::from_manifest(&manifest, &Limits::default()).unwrap();
        let server = Server::with(|settings| settings.documents = DocumentMode::Only(trusted.into())).await;
        let expected = json!({ "data": { "hello": "hello you" } });
        assert_eq!(server.ask(json!({ "documentId": "hi" })).await.body, expected);
        assert_eq!(server.query("query Hi { hello }").await.body, expected);
        server.query("{ hello }").await.refused(400, "DOCUMENT_NOT_TRUSTED");
        server.ask(json!({ "documentId": "ho" })).await.refused(400, "PERSISTED_QUERY_NOT_FOUND");
    }
    assert!(TrustedDocuments::from_manifest("{\"a\":\"{\"}", &Limits::default()).is_err());
    let trusted = TrustedDocuments::from_manifest("{\"hi\":\"{ hello }\"}", &Limits::default()).unwrap();
    let server = Server::with(|settings| settings.documents = DocumentMode::Prefer(trusted.into())).await;
    assert_eq!(server.ask(json!({ "documentId": "hi" })).await.status, 200);
    assert_eq!(server.query("{ who }").await.status, 200);
}

#[tokio::test]
async fn ids_and_traces_go_through() {
    let server = Server::start().await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let body = json!({ "query": "{ requestId locale who }" }).to_string();
    let request = server.post().header("x-request-id", "from-client-1").header("traceparent", trace);
    let answer = Answer::of(request.header("accept-language", "de-AT, en;q=0.5").body(body.clone())).await;
    assert_eq!(answer.body["data"], json!({ "requestId": "from-client-1", "locale": "de-AT", "who": "ada" }));
    assert_eq!(answer.header("x-request-id"), "from-client-1");
    assert!(answer.header("traceparent").starts_with("00-0af7651916cd43dd8448eb211c80319c-"));
    let answer = Answer::of(server.post().header("x-request-id", "<script>alert").body(body)).await;
    let id = answer.body["data"]["requestId"].as_str().unwrap();
    assert!(id.len() == 36 && answer.header("x-request-id") == id);
}

#[tokio::test]
async fn answers_are_compressed_and_carry_the_headers_of_caution() {
    let server = Server::start().await;
    let body = json!({ "query": "{ long(length: 5000) }" }).to_string();
    let response = server.post().header("accept-encoding", "gzip").body(body).send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    for (name, value) in [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer")]
    {
        assert_eq!(response.headers()[name], value);
    }
    assert!(response.headers().get_all("vary").iter().any(|value| value == "accept"));
}

#[tokio::test]
async fn a_response_without_errors_has_no_errors_member() {
    let server = Server::start().await;
    let Value::Object(members) = server.query("{ hello }").await.body else { panic!() };
    assert_eq!(members.keys().collect::<Vec<_>>(), ["data"]);
}
