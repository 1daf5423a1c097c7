//! A server that was away for days ends up where one that never stopped is.

use chrono::{DateTime, TimeDelta, Utc};
use cpor::app::App;
use cpor::domain::command::Command;
use cpor::domain::reason::{Finding, FindingKind, RejectionReason};
use cpor::store::{due, verify};

use crate::support::world::World;

/// Claims looked up at a time, as the sweeper does.
const BATCH: i64 = 100;

/// Five claims, each with another clock that runs.
async fn busy_world() -> World {
    let world = World::new().await;
    let findings = || vec![Finding { kind: FindingKind::MissingAllPoe, product: None, words: None }];
    let ask = || Command::RequestAction { comment: "The file is empty.".to_owned(), findings: findings() };
    world.submitted("anna", 1, &["TEAMS"]).await;
    world.under_review("anna", 2, &["TEAMS"]).await;
    let asked = world.under_review("clara", 3, &["TEAMS"]).await;
    world.done("rita", asked, ask()).await;
    let approved = world.under_review("anna", 4, &["TEAMS"]).await;
    world.done("rita", approved, Command::Approve { comment: None }).await;
    let rejected = world.under_review("anna", 5, &["TEAMS"]).await;
    let reject =
        Command::Reject { reason: RejectionReason::InsufficientPoe, comment: "Too little.".to_owned(), findings: findings() };
    world.done("rita", rejected, reject).await;
    world
}

/// What the sweeper does, until nothing is due.
async fn sweep(world: &World) {
    sweep_as(&world.app).await;
}

async fn sweep_as(app: &App) {
    loop {
        let claims = {
            let mut conn = app.database().read().await.unwrap();
            due::due(&mut conn, app.now(), BATCH).await.unwrap()
        };
        if claims.is_empty() {
            return;
        }
        for claim in claims {
            app.record_expiries(claim).await.unwrap();
        }
    }
}

async fn live_until(world: &World, end: DateTime<Utc>) {
    while world.now() < end {
        world.pass(TimeDelta::hours(6));
        sweep(world).await;
    }
}

/// All histories: which claim, which entry, when, what.
async fn histories(world: &World) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(world.database.url(), tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let select = "SELECT concat_ws(' ', c.number, h.seq, h.at, h.kind, h.version, h.status, h.by_kind,
            CASE WHEN h.by_kind = 'CLOCK' THEN h.body::jsonb -> 'what' END, CASE WHEN h.by_kind = 'CLOCK' THEN h.body::jsonb -> 'clocks' END)
         FROM history h JOIN claims c ON c.id = h.claim_id ORDER BY c.number, h.seq";
    let rows = client.query(select, &[]).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn after(outage: TimeDelta, since: &str) {
    let (always, away) = tokio::join!(busy_world(), busy_world());
    let begin: DateTime<Utc> = since.parse().unwrap();
    live_until(&always, begin + outage).await;
    live_until(&away, begin).await;
    away.set(&(begin + outage).to_rfc3339());
    sweep(&away).await;
    let (expected, found) = (histories(&always).await, histories(&away).await);
    assert!(expected.iter().any(|entry| entry.contains("NOTICE_QUEUED")));
    assert_eq!(found, expected);
    for world in [always, away] {
        assert_eq!(verify::verify(world.app.database()).await.unwrap().faults, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_days_of_outage_leave_no_trace_in_any_history() {
    // From Saturday to Tuesday: a reminder and the ends of four clocks come and go while nobody looks.
    after(TimeDelta::days(3), "2021-09-18T22:00:00Z").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_days_of_outage_leave_no_trace_either() {
    after(TimeDelta::days(40), "2021-09-14T04:00:00Z").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_sweep_at_once_record_each_deadline_once() {
    let (alone, raced) = tokio::join!(busy_world(), busy_world());
    for world in [&alone, &raced] {
        world.pass(TimeDelta::days(40));
    }
    sweep(&alone).await;
    let others = [raced.another_app().await, raced.another_app().await];
    tokio::join!(sweep_as(&raced.app), sweep_as(&others[0]), sweep_as(&others[1]));
    assert_eq!(histories(&raced).await, histories(&alone).await);
    assert_eq!(verify::verify(raced.app.database()).await.unwrap().faults, []);
}
