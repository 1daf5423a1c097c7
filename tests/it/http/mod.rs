//! The wire against a toy schema: every refusal with its status, code or close code, and the attacks that it must survive.

mod attacks;
mod audit;
mod catalogue;
mod documentation;
mod errors;
mod figures;
mod fuzz;
mod health;
mod limits;
mod logs;
mod over_http;
mod streams;
mod toy;
mod uploads;
mod websocket;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cpor::http::{HttpSettings, ServeSettings, router_for, serve};
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use self::toy::{Toy, World};
use crate::support::leaks::leaks_nothing;

/// A server on a port of its own; it ends with the test.
pub struct Server {
    pub address: SocketAddr,
    pub world: Arc<World>,
    pub client: Client,
    pub shutdown: CancellationToken,
    pub ended: JoinHandle<std::io::Result<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Server {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut HttpSettings)) -> Self {
        let mut settings = HttpSettings::default();
        change(&mut settings);
        let serving = ServeSettings {
            readiness_grace: Duration::ZERO,
            header_timeout: Duration::from_millis(400),
            ..ServeSettings::default()
        };
        let world = Arc::new(World::default());
        let router = router_for(Arc::new(Toy::new(world.clone())), settings, axum::Router::new());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let ended = tokio::spawn(serve(listener, router, serving, shutdown.clone()));
        let client = Client::builder().no_proxy().build().unwrap();
        Self { address, world, client, shutdown, ended }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A POST that needs only a body.
    pub fn post(&self) -> RequestBuilder {
        let request = self.client.post(self.url("/graphql")).bearer_auth("token-ada");
        request.header("content-type", "application/json").header("accept", "application/graphql-response+json")
    }

    pub fn get(&self, parameters: &[(&str, &str)]) -> RequestBuilder {
        let mut url = reqwest::Url::parse(&self.url("/graphql")).unwrap();
        url.query_pairs_mut().extend_pairs(parameters);
        let request = self.client.get(url).bearer_auth("token-ada");
        request.header("accept", "application/graphql-response+json")
    }

    pub async fn ask(&self, body: Value) -> Answer {
        Answer::of(self.post().body(body.to_string())).await
    }

    pub async fn query(&self, query: &str) -> Answer {
        self.ask(json!({ "query": query })).await
    }

    /// What every test of an attack ends with: the server answers the next one.
    pub async fn lives(&self) {
        let answer = self.query("{ hello }").await;
        assert_eq!(answer.body, json!({ "data": { "hello": "hello you" } }));
    }
}

/// An answer that must be JSON.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        Self::from(request.send().await.unwrap()).await
    }

    pub async fn from(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"));
        leaks_nothing(&text);
        Self { status, headers, body }
    }

    /// Of the first error.
    pub fn code(&self) -> &str {
        self.extension("code").as_str().unwrap_or("none")
    }

    pub fn extension(&self, name: &str) -> &Value {
        &self.body["errors"][0]["extensions"][name]
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{self:?}");
        assert!(self.body.get("data").is_none(), "{self:?}");
        for member in ["class", "requestId", "retryable"] {
            assert!(!self.extension(member).is_null(), "{member} is missing in {self:?}");
        }
        assert_eq!(self.extension("requestId"), self.header("x-request-id"));
    }
}
