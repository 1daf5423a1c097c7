//! Notices that people can do without.

use cpor::domain::command::Command;
use cpor::domain::reason::RejectionReason;

use super::LetterBox;
use crate::support::ask::data;
use crate::support::world::World;

const NOTHING: &str = "mutation { viewerUpdate(input: { optionalNotices: [] }) { userErrors { code } } }";

#[tokio::test(flavor = "multi_thread")]
async fn who_chose_to_do_without_a_notice_gets_none_and_everybody_else_does() {
    let world = World::new().await;
    data(&world, "rita", NOTHING).await;
    for (who, customer) in [("rita", 1), ("ravi", 2)] {
        let claim = world.submitted("anna", customer, &["TEAMS"]).await;
        let to = world.viewer(who).await.person().map(|person| person.id);
        world.done("lena", claim, Command::Assign { to }).await;
    }
    let letters = LetterBox::of(&world);
    assert_eq!(letters.kinds_to("rita@reviews.example").await, Vec::<String>::new());
    assert_eq!(letters.kinds_to("ravi@reviews.example").await, ["assigned"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_do_without_is_sent_whatever_they_chose() {
    let world = World::new().await;
    let claim = world.submitted("anna", 1, &["TEAMS"]).await;
    // The partner's contact of the claim is a person here, too.
    let rename = "UPDATE people SET email = 'Paula@northwind.example' WHERE subject = 'anna'";
    crate::support::cluster::execute(world.database.url(), rename).await.unwrap();
    data(&world, "anna", NOTHING).await;
    world.done("rita", claim, Command::StartReview).await;
    let reject =
        Command::Reject { reason: RejectionReason::PoeUnavailable, comment: "Nothing opens.".to_owned(), findings: Vec::new() };
    world.done("rita", claim, reject).await;
    assert_eq!(LetterBox::of(&world).kinds_to("paula@northwind.example").await, ["rejected"]);
}
