//! A client: asks any server, and asks again until it is told something.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use crate::documents;
use crate::journal::{Kind, Op, Told};
use crate::random::Random;

/// How long a client waits for an answer before it asks somebody else.
const PATIENCE: Duration = Duration::from_secs(6);
/// How long it waits for a connection.
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);

/// What all clients share.
pub struct Fleet {
    /// Where the servers are reached.
    pub servers: Vec<SocketAddr>,
    /// Until when a client tries.
    pub give_up: Instant,
    /// Why requests were sent again, and how often.
    pub troubles: Mutex<BTreeMap<String, u32>>,
    /// The changes that were asked for.
    pub ops: Mutex<Vec<Op>>,
}

/// Somebody with a token.
pub struct Api {
    pub handle: String,
    fleet: Arc<Fleet>,
    http: reqwest::Client,
    token: String,
    random: Random,
}

impl Api {
    pub fn new(fleet: &Arc<Fleet>, handle: &str, token: String, random: Random) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).connect_timeout(CONNECT_PATIENCE).build().unwrap();
        Self { handle: handle.to_owned(), fleet: Arc::clone(fleet), http, token, random }
    }

    /// Asks for a change until it is answered or the time is over, and writes down what became of it. Answers the claim's id, as
    /// the API writes it, if it was done.
    pub async fn change(&mut self, kind: Kind, claim: Option<&str>, facts: Value) -> Option<String> {
        let key = Uuid::new_v4();
        let body = json!({
            "query": documents::change(kind), "variables": { "input": documents::input(kind, key, claim, facts) },
        });
        let (answer, sent) = self.insist(&body).await;
        let id = answer.as_ref().and_then(|answer| answer["claim"]["id"].as_str()).map(str::to_owned);
        let told = match &answer {
            None => Told::Nothing,
            Some(answer) => told(answer),
        };
        let is_replay = answer.is_some_and(|answer| answer["replayed"] == true);
        let claim = id.as_deref().or(claim).and_then(uuid_of);
        let is_done = matches!(told, Told::Accepted(_));
        let op = Op { key, actor: self.handle.clone(), kind, claim, told, sent, is_replay };
        self.fleet.ops.lock().unwrap().push(op);
        id.filter(|_| is_done)
    }

    /// Sends a file until it was taken; answers the upload's id.
    pub async fn upload(&mut self) -> Option<String> {
        loop {
            let (answer, _) = self.insist(&json!({ "query": documents::UPLOAD })).await;
            let upload = answer?["upload"].clone();
            let (id, path) = (upload["id"].as_str()?, upload["url"].as_str()?);
            let url = format!("http://{}{path}", self.server());
            let sent = self.http.put(url).body(format!("%PDF-1.7\n{}", Uuid::new_v4())).send().await;
            // The address works once: whoever does not know whether it did takes another.
            match sent {
                Ok(response) if response.status().is_success() => return Some(id.to_owned()),
                Ok(response) => self.trouble(format!("upload {}", response.status().as_u16())),
                Err(_) => self.trouble("upload broken".to_owned()),
            }
            if !self.pause().await {
                return None;
            }
        }
    }

    /// The payload `m` of a mutation, and how often it was sent.
    async fn insist(&mut self, body: &Value) -> (Option<Value>, u32) {
        for sent in 1.. {
            let server = self.server();
            match self.ask(server, body).await {
                Ok(answer) => return (Some(answer), sent),
                Err(trouble) => self.trouble(trouble),
            }
            if !self.pause().await {
                return (None, sent);
            }
        }
        unreachable!("one asks until it is told or has no time")
    }

    async fn ask(&self, server: SocketAddr, body: &Value) -> Result<Value, String> {
        let request = self.http.post(format!("http://{server}/graphql")).bearer_auth(&self.token).json(body);
        let response = request.send().await.map_err(|error| broken(&error))?;
        let status = response.status().as_u16();
        let mut answer: Value = response.json().await.map_err(|error| broken(&error))?;
        let payload = answer["data"]["m"].take();
        if answer.get("errors").is_none() && payload.is_object() {
            return Ok(payload);
        }
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("no code").to_owned();
        assert!(answer["errors"][0]["extensions"]["retryable"] == true, "{body} is answered {status}: {answer}");
        Err(format!("{status} {code}"))
    }

    fn server(&mut self) -> SocketAddr {
        self.fleet.servers[self.random.below(self.fleet.servers.len())]
    }

    fn trouble(&self, what: String) {
        *self.fleet.troubles.lock().unwrap().entry(what).or_default() += 1;
    }

    /// Waits a little; answers whether there is time for another try.
    async fn pause(&mut self) -> bool {
        tokio::time::sleep(self.random.millis(50, 400)).await;
        Instant::now() < self.fleet.give_up
    }
}

fn broken(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() { "no answer in time" } else { "connection broken" };
    what.to_owned()
}

fn told(answer: &Value) -> Told {
    let codes: Vec<String> =
        answer["userErrors"].as_array().into_iter().flatten().map(|error| error["code"].as_str().unwrap().to_owned()).collect();
    match answer["claim"]["id"].as_str().and_then(uuid_of) {
        Some(claim) if codes.is_empty() => Told::Accepted(claim),
        _ => Told::Refused(codes),
    }
}

/// The UUID in an opaque id: a tag of one byte stands before it.
pub fn uuid_of(id: &str) -> Option<Uuid> {
    Uuid::from_slice(URL_SAFE_NO_PAD.decode(id).ok()?.get(1..)?).ok()
}
