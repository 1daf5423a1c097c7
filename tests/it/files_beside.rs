//! A document attached by one request: its file comes beside the mutation.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use cpor::domain::ids::ClaimId;
use cpor::graphql::{self, id};
use cpor::http::{self, HttpSettings};
use cpor::store::aggregate;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::support::leaks::scanned;
use super::support::world::World;

const ATTACH: &str = "mutation ($input: PoeAttachInput!) { poeAttach(input: $input) {
    document { name mediaType sizeBytes } userErrors { code path } } }";

async fn attach(world: &World, who: &str, claim: ClaimId, file: &str, bytes: &[u8]) -> (u16, Value) {
    let input = json!({ "claimId": id::encode(claim), "uploadId": null, "kind": "STATEMENT_OF_WORK" });
    let operations = json!({ "query": ATTACH, "variables": { "input": input } });
    let part = |head: String, bytes: &[u8]| {
        [format!("--cut\r\ncontent-disposition: form-data; {head}\r\n\r\n").as_bytes(), bytes, b"\r\n"].concat()
    };
    let body = [
        part("name=\"operations\"".to_owned(), operations.to_string().as_bytes()),
        part("name=\"map\"".to_owned(), br#"{ "0": ["variables.input.uploadId"] }"#),
        part(format!("name=\"0\"; filename=\"{file}\""), bytes),
        b"--cut--\r\n".to_vec(),
    ];
    let request = Request::post("/graphql").header("authorization", format!("Bearer {}", world.token(who)));
    let request = request.header("graphql-preflight", "1").header("content-type", "multipart/form-data; boundary=cut");
    let request = request.header("accept", "application/graphql-response+json").body(Body::from(body.concat())).unwrap();
    let routes = http::router(world.app.clone(), graphql::schema(), HttpSettings::default(), Router::new());
    let response = scanned(routes.oneshot(request).await.unwrap());
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await.unwrap()).unwrap())
}

async fn uploads(world: &World) -> i64 {
    let backlog = cpor::store::gauges::backlog(&mut world.app.database().read().await.unwrap()).await.unwrap();
    backlog.uploads.iter().map(|(_, count)| count).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_brings_a_file_and_attaches_it() {
    let world = World::new().await;
    let claim = world.draft("anna", 1, &["TEAMS"]).await;
    let (status, answer) = attach(&world, "anna", claim, "Umowa.pdf", b"%PDF-1.7\nhello\n%%EOF\n").await;
    let document = json!({ "name": "Umowa.pdf", "mediaType": "application/pdf", "sizeBytes": 21 });
    assert_eq!((status, &answer["data"]["poeAttach"]), (200, &json!({ "document": document, "userErrors": [] })), "{answer}");
    let claim = aggregate::load_many(&mut world.app.database().read().await.unwrap(), &[claim]).await.unwrap().remove(0);
    assert_eq!(claim.documents.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_told_with_its_reason_and_leaves_nothing() {
    let world = World::new().await;
    let claim = world.draft("anna", 1, &["TEAMS"]).await;
    let large = vec![b' '; 25 * 1024 * 1024 + 1];
    for (who, file, bytes, code, reason) in [
        ("anna", "virus.exe", &b"MZ\x90"[..], "BAD_USER_INPUT", json!("FILE_TYPE_NOT_ALLOWED")),
        ("anna", "statement.pdf", b"MZ\x90", "BAD_USER_INPUT", json!("FILE_TYPE_NOT_ALLOWED")),
        ("anna", "statement.pdf", b"", "BAD_USER_INPUT", json!("FILE_EMPTY")),
        ("anna", "..", b"%PDF-1.7\n%%EOF\n", "BAD_USER_INPUT", json!("FILE_NAME")),
        ("anna", "statement.txt", &large, "BODY_TOO_LARGE", Value::Null),
        ("rita", "statement.pdf", b"%PDF-1.7\n%%EOF\n", "BAD_USER_INPUT", json!("FORBIDDEN")),
    ] {
        let (status, answer) = attach(&world, who, claim, file, bytes).await;
        let told = &answer["errors"][0]["extensions"];
        assert!(status >= 400 && answer.get("data").is_none(), "{answer}");
        assert_eq!((told["code"].as_str(), &told["reason"]), (Some(code), &reason), "{answer}");
        // What is forgotten is forgotten beside the answer.
        while uploads(&world).await > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}
