//! Every code of the catalogue, produced. A new one does not compile here until somebody says how it comes about.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use cpor::http::{Code, DocumentMode, HttpSettings, Limits, TrustedDocuments};
use futures_util::stream;
use reqwest::RequestBuilder;
use serde_json::json;

use super::{Answer, Server};

/// How a code comes about: the settings for it, and what is asked then.
fn settings_for(code: Code, settings: &mut HttpSettings) {
    match code {
        Code::BodyTimeout => settings.body_timeout = Duration::from_millis(50),
        Code::BodyTooLarge => settings.body_bytes_max = 10,
        Code::DocumentNotTrusted => {
            let trusted = TrustedDocuments::from_manifest(r#"{ "a": "{ who }" }"#, &Limits::default()).unwrap();
            settings.documents = DocumentMode::Only(Arc::new(trusted));
        }
        Code::TooManyAtOnce => settings.requests_per_viewer_max = 0,
        Code::RateLimited => {
            settings.budget.cost_max = 1;
            settings.budget.cost_per_second = 1;
        }
        Code::Timeout => settings.request_timeout = Duration::from_millis(20),
        Code::CredentialEnded => settings.revalidate_interval = Duration::from_millis(10),
        _ => {}
    }
}

fn request_for(code: Code, server: &Server) -> RequestBuilder {
    let query = |query: &str| server.post().body(json!({ "query": query }).to_string());
    match code {
        Code::BadRequest => server.post().body("{"),
        Code::Unauthenticated => server.client.post(server.url("/graphql")),
        Code::CredentialEnded => {
            let request = server.client.post(server.url("/graphql")).bearer_auth("short-ada");
            request.header("accept", "text/event-stream").json(&json!({ "query": "subscription { quiet }" }))
        }
        Code::CrossSite => query("{ hello }").header("origin", "https://evil.example"),
        Code::MethodNotAllowed => server.client.put(server.url("/graphql")),
        Code::NotAcceptable => {
            let request = server.client.post(server.url("/graphql")).bearer_auth("token-ada");
            request.header("accept", "text/html").json(&json!({ "query": "{ hello }" }))
        }
        Code::BodyTimeout => server.post().body(reqwest::Body::wrap_stream(stream::pending::<std::io::Result<Vec<u8>>>())),
        Code::UnsupportedMediaType => {
            let request = server.client.post(server.url("/graphql")).bearer_auth("token-ada");
            request.header("content-type", "text/plain").body("{ hello }")
        }
        Code::BodyTooLarge | Code::DocumentNotTrusted | Code::TooManyAtOnce | Code::RateLimited | Code::Unavailable => {
            query("{ hello }")
        }
        Code::ParseFailed => query("{"),
        Code::ValidationFailed => query("{ nosuch }"),
        Code::BadUserInput => query("{ int(n: \"x\") }"),
        Code::OperationResolution => server.post().body(json!({ "query": "{ hello }", "operationName": "Other" }).to_string()),
        Code::LimitExceeded => query(&"{".repeat(100)),
        Code::PersistedQueryNotFound => server.post().body(json!({ "documentId": "nosuch" }).to_string()),
        Code::Timeout => query("{ slow }"),
        Code::Internal => query("{ fails }"),
    }
}

#[tokio::test]
async fn every_code_comes_about() {
    for &code in Code::ALL {
        let server = Server::with(|settings| settings_for(code, settings)).await;
        server.world.directory_down.store(code == Code::Unavailable, SeqCst);
        if code == Code::RateLimited {
            server.lives().await;
        }
        let request = request_for(code, &server);
        if code == Code::CredentialEnded {
            let text = request.send().await.unwrap().text().await.unwrap();
            assert!(text.contains(&format!("\"code\":\"{}\"", code.as_str())), "{text}");
            continue;
        }
        let answer = Answer::of(request).await;
        assert_eq!(answer.code(), code.as_str(), "{answer:?}");
        assert_eq!(answer.extension("class"), code.class().as_str());
        let expected = if code == Code::Internal { 200 } else { code.status().as_u16() };
        assert_eq!(answer.status, expected, "{answer:?}");
    }
}
