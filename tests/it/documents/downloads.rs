//! Downloads over HTTP: whole and in part, by credential and by link, and never more than that.

use axum::body::Body;
use axum::http::StatusCode;
use cpor::domain::claim::Claim;
use serde_json::{Value, json};

use super::{body, send};
use crate::api::Api;
use crate::support::cluster::execute;

/// What the world uploads begins so.
const HEAD: &[u8] = b"%PDF-1.7\n";

struct Shelf {
    api: Api,
    claim: Claim,
}

impl Shelf {
    /// A submitted claim of Anna's with one document.
    async fn new() -> Self {
        let api = Api::new().await;
        let id = api.world.submitted("anna", 1, &["TEAMS"]).await;
        let mut conn = api.world.app.database().read().await.unwrap();
        let claim = cpor::store::aggregate::load_many(&mut conn, &[id]).await.unwrap().pop().unwrap();
        drop(conn);
        Self { api, claim }
    }

    fn path(&self) -> String {
        format!("/documents/{}", self.claim.documents[0].id)
    }

    async fn get(&self, headers: &[(&str, &str)]) -> axum::http::Response<Body> {
        send(&self.api, Some("anna"), "GET", &self.path(), headers, Body::empty()).await
    }

    /// The link that somebody is given.
    async fn link(&self, who: &str) -> Value {
        let query = "query Link($number: String!) { claim(number: $number) {
            documents(first: 1) { nodes { downloadUrl downloadUrlExpiresAt } } } }";
        let data = self.api.as_(who).ask(query, json!({ "number": self.claim.number.to_string() })).await;
        data["claim"]["documents"]["nodes"][0].clone()
    }
}

fn header<'a>(response: &'a axum::http::Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_an_attachment_that_no_browser_runs_sniffs_or_keeps() {
    let shelf = Shelf::new().await;
    let response = shelf.get(&[("accept-encoding", "gzip")]).await;
    assert_eq!(response.status(), StatusCode::OK);
    let expected = [
        ("content-type", "application/pdf"),
        ("content-disposition", "attachment; filename=\"statement.pdf\"; filename*=UTF-8''statement.pdf"),
        ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-store"),
        ("accept-ranges", "bytes"),
        ("content-encoding", ""),
    ];
    for (name, value) in expected {
        assert_eq!(header(&response, name), value, "{name}");
    }
    let file = &shelf.claim.documents[0].file;
    let sha256: String = file.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(header(&response, "etag"), format!("\"{sha256}\""));
    assert_eq!(header(&response, "content-length"), file.size_bytes.to_string());
    assert_eq!(super::hash(&body(response).await), file.sha256);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_sent_as_a_part_and_one_that_is_not_there_is_refused() {
    let shelf = Shelf::new().await;
    let size = shelf.claim.documents[0].file.size_bytes;
    let part = shelf.get(&[("range", "bytes=0-8")]).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!((header(&part, "content-range"), header(&part, "content-length")), (&*format!("bytes 0-8/{size}"), "9"));
    assert_eq!(body(part).await, HEAD);
    let beyond = shelf.get(&[("range", &format!("bytes={size}-"))]).await;
    assert_eq!(
        (beyond.status(), header(&beyond, "content-range")),
        (StatusCode::RANGE_NOT_SATISFIABLE, &*format!("bytes */{size}"))
    );
    assert!(body(beyond).await.is_empty());
    let several = shelf.get(&[("range", "bytes=0-1,3-4")]).await;
    assert_eq!((several.status(), body(several).await.len() as i64), (StatusCode::OK, size));
    let other = shelf.get(&[("range", "bytes=0-8"), ("if-range", "\"another\"")]).await;
    assert_eq!((other.status(), body(other).await.len() as i64), (StatusCode::OK, size));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_has_is_not_sent_again_and_head_tells_all_but_the_bytes() {
    let shelf = Shelf::new().await;
    let whole = shelf.get(&[]).await;
    let (etag, length) = (header(&whole, "etag").to_owned(), header(&whole, "content-length").to_owned());
    let known = shelf.get(&[("if-none-match", &etag)]).await;
    assert_eq!((known.status(), header(&known, "etag")), (StatusCode::NOT_MODIFIED, &*etag));
    assert!(body(known).await.is_empty());
    let head = send(&shelf.api, Some("anna"), "HEAD", &shelf.path(), &[], Body::empty()).await;
    assert_eq!((head.status(), header(&head, "content-length"), header(&head, "etag")), (StatusCode::OK, &*length, &*etag));
    assert!(body(head).await.is_empty());
    let head = send(&shelf.api, Some("anna"), "HEAD", &shelf.path(), &[("range", "bytes=1-2")], Body::empty()).await;
    assert_eq!((head.status(), header(&head, "content-length")), (StatusCode::OK, &*length));
    let posted = send(&shelf.api, Some("anna"), "POST", &shelf.path(), &[], Body::empty()).await;
    assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_needs_no_credential_and_opens_its_document_in_the_same_way() {
    let shelf = Shelf::new().await;
    for who in ["anna", "rita", "aude"] {
        let link = shelf.link(who).await;
        let url = link["downloadUrl"].as_str().unwrap();
        let response = send(&shelf.api, None, "GET", url, &[("range", "bytes=0-8")], Body::empty()).await;
        assert_eq!((response.status(), header(&response, "cache-control")), (StatusCode::PARTIAL_CONTENT, "private, no-store"));
        assert_eq!(body(response).await, HEAD, "{who}");
        let until: chrono::DateTime<chrono::Utc> = link["downloadUrlExpiresAt"].as_str().unwrap().parse().unwrap();
        let seconds = (until - chrono::Utc::now()).num_seconds();
        assert!((0..=300).contains(&seconds), "{seconds}");
    }
    let forged = send(&shelf.api, None, "GET", "/downloads/AAAA", &[], Body::empty()).await;
    assert_eq!(forged.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_with_the_rights_of_whom_it_was_made_for() {
    let shelf = Shelf::new().await;
    let link = shelf.link("rita").await;
    let url = link["downloadUrl"].as_str().unwrap();
    let status = async || send(&shelf.api, None, "GET", url, &[], Body::empty()).await.status();
    assert_eq!(status().await, StatusCode::OK);
    let database = shelf.api.world.database.url();
    // Rita joins the partner: she may not see its claims any more.
    let joins =
        "UPDATE people SET organization_id = (SELECT id FROM organizations WHERE slug = 'northwind') WHERE subject = 'rita'";
    execute(database, joins).await.unwrap();
    assert_eq!(status().await, StatusCode::NOT_FOUND);
    execute(database, "UPDATE people SET organization_id = NULL, is_active = false WHERE subject = 'rita'").await.unwrap();
    assert_eq!(status().await, StatusCode::NOT_FOUND);
    execute(database, "UPDATE people SET is_active = true WHERE subject = 'rita'").await.unwrap();
    assert_eq!(status().await, StatusCode::OK);
}
