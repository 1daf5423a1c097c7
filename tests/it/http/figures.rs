//! Figures, not promises: what each attack costs, and what the bounds cost an ordinary query. Run by hand:
//! `cargo test --release --test it http::figures -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use cpor::http::{HttpSettings, router_for};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::toy::{Toy, World};
use super::{attacks, limits};

const ROUNDS: u32 = 300;

async fn once(router: &Router, body: &str) -> (Duration, String) {
    let request =
        Request::post("/graphql").header("authorization", "Bearer token-ada").header("content-type", "application/json");
    let request = request.header("accept", "application/graphql-response+json").body(Body::from(body.to_owned())).unwrap();
    let started = Instant::now();
    let response = router.clone().oneshot(request).await.unwrap();
    let answer = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let took = started.elapsed();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    (took, answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("answered").to_owned())
}

/// Kilobytes of memory that the process holds.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn toy() -> (Toy, Router) {
    let mut settings = HttpSettings::default();
    settings.budget.cost_max = 0;
    let world = Arc::new(World::default());
    (Toy::new(world.clone()), router_for(Arc::new(Toy::new(world)), settings, Router::new()))
}

#[tokio::test]
#[ignore = "prints figures"]
async fn each_attack_with_answer_time_and_memory() {
    let (_, router) = toy();
    let asked = attacks::documents().into_iter().map(|(name, document)| (name, json!({ "query": document })));
    for (name, body) in asked.chain(limits::beyond()) {
        let body = body.to_string();
        let before = resident_kb();
        let (took, code) = once(&router, &body).await;
        let grown = resident_kb().saturating_sub(before);
        println!("{name:45} {:>8} bytes  {code:32} {took:>12?}  +{grown} kB", body.len());
    }
}

#[tokio::test]
#[ignore = "prints figures"]
async fn an_ordinary_query_with_and_without_the_wire() {
    let (toy, router) = toy();
    let query =
        "query Dashboard($n: Int) { items(first: $n) { totalCount edges { cursor node { id name } } nodes { id name } } hello }";
    let body = json!({ "query": query, "variables": { "n": 20 } }).to_string();
    let (mut engine, mut wire) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let variables = async_graphql::Variables::from_json(json!({ "n": 20 }));
        let answer = toy.schema.execute(async_graphql::Request::new(query).variables(variables)).await;
        serde_json::to_vec(&answer).unwrap();
        engine += started.elapsed();
        wire += once(&router, &body).await.0;
    }
    println!("the engine alone {:?}, through the whole wire {:?}", engine / ROUNDS, wire / ROUNDS);
}
