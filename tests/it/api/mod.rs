//! The API from outside, against a real PostgreSQL: what a client sends and what it gets.

mod failures;
mod lists;
mod live;
mod mutations;
mod polling;
mod review;
mod statements;
pub mod visibility;
mod walk;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::response::Response;
use cpor::app::App;
use cpor::graphql::{demo_schema, schema};
use cpor::http::{BudgetSettings, HttpSettings, router};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::leaks::scanned;
use crate::support::world::World;

/// How long a stream may tell nothing before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A world behind the server's routes.
pub struct Api {
    pub world: World,
    pub routes: Router,
}

/// The routes of an application, without a budget: tests ask more than a person does.
pub fn routes(app: &App) -> Router {
    let budget = BudgetSettings { cost_max: 0, ..BudgetSettings::default() };
    let settings = HttpSettings { budget, ..HttpSettings::default() };
    match app.is_demo() {
        true => router(app.clone(), demo_schema(), settings, Router::new()),
        false => router(app.clone(), schema(), settings, Router::new()),
    }
}

impl Api {
    pub async fn new() -> Self {
        Self::of(World::new().await)
    }

    pub fn of(world: World) -> Self {
        let routes = routes(&world.app);
        Self { world, routes }
    }

    /// A client with the token of this person.
    pub fn as_(&self, handle: &str) -> Client {
        self.with(self.world.token(handle))
    }

    /// A client with any token.
    pub fn with(&self, token: String) -> Client {
        Client { routes: self.routes.clone(), token }
    }
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Client {
    routes: Router,
    token: String,
}

impl Client {
    /// Sends a request of any kind with the credential.
    pub async fn send(&self, method: &str, uri: &str, accept: &str, body: impl Into<Body>) -> Response {
        let request = Request::builder().method(method).uri(uri).header(header::HOST, "127.0.0.1");
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        let request = request.header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT, accept);
        scanned(self.routes.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap())
    }

    /// The whole answer, errors included; `requestId` is the one thing in it that is never the same.
    pub async fn answer(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let response = self.send("POST", "/graphql", "application/json", body).await;
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let mut answer = serde_json::from_slice(&bytes).unwrap();
        visit(&mut answer, &mut |members| drop(members.remove("requestId")));
        answer
    }

    /// The data of an answer without errors.
    #[track_caller]
    pub fn ask(&self, query: &str, variables: Value) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        async move {
            let mut answer = self.answer(query, variables).await;
            assert!(answer.get("errors").is_none(), "{caller}: {answer:#}");
            answer["data"].take()
        }
    }

    /// The code of the first top-level error.
    pub async fn code(&self, query: &str, variables: Value) -> String {
        let answer = self.answer(query, variables).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no error in {answer:#}")).to_owned()
    }

    /// Listens to a subscription by server-sent events.
    pub async fn listen(&self, query: &str, variables: Value) -> Listening {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let body = self.send("POST", "/graphql", "text/event-stream", body).await.into_body();
        Listening { body, text: String::new(), last_id: None }
    }

    /// Sends the bytes of a document and answers the status.
    pub async fn put(&self, url: &str, bytes: impl Into<Body>) -> u16 {
        self.send("PUT", url, "*/*", bytes).await.status().as_u16()
    }

    /// The status of a GET.
    pub async fn get(&self, url: &str) -> u16 {
        self.send("GET", url, "*/*", Body::empty()).await.status().as_u16()
    }
}

/// A stream of server-sent events.
pub struct Listening {
    body: Body,
    text: String,
    last_id: Option<String>,
}

impl Listening {
    /// The data of the next answer, without errors.
    pub async fn next(&mut self) -> Value {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("nothing comes")
    }

    async fn read(&mut self) -> Value {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name| event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
                let (data, id) = (field("data: "), field("id: "));
                self.text = rest.to_owned();
                if let Some(data) = data {
                    self.last_id = id;
                    let mut answer: Value = serde_json::from_str(&data).unwrap();
                    assert!(answer.get("errors").is_none(), "{answer:#}");
                    return answer["data"].take();
                }
            }
            let frame = self.body.frame().await;
            let bytes = frame.expect("the stream ended").unwrap().into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// The id of the last event.
    pub fn last_id(&self) -> Option<&str> {
        self.last_id.as_deref()
    }
}

/// Visits each object within a value.
pub fn visit(value: &mut Value, each: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, each)),
        Value::Object(members) => {
            each(members);
            members.values_mut().for_each(|member| visit(member, each));
        }
        _ => {}
    }
}

/// The codes of the user errors of a payload.
pub fn codes(payload: &Value) -> Vec<&str> {
    payload["userErrors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect()
}
