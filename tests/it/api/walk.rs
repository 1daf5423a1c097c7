//! The operations of the playground, run in order as the people they are written for: from a draft to an active association.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cpor::app::import;
use cpor::store::feed;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{Api, Client, visit};
use crate::operations::operations;
use crate::support::world::World;

const PEOPLE: &str = include_str!("../../../src/app/demo/people.json");
const SAMPLE: &[u8] = include_bytes!("../../../playground/public/sample-statement-of-work.pdf");
/// The operation that streams.
pub const WATCH: &str = "12_watch";

/// A person at the playground.
pub struct Walk {
    pub api: Api,
    memory: BTreeMap<String, Value>,
}

impl Walk {
    /// The demo's people, and no claims.
    pub async fn new() -> Self {
        let world = World::empty_demo().await;
        import::import(world.app.database(), PEOPLE).await.unwrap();
        Self { api: Api::of(world), memory: BTreeMap::new() }
    }

    /// The names of the operations, in order.
    pub fn names() -> Vec<String> {
        operations().iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    }

    /// Runs one, with its placeholders filled, and remembers what it showed.
    pub async fn run(&mut self, name: &str) -> Value {
        let (client, query, variables) = self.prepared(name);
        let mut data = client.ask(&query, variables).await;
        visit(&mut data, &mut |members| {
            let errors = members.get("userErrors").and_then(Value::as_array);
            assert!(errors.is_none_or(Vec::is_empty), "{name}: {members:#?}");
        });
        self.remember(&data, "", false, false);
        if let Some(url) = data.pointer("/poeUploadCreate/upload/url").and_then(Value::as_str) {
            assert_eq!(client.put(url, SAMPLE).await, 201, "{name}");
        }
        data
    }

    /// The person, the document and the variables of an operation.
    pub fn prepared(&self, name: &str) -> (Client, String, Value) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("playground/operations").join(name);
        let query = fs::read_to_string(path.with_extension("graphql")).unwrap();
        let person = query.lines().next().and_then(|line| line.strip_prefix("# As: ")).unwrap_or("anna").trim().to_owned();
        let variables = fs::read_to_string(path.with_extension("variables.json")).unwrap_or("{}".to_owned());
        let mut variables = serde_json::from_str(&variables).unwrap();
        self.fill(&mut variables);
        (self.api.as_(&person), query, variables)
    }

    fn fill(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.starts_with('$') => *value = self.look_up(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.fill(member)),
            _ => {}
        }
    }

    fn look_up(&self, placeholder: &str) -> Value {
        match placeholder {
            "$NEW_UUID" => json!(uuid::Uuid::new_v4()),
            "$TODAY" => json!(self.api.world.now().date_naive().to_string()),
            "$SAMPLE_NAME" => json!("sample-statement-of-work.pdf"),
            _ => {
                let (name, fact) = placeholder.trim_start_matches("$LAST_").rsplit_once('_').unwrap();
                let found = &self.memory[name][fact.to_lowercase()];
                assert!(!found.is_null(), "{placeholder} was never shown");
                found.clone()
            }
        }
    }

    /// As `playground/README.md` says: of a list the first item counts, and what only surveys never displaces.
    fn remember(&mut self, value: &Value, name: &str, survey: bool, owned: bool) {
        match value {
            Value::Array(items) => {
                if let Some(first) = items.first() {
                    self.remember(first, name, survey || !owned, owned);
                }
            }
            Value::Object(members) => {
                let is_entity = value["id"].is_string();
                for (field, inner) in members {
                    let passes = ["nodes", "edges", "node"].contains(&field.as_str()) && !name.is_empty();
                    let inner_name = if passes { name } else { field };
                    self.remember(inner, inner_name, survey || field == "viewer", owned || is_entity);
                }
                if is_entity {
                    self.note(&singular(name).to_uppercase(), value, survey);
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, name: &str, value: &Value, survey: bool) {
        if survey && self.memory.contains_key(name) {
            return;
        }
        let earlier = self.memory.get(name).filter(|earlier| earlier["id"] == value["id"]);
        let mut facts = earlier.cloned().unwrap_or(json!({}));
        for fact in ["id", "version", "number"].into_iter().filter(|fact| !value[fact].is_null()) {
            facts[fact] = value[fact].clone();
        }
        self.memory.insert(name.to_owned(), facts);
    }
}

fn singular(name: &str) -> &str {
    name.strip_suffix('s').unwrap_or(name)
}

/// What a reviewer finds in the work list: another claim, submitted before.
pub async fn submit_a_candidate(walk: &mut Walk) {
    for name in ["03_create", "04_upload", "05_attach", "06_submit"] {
        walk.run(name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operations_of_the_playground_lead_from_a_draft_to_an_active_association() {
    let mut walk = Walk::new().await;
    submit_a_candidate(&mut walk).await;
    let mut approved = Value::Null;
    for name in Walk::names() {
        if name == WATCH {
            watch(&walk).await;
            continue;
        }
        let data = walk.run(&name).await;
        match name.as_str() {
            "10_approve" => approved = data["claimApprove"]["claim"].clone(),
            "11_claim_detail" => assert_eq!(data["claim"]["number"], approved["number"]),
            "13_work_list" => assert_eq!(data["candidates"]["totalCount"], 1),
            "15_dispute" => assert_eq!(data["claimDispute"]["claim"]["status"], "DISPUTED"),
            "17_assign" => assert!(data["claimAssign"]["claim"]["assignee"]["name"].is_string(), "{data}"),
            "19_search" => assert_eq!(data["claims"]["totalCount"], 2),
            _ => {}
        }
    }
    let query = "query ($number: String!) { claim(number: $number) { status associations { code associations { state } } } }";
    let data = walk.api.as_("anna").ask(query, json!({ "number": approved["number"] })).await;
    assert_eq!(data["claim"]["status"], "APPROVED");
    let products = data["claim"]["associations"].as_array().unwrap();
    assert_eq!(products.len(), 2);
    assert!(products.iter().all(|product| product["associations"][0]["state"] == "ACTIVE"), "{data}");
}

/// Runs the subscription and says something until it is heard.
async fn watch(walk: &Walk) {
    // What was done before is the past: it has its place in the feed when the stream begins.
    let mut tx = walk.api.world.app.database().begin().await.unwrap();
    feed::sequence(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let stop = CancellationToken::new();
    let working = walk.api.world.start_workers(&walk.api.world.app, &stop);
    let (client, query, variables) = walk.prepared(WATCH);
    let body = json!({ "query": query, "variables": variables }).to_string();
    let response = client.send("POST", "/graphql", "text/event-stream", body).await;
    assert_eq!(response.status(), 200);
    let heard = tokio::spawn(first_event(response.into_body()));
    let (_, _, reply) = walk.prepared("09_resubmit");
    let say = "mutation ($reply: CommentAddInput!) { commentAdd(input: $reply) { userErrors { code } } }";
    while !heard.is_finished() {
        client.ask(say, json!({ "reply": reply["reply"] })).await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let event = heard.await.unwrap();
    let event = &event["data"]["claimEvents"];
    assert_eq!(event["entry"]["text"], reply["reply"]["body"], "{event}");
    stop.cancel();
    working.wait().await;
}

/// The first event of a stream, without the signs of life before it.
async fn first_event(mut body: axum::body::Body) -> Value {
    let mut text = String::new();
    loop {
        let frame = body.frame().await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        let complete = text.split("\n\n").find(|part| part.contains("event: next") && text.contains("\n\n"));
        if let Some(data) = complete.and_then(|part| part.lines().find_map(|line| line.strip_prefix("data: ")))
            && let Ok(event) = serde_json::from_str(data)
        {
            return event;
        }
    }
}
