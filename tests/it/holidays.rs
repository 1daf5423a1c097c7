//! Holidays from an operator's calendar file, and what they do to clocks that run.

use cpor::app::import::import;
use cpor::domain::clock::ClockKind;
use cpor::domain::ids::ClaimId;
use cpor::domain::status::Status;
use cpor::store::aggregate;
use serde_json::json;

use crate::support::ask::data;
use crate::support::world::World;

fn calendar(days: &[&str]) -> String {
    let events: String =
        days.iter().map(|day| format!("BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:Day off\r\nEND:VEVENT\r\n")).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

async fn expires(world: &World, id: ClaimId, kind: ClockKind) -> String {
    let mut conn = world.app.database().read().await.unwrap();
    let claim = aggregate::load_many(&mut conn, &[id]).await.unwrap().remove(0);
    claim.clock(kind).and_then(|clock| clock.expires_at()).unwrap().to_rfc3339()
}

#[tokio::test]
async fn a_calendar_file_replaces_the_holidays_of_its_years_and_is_shown() {
    let world = World::new().await;
    let show = "{ calendar { timeZone weekend holidays } }";
    let database = world.app.database();
    let report = import(database, &calendar(&["20210915", "20211224"])).await.unwrap();
    assert_eq!(report.holidays, 2);
    import(database, &calendar(&["20220101", "20220106"])).await.unwrap();
    import(database, &calendar(&["20220101"])).await.unwrap();
    import(database, &calendar(&["20220101"])).await.unwrap();
    let shown =
        json!({ "timeZone": "UTC", "weekend": ["SATURDAY", "SUNDAY"], "holidays": ["2021-09-15", "2021-12-24", "2022-01-01"] });
    assert_eq!(data(&world, "anna", show).await["calendar"], shown);

    let recurring = calendar(&["20220102"]).replace("SUMMARY", "RRULE:FREQ=YEARLY\r\nSUMMARY");
    let told = import(database, &recurring).await.unwrap_err().to_string();
    assert!(told.contains("the event \"Day off\" on line 3: recurs (RRULE)"), "{told}");
    assert_eq!(data(&world, "anna", show).await["calendar"], shown);
}

#[tokio::test]
async fn a_change_of_holidays_never_shortens_a_running_clock() {
    let world = World::new().await;
    let database = world.app.database();
    import(database, &calendar(&["20210915", "20210916"])).await.unwrap();
    let claim = world.submitted("anna", 1, &["TEAMS"]).await;
    // Monday plus five business days, two holidays and a weekend: the end of Wednesday of the next week.
    assert_eq!(expires(&world, claim, ClockKind::PickUp).await, "2021-09-23T00:00:00+00:00");
    import(database, &calendar(&["20210917"])).await.unwrap();
    assert_eq!(expires(&world, claim, ClockKind::PickUp).await, "2021-09-23T00:00:00+00:00");

    world.set("2021-09-22T23:59:59.999999Z");
    assert!(!world.app.record_expiries(claim).await.unwrap(), "not a moment earlier than it was told");
    world.set("2021-09-23T00:00:00Z");
    assert!(world.app.record_expiries(claim).await.unwrap());
    // What begins now counts by the holidays of now: a submission on that Thursday has five days, and no day off among them.
    let later = world.submitted("anna", 2, &["TEAMS"]).await;
    assert_eq!(expires(&world, later, ClockKind::PickUp).await, "2021-10-01T00:00:00+00:00");
    let mut conn = database.read().await.unwrap();
    let claim = aggregate::load_many(&mut conn, &[claim]).await.unwrap().remove(0);
    assert_eq!(claim.status, Status::Submitted, "overdue, and still waiting");
}
