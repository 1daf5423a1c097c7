//! Figures, not promises: what each attack costs, and what the guards cost an ordinary query. By hand, one after the other:
//!
//! ```sh
//! cargo test --profile profiling --test it http::figures -- --ignored --nocapture --test-threads=1
//! ```
//!
//! The first one writes `docs/attacks.md`.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use cpor::graphql;
use cpor::http::{BudgetSettings, HttpSettings, router, router_for};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::toy::{Toy, World};
use super::{attacks, limits};
use crate::support::world;

/// Rounds of which the figures are the mean.
const ROUNDS: u32 = 400;
/// Claims on the dashboard.
const CLAIMS: u32 = 20;
/// What an attack's answer may take.
const AT_ONCE: Duration = Duration::from_millis(50);
const HEAD: &str = "# Attacks, answered

Each document of the corpus (`tests/it/http/attacks.rs`) and one beyond each bound, sent by POST to a server in this process. Time is
the median of nine; memory is what the process held more afterwards. Written by the command at the head of `tests/it/http/figures.rs`";
const TABLE: &str = "

| attack | bytes | answer | µs | kB |
|---|---:|---|---:|---:|
";

async fn once(router: &Router, token: &str, body: &str) -> (Duration, String) {
    let request =
        Request::post("/graphql").header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
    let request = request.header("accept", "application/graphql-response+json").body(Body::from(body.to_owned())).unwrap();
    let started = Instant::now();
    let response = router.clone().oneshot(request).await.unwrap();
    let answer = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let took = started.elapsed();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    (took, answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("answered").to_owned())
}

/// Kilobytes of memory that the process holds.
fn resident_kb() -> i64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// Processor time of this process so far, in ticks of 10 ms.
fn ticks() -> u32 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    fields[11].parse::<u32>().unwrap() + fields[12].parse::<u32>().unwrap()
}

#[tokio::test]
#[ignore = "writes figures"]
async fn each_attack_with_answer_time_and_memory() {
    let mut settings = HttpSettings::default();
    settings.budget.cost_max = 0;
    let router = router_for(Arc::new(Toy::new(Arc::new(World::default()))), settings, Router::new());
    let asked = attacks::documents().into_iter().map(|(name, document)| (name, json!({ "query": document })));
    let asked: Vec<_> = asked.chain(limits::beyond()).map(|(name, body)| (name, body.to_string())).collect();
    // What the first request of a process brings into memory is not an attack's.
    for (_, body) in &asked {
        once(&router, "token-ada", body).await;
    }
    let build = if cfg!(debug_assertions) { ", here of a build without optimisation." } else { "." };
    let (mut page, mut slow) = (HEAD.to_owned() + build + TABLE, Vec::new());
    for (name, body) in asked {
        let before = resident_kb();
        let mut times = Vec::new();
        let mut answer = String::new();
        for _ in 0..9 {
            let (took, code) = once(&router, "token-ada", &body).await;
            times.push(took);
            answer = code;
        }
        times.sort_unstable();
        let (median, grown) = (times[4], (resident_kb() - before).max(0));
        writeln!(page, "| {name} | {} | `{answer}` | {} | {grown} |", body.len(), median.as_micros()).unwrap();
        if median > AT_ONCE {
            slow.push(name);
        }
    }
    fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/attacks.md"), &page).unwrap();
    println!("{page}");
    assert!(slow.is_empty() || cfg!(debug_assertions), "not at once: {slow:?}");
}

/// Processor and wall time of a round, in microseconds.
async fn round(router: &Router, token: &str, body: &str, expected: &str) -> (f64, f64) {
    once(router, token, body).await;
    let (started, before) = (Instant::now(), ticks());
    for _ in 0..ROUNDS {
        assert_eq!(once(router, token, body).await.1, expected);
    }
    let processor = f64::from(ticks() - before) * 10_000.0 / f64::from(ROUNDS);
    (processor, started.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS))
}

/// The guards are what lies between two refusals: of a wrong hash, before anything is looked at, and of a spent budget, after everything.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "prints figures"]
async fn what_the_guards_cost_the_dashboard() {
    let world = world::World::new().await;
    for customer in 1..=CLAIMS {
        world.submitted("anna", customer, &["TEAMS"]).await;
    }
    let token = world.token("anna");
    let routes = |cost_max| {
        let settings = HttpSettings { budget: BudgetSettings { cost_max, cost_per_second: 1 }, ..HttpSettings::default() };
        router(world.app.clone(), graphql::schema(), settings, Router::new())
    };
    let operation = Path::new(env!("CARGO_MANIFEST_DIR")).join("playground/operations/02_dashboard.graphql");
    let query = fs::read_to_string(operation).unwrap();
    let hash = json!({ "persistedQuery": { "version": 1, "sha256Hash": "0".repeat(64) } });
    let body = json!({ "query": query, "variables": { "first": CLAIMS }, "extensions": {} });
    let mut wrong = body.clone();
    wrong["extensions"] = hash;
    let (answered, wall) = round(&routes(1_000_000_000), &token, &body.to_string(), "answered").await;
    let spent = routes(100);
    once(&spent, &token, &body.to_string()).await;
    let (after, after_wall) = round(&spent, &token, &body.to_string(), "RATE_LIMITED").await;
    let (before, before_wall) = round(&spent, &token, &wrong.to_string(), "BAD_REQUEST").await;
    println!("the dashboard of {CLAIMS} claims: {answered:.0} µs of processor, {wall:.0} µs, {:.0} a second", 1e6 / wall);
    println!("refused after the guards: {after:.0} µs, {after_wall:.0} µs; before them: {before:.0} µs, {before_wall:.0} µs");
    println!(
        "the guards: {:.1} % of the processor time, {:.1} % of the time",
        100.0 * (after - before) / answered,
        100.0 * (after_wall - before_wall) / wall
    );
}
