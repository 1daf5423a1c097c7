//! The counters that an operator watches, of a whole server.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use cpor::graphql;
use cpor::http::{self, HttpSettings, Routers};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::support::world::World;

fn routers(world: &World, change: impl FnOnce(&mut HttpSettings)) -> Routers {
    let mut settings = HttpSettings::default();
    change(&mut settings);
    http::routers(world.app.clone(), graphql::schema(), settings, Router::new())
}

async fn get(routes: &Router, path: &str) -> (u16, String) {
    let response = routes.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    (status, String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
}

fn value(text: &str, series: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{series} is not in\n{text}")).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_what_is_owed_and_what_is_done() {
    let world = World::new().await;
    world.submitted("anna", 1, &["TEAMS"]).await;
    world.uploaded("anna").await;
    let viewer = world.viewer("anna").await;
    world.app.upload_create(&viewer, "later.pdf").await.unwrap();
    let (_, before) = get(&routers(&world, |_| {}).public, "/metrics").await;
    assert!(value(&before, "cpor_feed_unnumbered") >= 2.0 && value(&before, "cpor_feed_head") == 0.0);
    assert!(value(&before, "cpor_outbox_unaddressed") >= 1.0);
    assert_eq!(value(&before, "cpor_uploads{state=\"COMPLETE\"}"), 1.0);
    assert_eq!(value(&before, "cpor_uploads{state=\"WAITING\"}"), 1.0);
    assert_eq!(value(&before, "cpor_pool_connections_max{pool=\"read\"}"), 4.0);
    assert!(value(&before, "cpor_database_statements_total") > 10.0 && value(&before, "cpor_database_up") == 1.0);

    let stop = CancellationToken::new();
    let workers = world.start_workers(&world.app, &stop);
    let done = async {
        loop {
            let (_, now) = get(&routers(&world, |_| {}).public, "/metrics").await;
            let owed = ["cpor_feed_unnumbered", "cpor_feed_behind", "cpor_outbox_unaddressed", "cpor_deliveries_pending"];
            if owed.iter().all(|name| value(&now, name) == 0.0) && value(&now, "cpor_feed_head") > 0.0 {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let after = done.await;
    assert_eq!(value(&after, "cpor_feed_numbered_total"), value(&after, "cpor_feed_head"));
    assert_eq!(value(&after, "cpor_sequencer_leads"), 1.0);
    stop.cancel();
    workers.wait().await;
}

#[tokio::test]
async fn without_its_database_a_server_still_tells_the_rest() {
    let world = World::new().await;
    let routes = routers(&world, |_| {}).public;
    world.app.database().close();
    let (status, text) = get(&routes, "/metrics").await;
    assert_eq!((status, value(&text, "cpor_database_up")), (200, 0.0));
    assert!(!text.contains("cpor_feed_head"), "{text}");
}

#[tokio::test]
async fn counters_can_be_kept_from_clients() {
    let world = World::new().await;
    let routers = routers(&world, |settings| settings.metrics = false);
    assert_eq!(get(&routers.public, "/metrics").await.0, 404);
    let (status, text) = get(&routers.operators, "/metrics").await;
    assert!(status == 200 && text.contains("cpor_pool_waiting"));
    assert_eq!(get(&routers.operators, "/readyz").await.0, 200);
    assert_eq!(get(&routers.operators, "/graphql").await.0, 404);
}

#[tokio::test]
async fn every_counter_is_documented_and_every_documented_one_is_there() {
    let world = World::new().await;
    world.uploaded("anna").await;
    let (_, text) = get(&routers(&world, |_| {}).public, "/metrics").await;
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/http.md")).unwrap();
    let mut told: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let mut documented: Vec<_> = page.split('`').filter(|word| word.starts_with("cpor_")).collect();
    told.sort_unstable();
    documented.sort_unstable();
    assert_eq!(told, documented);
}
