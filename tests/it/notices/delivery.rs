//! How messages leave: over a real SMTP conversation, each once, the sick delaying nobody.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use cpor::notify::{MAX_ATTEMPTS, Notifier};
use cpor::store::deliveries;
use serde_json::json;

use super::{asked, by_smtp, pay};
use crate::support::ask::data;
use crate::support::smtp::{Mood, SmtpServer};
use crate::support::world::World;

/// Longer than any wait between two tries.
const LATER: TimeDelta = TimeDelta::hours(7);

#[tokio::test(flavor = "multi_thread")]
async fn a_message_arrives_with_two_parts_an_identity_and_nobody_to_answer() {
    let (world, server) = (World::new().await, SmtpServer::start().await);
    world.submitted("anna", 1, &["TEAMS"]).await;
    pay(&by_smtp(&world.app, &server.url())).await;
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    let message = &taken[0];
    assert_eq!(message.to, "paula@northwind.example");
    assert_eq!(message.header("From"), "Claims <cpor@claims.example>");
    assert_eq!(message.header("Auto-Submitted"), "auto-generated");
    assert!(message.header("Message-ID").ends_with("@claims.example>"));
    assert!(message.header("Content-Type").starts_with("multipart/alternative"));
    assert!(message.message.contains("text/plain; charset=utf-8") && message.message.contains("text/html; charset=utf-8"));
    assert!(message.message.is_ascii(), "the wire may take no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_who_does_not_answer_delays_no_other() {
    let (world, server) = (World::new().await, SmtpServer::start().await);
    asked(&world, "anna", 1).await;
    server.treat("paula@northwind.example", Some(Mood::Silent));
    let notifier = by_smtp(&world.app, &server.url());
    notifier.address(Utc::now()).await.unwrap();
    let sick = tokio::spawn({
        let notifier = notifier.clone();
        async move { notifier.deliver_next(Utc::now()).await }
    });
    server.silent_was_asked().await;

    // Others get theirs meanwhile; what else goes to the sick one waits its turn.
    world.set("2021-09-22T00:00:00Z");
    let id = crate::door::only_claim(&world).await;
    world.submitted("clara", 2, &["TEAMS"]).await;
    world.app.record_expiries(id).await.unwrap();
    world.pass(TimeDelta::days(30));
    for claim in crate::door::all_claims(&world).await {
        world.app.record_expiries(claim).await.unwrap();
    }
    pay(&notifier).await;
    let others: Vec<String> = server.taken().into_iter().map(|taken| taken.to).collect();
    assert!(others.contains(&"lena@reviews.example".to_owned()), "{others:?}");
    assert!(!others.contains(&"paula@northwind.example".to_owned()), "{others:?}");
    server.speak();
    assert!(sick.await.unwrap().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_receiver_is_tried_again_later_then_given_up_and_again_when_an_operator_says_so() {
    let (world, server) = (World::new().await, SmtpServer::start().await);
    world.submitted("anna", 1, &["TEAMS"]).await;
    server.treat("paula@northwind.example", Some(Mood::Busy));
    let notifier = by_smtp(&world.app, &server.url());
    let mut now = Utc::now();
    notifier.address(now).await.unwrap();
    for attempt in 1..=MAX_ATTEMPTS {
        assert!(notifier.deliver_next(now).await.unwrap(), "try {attempt}");
        assert!(!notifier.deliver_next(now).await.unwrap(), "the next try waits");
        now += LATER;
    }
    assert!(!notifier.deliver_next(now).await.unwrap(), "no try more");

    let (otto, anna) = (world.viewer("otto").await, world.viewer("anna").await);
    assert_eq!(world.app.dead_letters(&anna).await.unwrap(), []);
    let dead = world.app.dead_letters(&otto).await.unwrap();
    assert_eq!((dead.len(), dead[0].attempts, dead[0].notice.as_str()), (1, MAX_ATTEMPTS, "SUBMISSION_RECEIVED"));
    assert_eq!(dead[0].number().to_string(), "CPOR-100001");
    assert!(dead[0].last_error.as_ref().unwrap().contains("later, please"), "{dead:?}");

    server.treat("paula@northwind.example", None);
    assert_eq!(world.app.retry_dead_letters(&anna, &[dead[0].id]).await.unwrap(), 0);
    assert_eq!(world.app.retry_dead_letters(&otto, &[dead[0].id]).await.unwrap(), 1);
    pay(&notifier).await;
    assert_eq!(server.taken().len(), 1);
    assert_eq!(world.app.dead_letters(&otto).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_who_does_not_exist_is_given_up_at_once() {
    let (world, server) = (World::new().await, SmtpServer::start().await);
    world.submitted("anna", 1, &["TEAMS"]).await;
    server.treat("paula@northwind.example", Some(Mood::Gone));
    pay(&by_smtp(&world.app, &server.url())).await;
    let otto = world.viewer("otto").await;
    let dead = world.app.dead_letters(&otto).await.unwrap();
    assert_eq!((dead.len(), dead[0].attempts), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_dead_letters_and_retries_them_and_nobody_else_can() {
    let (world, server) = (World::new().await, SmtpServer::start().await);
    world.submitted("anna", 1, &["TEAMS"]).await;
    server.treat("paula@northwind.example", Some(Mood::Gone));
    let notifier = by_smtp(&world.app, &server.url());
    pay(&notifier).await;

    let list = "{ deadLetters { deliveryId claimNumber notice email attempts lastError givenUpAt } }";
    assert_eq!(data(&world, "anna", list).await["deadLetters"], json!([]));
    let seen = data(&world, "otto", list).await;
    let letter = &seen["deadLetters"][0];
    assert_eq!((&letter["claimNumber"], &letter["notice"]), (&json!("CPOR-100001"), &json!("SUBMISSION_RECEIVED")));
    assert_eq!((&letter["email"], &letter["attempts"]), (&json!("paula@northwind.example"), &json!(1)));

    server.treat("paula@northwind.example", None);
    let id = letter["deliveryId"].as_str().unwrap();
    let retry = format!(r#"mutation {{ noticeRetry(input: {{ deliveryIds: ["{id}"] }}) {{ retried userErrors {{ code }} }} }}"#);
    let refused = data(&world, "lena", &retry).await;
    assert_eq!(refused["noticeRetry"], json!({ "retried": 0, "userErrors": [{ "code": "FORBIDDEN" }] }));
    assert_eq!(data(&world, "otto", &retry).await["noticeRetry"], json!({ "retried": 1, "userErrors": [] }));
    pay(&notifier).await;
    assert_eq!(server.taken().len(), 1);
    assert_eq!(data(&world, "otto", list).await["deadLetters"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_away_loses_nothing() {
    let (world, server) = (World::new().await, SmtpServer::start().await);
    world.submitted("anna", 1, &["TEAMS"]).await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let away = format!("smtp://{}", nobody.local_addr().unwrap());
    drop(nobody);
    pay(&by_smtp(&world.app, &away)).await;
    let well = by_smtp(&world.app, &server.url());
    assert!(well.deliver_next(Utc::now() + LATER).await.unwrap());
    assert_eq!(server.taken().len(), 1);
}

async fn drain(notifier: Notifier, now: DateTime<Utc>) {
    while notifier.address(now).await.unwrap() > 0 {}
    // Another lane may hold what goes to the same address: look again.
    for _ in 0..20 {
        while notifier.deliver_next(Utc::now()).await.unwrap() {}
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_with_several_lanes_each_send_every_message_once() {
    let (world, server) = (World::new().await, SmtpServer::start().await);
    for customer in 1..=6 {
        world.submitted("anna", customer, &["TEAMS"]).await;
    }
    world.pass(TimeDelta::days(30));
    for claim in crate::door::all_claims(&world).await {
        world.app.record_expiries(claim).await.unwrap();
    }
    let other = world.another_app().await;
    let lanes = [&world.app, &other].into_iter().flat_map(|app| {
        let notifier = by_smtp(app, &server.url());
        (0..3).map(move |_| tokio::spawn(drain(notifier.clone(), Utc::now())))
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.unwrap();
    }
    pay(&by_smtp(&world.app, &server.url())).await;
    let mut ids: Vec<String> = server.taken().iter().map(|taken| taken.header("Message-ID")).collect();
    // A receipt each, and two clocks of the reviewers that ran out, told to the lead.
    assert_eq!(ids.len(), 6 * 3);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 6 * 3, "nobody got one twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_leased_and_never_settled_is_sent_by_another_under_the_same_identity() {
    let (world, server) = (World::new().await, SmtpServer::start().await);
    world.submitted("anna", 1, &["TEAMS"]).await;
    let notifier = by_smtp(&world.app, &server.url());
    let now = Utc::now();
    notifier.address(now).await.unwrap();
    let lost = {
        let mut conn = world.app.database().write().await.unwrap();
        deliveries::lease(&mut conn, now, now + TimeDelta::minutes(2)).await.unwrap().unwrap()
    };
    assert!(!notifier.deliver_next(now).await.unwrap(), "it is leased");
    assert!(notifier.deliver_next(now + TimeDelta::minutes(3)).await.unwrap());
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].header("Message-ID"), format!("<{}@claims.example>", lost.id));
    let mut conn = world.app.database().write().await.unwrap();
    let late = deliveries::settle(&mut conn, &lost, &deliveries::Settlement::Sent, now).await.unwrap();
    assert!(!late, "whose lease ran out has nothing to say any more");
}
