//! While PostgreSQL is away, a server says so at once, and works again as soon as it is back, without a restart.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::documents::{self, LOOK};
use crate::journal::Kind;
use crate::server::Server;

/// How soon a server must say that it cannot answer. It takes milliseconds (the run prints the slowest); the bound leaves room for a
/// machine that does other things as well.
const AWAY_LIMIT: Duration = Duration::from_secs(8);
/// How soon a server must answer when the database is back.
const BACK_LIMIT: Duration = Duration::from_secs(30);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// Asks servers directly, with a token.
pub struct Probe {
    http: reqwest::Client,
    token: String,
    slowest: Mutex<Duration>,
}

impl Probe {
    pub fn new(token: String) -> Self {
        Self {
            http: reqwest::Client::builder().no_proxy().timeout(AWAY_LIMIT).build().unwrap(),
            token,
            slowest: Mutex::default(),
        }
    }

    /// The slowest answer without a database.
    pub fn slowest(&self) -> Duration {
        *self.slowest.lock().unwrap()
    }

    /// Whether a server says that it is ready.
    pub async fn is_ready(&self, server: &Server) -> bool {
        let answer = self.http.get(format!("http://{}/readyz", server.address())).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// What is wrong with how a server answers a query and a mutation while the database is away. A server that cannot be reached
    /// at all is not asked: it was killed, and waits for the database to start.
    pub async fn away(&self, server: &Server) -> Vec<String> {
        let key = uuid::Uuid::new_v4();
        let input = documents::input(Kind::Create, key, None, json!({ "location": "1000001" }));
        let mutation = json!({ "query": documents::change(Kind::Create), "variables": { "input": input } });
        let mut wrong = Vec::new();
        for (what, body) in [("query", json!({ "query": LOOK })), ("mutation", mutation)] {
            let asked = Instant::now();
            match self.ask(server, &body).await {
                Ok(response) => {
                    let mut slowest = self.slowest.lock().unwrap();
                    *slowest = slowest.max(asked.elapsed());
                    let retry_after = response.headers().contains_key("retry-after");
                    let status = response.status().as_u16();
                    if status != 503 || !retry_after {
                        wrong.push(format!("a {what} without a database is answered {status}, Retry-After: {retry_after}"));
                    }
                }
                Err(error) if error.is_timeout() => wrong.push(format!("a {what} without a database hangs")),
                Err(_) => {}
            }
        }
        wrong
    }

    /// What is wrong with a server that should work.
    pub async fn back(&self, server: &Server) -> Option<String> {
        let deadline = Instant::now() + BACK_LIMIT;
        let mut last = String::new();
        while Instant::now() < deadline {
            match self.ask(server, &json!({ "query": LOOK })).await {
                Ok(response) => {
                    let answer: Value = response.json().await.unwrap_or_default();
                    if answer["data"]["claims"]["nodes"].is_array() {
                        return None;
                    }
                    last = answer.to_string();
                }
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(PAUSE).await;
        }
        Some(format!("{} does not answer within {BACK_LIMIT:?}: {last}", server.address()))
    }

    async fn ask(&self, server: &Server, body: &Value) -> reqwest::Result<reqwest::Response> {
        let url = format!("http://{}/graphql", server.address());
        let request = self.http.post(url).bearer_auth(&self.token).header("accept", "application/graphql-response+json");
        request.json(body).send().await
    }
}
