//! The budget of a viewer: what a request costs and what is left is told by the field and by the headers alike.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use chrono::{DateTime, TimeDelta, Utc};
use cpor::graphql;
use cpor::http::{self, BudgetSettings, HttpSettings};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::support::world::World;

const ASK: &str = "{ rateLimit { cost limit remaining used resetAt } }";

async fn ask(routes: &Router, token: &str, query: &str) -> (HeaderMap, Value) {
    let request = Request::post("/graphql").header("authorization", format!("Bearer {token}"));
    let body = Body::from(json!({ "query": query }).to_string());
    let response = routes.clone().oneshot(request.header("content-type", "application/json").body(body).unwrap()).await.unwrap();
    let headers = response.headers().clone();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (headers, serde_json::from_slice(&bytes).unwrap())
}

fn routes(world: &World, cost_max: u64) -> Router {
    let settings = HttpSettings { budget: BudgetSettings { cost_max, cost_per_second: 1 }, ..HttpSettings::default() };
    http::router(world.app.clone(), graphql::schema(), settings, Router::new())
}

#[tokio::test]
async fn the_field_and_the_headers_tell_the_same_and_count_this_request() {
    let world = World::new().await;
    let (routes, token) = (routes(&world, 1_000), world.token("anna"));
    let (headers, answer) = ask(&routes, &token, ASK).await;
    let told = &answer["data"]["rateLimit"];
    let header = |headers: &HeaderMap, name: &str| headers[name].to_str().unwrap().parse::<i64>().unwrap();
    assert_eq!((told["cost"].as_i64(), told["limit"].as_i64()), (Some(6), Some(1_000)));
    assert_eq!(told["remaining"], header(&headers, "ratelimit-remaining"));
    assert_eq!(told["limit"], header(&headers, "ratelimit-limit"));
    assert_eq!((told["used"].as_i64(), told["remaining"].as_i64()), (Some(6), Some(994)));
    let reset: DateTime<Utc> = told["resetAt"].as_str().unwrap().parse().unwrap();
    let seconds = header(&headers, "ratelimit-reset");
    assert!(seconds == 6 && (reset - Utc::now()).abs() <= TimeDelta::seconds(seconds), "{reset} {seconds}");

    // Another viewer has a budget of their own.
    let (_, answer) = ask(&routes, &world.token("clara"), ASK).await;
    assert_eq!(answer["data"]["rateLimit"]["remaining"], 994);
}

#[tokio::test]
async fn what_a_page_can_hold_is_what_it_costs() {
    let world = World::new().await;
    let (routes, token) = (routes(&world, 10_000), world.token("anna"));
    let query = "{ rateLimit { cost } claims(first: 100) { nodes { id number } } }";
    let (_, answer) = ask(&routes, &token, query).await;
    let cost = answer["data"]["rateLimit"]["cost"].as_i64().unwrap();
    assert!((200..320).contains(&cost), "{answer}");
}

#[tokio::test]
async fn without_budgets_there_is_nothing_to_tell() {
    let world = World::new().await;
    let (headers, answer) = ask(&routes(&world, 0), &world.token("anna"), ASK).await;
    assert_eq!(answer, json!({ "data": { "rateLimit": null } }));
    assert!(!headers.contains_key("ratelimit-limit"));
}
