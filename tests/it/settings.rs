//! What people choose for themselves: language, time zone, notices.

use cpor::domain::command::Command;
use cpor::store::aggregate;
use cpor::store::links::LinkContact;
use serde_json::json;

use crate::support::ask::{data, data_for};
use crate::support::world::World;

const SHOW: &str = "{ viewer { settings { locale timeZone optionalNotices } } }";

#[tokio::test]
async fn a_person_changes_what_is_theirs_and_keeps_the_rest() {
    let world = World::new().await;
    let before = data(&world, "anna", SHOW).await;
    let all = json!(["SUBMISSION_RECEIVED", "REVIEW_STARTED", "REMINDERS", "CONSENT_ELAPSED", "ASSIGNED", "PARTNER_REPLIED"]);
    assert_eq!(before["viewer"]["settings"], json!({ "locale": "pl", "timeZone": "UTC", "optionalNotices": all }));

    let change = r#"mutation { viewerUpdate(input: { timeZone: "Europe/Warsaw", optionalNotices: [REMINDERS, REMINDERS] }) {
        settings { locale timeZone optionalNotices } userErrors { code } } }"#;
    let now = json!({ "locale": "pl", "timeZone": "Europe/Warsaw", "optionalNotices": ["REMINDERS"] });
    assert_eq!(data(&world, "anna", change).await["viewerUpdate"], json!({ "settings": now, "userErrors": [] }));
    assert_eq!(data(&world, "anna", SHOW).await["viewer"]["settings"], now);
    assert_eq!(data(&world, "rita", SHOW).await["viewer"]["settings"]["timeZone"], "UTC");
}

#[tokio::test]
async fn everything_wrong_is_told_at_once_and_nothing_changes() {
    let world = World::new().await;
    let before = data(&world, "anna", SHOW).await;
    let change = r#"mutation { viewerUpdate(input: { locale: "de", timeZone: "Mars/Olympus", optionalNotices: [] }) {
        settings { locale } userErrors { code path } } }"#;
    let told = json!([
        { "code": "INVALID_FORMAT", "path": ["input", "locale"] },
        { "code": "INVALID_FORMAT", "path": ["input", "timeZone"] },
    ]);
    assert_eq!(data(&world, "anna", change).await["viewerUpdate"], json!({ "settings": null, "userErrors": told }));
    assert_eq!(data(&world, "anna", SHOW).await, before);
}

#[tokio::test]
async fn a_change_of_settings_ends_nobodys_streams() {
    let world = World::new().await;
    let viewer = world.viewer("anna").await;
    data(&world, "anna", r#"mutation { viewerUpdate(input: { locale: "en" }) { userErrors { code } } }"#).await;
    assert!(world.app.revalidate(&viewer).await);
}

#[tokio::test]
async fn a_customer_has_no_settings() {
    let world = World::new().await;
    let id = world.under_review("anna", 1, &["TEAMS"]).await;
    world.done("rita", id, Command::Approve { comment: None }).await;
    let claim = aggregate::load_many(&mut world.app.database().read().await.unwrap(), &[id]).await.unwrap().remove(0);
    let token = world.app.mint_consent_link(&claim, LinkContact::Customer).await.unwrap().unwrap();
    let customer = world.app.authenticate(Some(&token)).await.unwrap();
    assert_eq!(data_for(&world, customer.clone(), SHOW).await, json!({ "viewer": { "settings": null } }));
    let change = r#"mutation { viewerUpdate(input: { locale: "pl" }) { settings { locale } userErrors { code } } }"#;
    let refused = json!({ "viewerUpdate": { "settings": null, "userErrors": [{ "code": "FORBIDDEN" }] } });
    assert_eq!(data_for(&world, customer, change).await, refused);
}
