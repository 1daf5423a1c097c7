//! The feed of the eligibility system: each sending once, in order, to that system alone.

use chrono::TimeDelta;
use cpor::domain::command::Command;
use cpor::domain::ids::ClaimId;
use cpor::domain::reason::PartnerReason;
use serde_json::{Value, json};

use crate::support::ask::data;
use crate::support::world::{World, tenant};

async fn approved(world: &World, customer: u32) -> ClaimId {
    let id = world.under_review("anna", customer, &["TEAMS", "INTUNE"]).await;
    world.done("rita", id, Command::Approve { comment: None }).await;
    id
}

/// Gives positions to what was committed, as the sequencer does.
async fn sequence(world: &World) {
    let mut tx = world.app.database().begin().await.unwrap();
    cpor::store::feed::sequence(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// A page after a cursor: what it holds, and where it ends.
async fn page(world: &World, who: &str, after: Option<&str>) -> (Vec<Value>, Option<String>) {
    let after = after.map_or_else(|| "null".to_owned(), |cursor| format!("{cursor:?}"));
    let document = format!(
        "{{ assessmentRequests(first: 2, after: {after}) {{ totalCount pageInfo {{ endCursor }} nodes {{
            kind sentAt claimNumber tenantId customerName partnerLocationMpnId solutionArea activities submittedAt
            associations {{ code activity subscriptionId startedAt endedAt }} claim {{ status }} }} }} }}"
    );
    let found = data(world, who, &document).await["assessmentRequests"].take();
    let nodes = found["nodes"].as_array().unwrap().clone();
    (nodes, found["pageInfo"]["endCursor"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn what_is_sent_can_be_read_once_each_in_order_with_all_that_an_evaluation_needs() {
    let world = World::new().await;
    let first = approved(&world, 1).await;
    for customer in [2, 3] {
        approved(&world, customer).await;
    }
    sequence(&world).await;
    assert_eq!(page(&world, "elig", None).await, (Vec::new(), None), "nothing before the window closes");

    world.pass(TimeDelta::days(30));
    for claim in cpor::store::due::due(&mut world.app.database().read().await.unwrap(), world.now(), 100).await.unwrap() {
        world.app.record_expiries(claim).await.unwrap();
    }
    sequence(&world).await;
    let (nodes, end) = page(&world, "elig", None).await;
    assert_eq!(nodes.len(), 2);
    let one = nodes.iter().find(|node| node["tenantId"] == tenant(1)).unwrap();
    assert_eq!(one["kind"], "REQUEST");
    assert_eq!(one["sentAt"], "2021-09-21T00:00:00.000000Z", "dated at the deadline, however late it was recorded");
    assert_eq!((&one["partnerLocationMpnId"], &one["solutionArea"]), (&json!("1000001"), &json!("MICROSOFT_365")));
    assert_eq!((&one["activities"], &one["customerName"]), (&json!(["USAGE"]), &json!("Tailspin Toys 1")));
    let products: Vec<_> = one["associations"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(products, ["INTUNE", "TEAMS"]);
    assert!(one["claimNumber"].as_str().unwrap().starts_with("CPOR-") && one["submittedAt"].is_string());

    let (nodes, end) = page(&world, "elig", end.as_deref()).await;
    assert_eq!(nodes.len(), 1);
    assert_eq!(page(&world, "elig", end.as_deref()).await, (Vec::new(), None), "and no more");

    // A withdrawal is a sending of its own.
    let reason = PartnerReason::WrongPartnerId;
    world.done("anna", first, Command::Disassociate { reason, comment: None }).await;
    sequence(&world).await;
    let (nodes, _) = page(&world, "elig", end.as_deref()).await;
    let told: Vec<_> =
        nodes.iter().map(|node| (node["kind"].as_str().unwrap(), node["claim"]["status"].as_str().unwrap())).collect();
    assert_eq!(told, [("WITHDRAWAL", "REJECTED")]);
    assert!(nodes[0]["associations"][0]["endedAt"].is_string());
}

#[tokio::test]
async fn nobody_else_sees_that_there_is_such_a_feed() {
    let world = World::new().await;
    let claim = approved(&world, 1).await;
    world.pass(TimeDelta::days(30));
    world.app.record_expiries(claim).await.unwrap();
    sequence(&world).await;
    assert_eq!(page(&world, "elig", None).await.0.len(), 1);
    for who in ["anna", "clara", "rita", "lena", "aude", "otto"] {
        assert_eq!(page(&world, who, None).await, (Vec::new(), None), "{who}");
        let count = data(&world, who, "{ assessmentRequests { totalCount } }").await;
        assert_eq!(count["assessmentRequests"]["totalCount"], 0, "{who}");
    }
}
