//! The page as browsers ask for it.

#![allow(clippy::unwrap_used)]

use axum::body::to_bytes;
use axum::http::Request;
use tower::ServiceExt as _;

use super::*;

/// More than the largest file, unpacked.
const BODY_MAX_BYTES: usize = 16 << 20;
const PEOPLE: &str = r#"[{"name":"Anna Kowalska","handle":"anna"}]"#;

async fn ask(path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let people = Some(Bytes::from_static(PEOPLE.as_bytes()));
    routes::<()>(people).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), BODY_MAX_BYTES).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// A build without the bundle has nothing to serve; these tests then only look at the page that says so.
fn is_built() -> bool {
    Bundle::get("index.html.gz").is_some()
}

/// The path of a script that the page names.
async fn script() -> String {
    let page = text(ask("/playground/", &[]).await).await;
    let start = page.find("/playground/assets/index-").unwrap();
    page[start..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_root_leads_to_the_playground_and_keeps_the_method() {
    for path in ["/", "/playground"] {
        let response = ask(path, &[]).await;
        assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(header(&response, "location"), "/playground/");
    }
}

#[tokio::test]
async fn the_page_is_html_under_a_policy_that_names_no_other_server() {
    let response = ask("/playground/", &[]).await;
    assert!(header(&response, "content-type").starts_with("text/html"));
    let policy = header(&response, "content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
    assert!(!policy.contains("http") && !policy.contains('*') && !policy.contains("unsafe-eval"));
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    assert_eq!(header(&response, "referrer-policy"), "no-referrer");
    if is_built() {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, "cache-control"), CHECKED);
        assert!(text(response).await.contains("<div id=\"root\">"));
    } else {
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(text(response).await.contains("npm"));
    }
}

#[tokio::test]
async fn a_page_that_was_not_built_says_how_to_get_it() {
    let response = missing();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&response, "cache-control"), NEVER);
    assert!(text(response).await.contains("touch build.rs"));
}

#[tokio::test]
async fn gzip_goes_to_those_who_take_it_and_plain_bytes_to_the_others() {
    if !is_built() {
        return;
    }
    let script = script().await;
    let packed = ask(&script, &[("accept-encoding", "br, gzip;q=0.5")]).await;
    let plain = ask(&script, &[("accept-encoding", "gzip;q=0, *")]).await;
    assert_eq!(header(&packed, "content-encoding"), "gzip");
    assert_eq!(header(&plain, "content-encoding"), "");
    for response in [&packed, &plain] {
        assert_eq!(header(response, "content-type"), "text/javascript; charset=utf-8");
        assert_eq!(header(response, "cache-control"), FOREVER);
        assert_eq!(header(response, "vary"), "accept-encoding");
    }
    assert_ne!(header(&packed, "etag"), header(&plain, "etag"));
    let packed = to_bytes(packed.into_body(), BODY_MAX_BYTES).await.unwrap();
    assert_eq!(unpacked(&packed).unwrap(), text(plain).await.into_bytes());
}

#[tokio::test]
async fn a_file_that_the_client_has_is_not_sent_again() {
    if !is_built() {
        return;
    }
    let first = ask("/playground/", &[]).await;
    let tag = header(&first, "etag").to_owned();
    for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
        let again = ask("/playground/", &[("if-none-match", &known)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(header(&again, "etag"), tag);
        assert_eq!(text(again).await, "");
    }
    let other = ask("/playground/", &[("if-none-match", "\"other\"")]).await;
    assert_eq!(other.status(), StatusCode::OK);
}

#[tokio::test]
async fn people_are_told_to_this_machine_alone_and_never_kept() {
    for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "localhost"] {
        let response = ask("/playground/people.json", &[("host", host)]).await;
        assert_eq!(response.status(), StatusCode::OK, "{host}");
        assert_eq!(header(&response, "cache-control"), NEVER);
        assert_eq!(text(response).await, PEOPLE);
    }
    for host in ["rebound.example:8080", "localhost.example", "127.0.0.1.example:8080", ""] {
        let response = ask("/playground/people.json", &[("host", host)]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{host}");
    }
}

#[tokio::test]
async fn without_a_demo_there_are_no_people() {
    let request = Request::get("/playground/people.json").header("host", "localhost").body(Body::empty()).unwrap();
    let response = routes::<()>(None).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_in_the_bundle_is_not_found_whatever_the_path_tries() {
    for path in ["/playground/nothing.js", "/playground/../Cargo.toml", "/playground/%2e%2e/%2e%2e/Cargo.toml"] {
        assert_eq!(ask(path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}
