//! The demo's clock: moved by whoever is in the demo, by nobody anywhere else.

use chrono::{TimeDelta, Utc};
use cpor::app::{DemoClockError, MAX_ADVANCE_DAYS};
use cpor::graphql;
use cpor::http::{self, HttpSettings};
use cpor::store::demo_clock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::json;
use tower::ServiceExt;

use crate::support::ask::answer;
use crate::support::world::World;

const ADVANCE: &str = r#"mutation { demoClockAdvance(input: { by: "P5D" }) { now userErrors { code path } } }"#;

#[tokio::test]
async fn a_demo_moves_forward_for_all_its_servers_at_once() {
    let world = World::demo().await;
    let other = world.another_app().await;
    let before = world.app.now();
    let done = answer(&graphql::demo_schema(), &world.app, world.viewer("anna").await, ADVANCE).await;
    assert!(done.errors.is_empty(), "{:?}", done.errors);
    let done = done.data.into_json().unwrap();
    assert_eq!(done["demoClockAdvance"]["userErrors"], json!([]));
    assert!(world.app.now() >= before + TimeDelta::days(5));

    // Two servers that move it at the same time both do.
    let (one, two) = tokio::join!(other.demo_clock_advance(TimeDelta::days(1)), world.app.demo_clock_advance(TimeDelta::days(1)));
    one.unwrap();
    two.unwrap();
    for app in [&world.app, &other] {
        app.read_demo_clock().await.unwrap();
        assert!(app.now() >= before + TimeDelta::days(7) && app.now() < Utc::now() + TimeDelta::days(8));
    }
}

#[tokio::test]
async fn it_never_goes_back_nor_too_far_at_once() {
    let world = World::demo().await;
    let offset = async || demo_clock::offset_micros(&mut world.app.database().read().await.unwrap()).await.unwrap();
    for by in [TimeDelta::days(-1), TimeDelta::microseconds(-1), TimeDelta::days(MAX_ADVANCE_DAYS) + TimeDelta::seconds(1)] {
        assert!(matches!(world.app.demo_clock_advance(by).await, Err(DemoClockError::OutOfBounds)), "{by}");
    }
    assert_eq!(offset().await, None);
    let far = ADVANCE.replace("P5D", "P367D");
    let refused = answer(&graphql::demo_schema(), &world.app, world.viewer("anna").await, &far).await.data.into_json().unwrap();
    assert_eq!(refused["demoClockAdvance"]["userErrors"], json!([{ "code": "INVALID_FORMAT", "path": ["input", "by"] }]));
    // In steps it ends somewhere, too.
    let year = TimeDelta::days(MAX_ADVANCE_DAYS);
    for _ in 0..100 {
        world.app.demo_clock_advance(year).await.unwrap();
    }
    assert!(matches!(world.app.demo_clock_advance(year).await, Err(DemoClockError::OutOfBounds)));
    assert_eq!(offset().await, Some(100 * MAX_ADVANCE_DAYS * 86_400_000_000));
}

#[tokio::test]
async fn outside_a_demo_there_is_no_such_thing() {
    let world = World::new().await;
    let before = world.now();
    assert!(matches!(world.app.demo_clock_advance(TimeDelta::days(1)).await, Err(DemoClockError::NotADemo)));
    let unknown = answer(&graphql::schema(), &world.app, world.viewer("otto").await, ADVANCE).await;
    assert!(unknown.errors[0].message.starts_with("Unknown field \"demoClockAdvance\""), "{:?}", unknown.errors);
    assert!(!graphql::sdl().contains("demoClock") && !graphql::sdl().contains("DemoClock"));
    // Even the schema of a demo, by mistake on a server that is none, moves nothing.
    let refused =
        answer(&graphql::demo_schema(), &world.app, world.viewer("otto").await, ADVANCE).await.data.into_json().unwrap();
    assert_eq!(refused["demoClockAdvance"]["userErrors"], json!([{ "code": "FORBIDDEN", "path": [] }]));
    assert_eq!(world.now(), before);
    assert_eq!(demo_clock::offset_micros(&mut world.app.database().read().await.unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn how_far_the_sweeper_is_can_be_watched() {
    let world = World::new().await;
    world.app.sweep().found(2);
    world.app.sweep().recorded();
    let routes = http::router(world.app.clone(), graphql::schema(), HttpSettings::default(), Router::new());
    let response = routes.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains("\ncpor_sweeper_recorded_total 1\n") && text.contains("\ncpor_sweeper_due 1\n"), "{text}");
}

#[tokio::test]
async fn over_the_wire_it_is_an_unknown_field_like_any_other() {
    let world = World::new().await;
    let routes = http::router(world.app.clone(), graphql::schema(), HttpSettings::default(), Router::new());
    let told = async |document: &str| {
        let request = Request::post("/graphql")
            .header("authorization", format!("Bearer {}", world.token("otto")))
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .body(Body::from(json!({ "query": document }).to_string()));
        let response = routes.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        (
            status,
            body["errors"][0]["extensions"]["code"].clone(),
            body["errors"][0]["message"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let (status, code, message) = told(ADVANCE).await;
    let (other_status, other_code, other_message) = told(&ADVANCE.replace("demoClockAdvance", "neverWasHere")).await;
    assert_eq!((status, &code), (StatusCode::BAD_REQUEST, &json!("GRAPHQL_VALIDATION_FAILED")));
    assert_eq!((status, code), (other_status, other_code));
    assert_eq!(message.replace("demoClockAdvance", "neverWasHere"), other_message);
}
