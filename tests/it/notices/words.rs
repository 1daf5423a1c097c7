//! What the messages say, to whom, in which language.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use cpor::app::Options;
use cpor::domain::command::{Command, ContactInput, Create, DetailsInput, ProductInput};
use cpor::domain::ids::{ClaimId, ProductLineId};
use cpor::domain::product::{Activity, Area};
use cpor::domain::reason::{FindingKind, PartnerReason, RejectionReason};
use cpor::domain::status::Status;
use cpor::notify::{Notifier, Route};

use super::{LetterBox, PUBLIC_URL, asked, rejected, settings};
use crate::support::scratch::ScratchFolder;
use crate::support::world::{World, details};

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_tells_reason_findings_where_to_read_it_and_how_to_dispute_in_english() {
    let world = World::new().await;
    rejected(&world, "clara", 1).await;
    let letter = LetterBox::of(&world).letter("rejected", "paula@northwind.example").await;
    for said in [
        "Claim CPOR-100001 was rejected",
        "Hello Paula Partner,",
        "for Tailspin Toys 1 was rejected on 13 September 2021",
        "Reason: The proof of execution does not suffice.",
        "> Nobody signed it.",
        "- Teams: The customer's signature is missing",
        "- Other – Page 2 is <blank>.",
        "history of claim CPOR-100001:\n\nhttps://claims.example\n",
        "choose “dispute”. The last day for that is Wednesday, 13 October 2021",
        "before 2021-10-14 00:00 (UTC)",
        "<li>Other – Page 2 is &lt;blank&gt;.</li>",
    ] {
        assert!(letter.contains(said), "{said:?} is missing in\n{letter}");
    }
    assert!(!letter.contains("href=\"https://elsewhere.example"), "what people write becomes no link");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_tells_the_same_in_polish() {
    let world = World::new().await;
    rejected(&world, "anna", 1).await;
    let letter = LetterBox::of(&world).letter("rejected", "paula@northwind.example").await;
    for said in [
        "Dzień dobry, Paula Partner!",
        "dotyczący klienta Tailspin Toys 1 został odrzucony 13 września 2021",
        "Powód: Dowód wykonania nie wystarcza.",
        "> Nobody signed it.",
        "- Teams: Brakuje podpisu klienta",
        "- Inne – Page 2 is <blank>.",
        "historii wniosku CPOR-100001:\n\nhttps://claims.example\n",
        "Ostatni dzień: środa, 13 października 2021",
        "przed 2021-10-14 00:00 (UTC)",
        "<html lang=\"pl\">",
    ] {
        assert!(letter.contains(said), "{said:?} is missing in\n{letter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customer_hears_who_is_associated_with_what_and_can_decline_by_the_link() {
    let world = World::new().await;
    let id = world.under_review("clara", 1, &["TEAMS", "YAMMER"]).await;
    world.done("rita", id, Command::Approve { comment: None }).await;
    let letter = LetterBox::of(&world).letter("consent-request", "tom@tailspin.example").await;
    for said in [
        "Fabrikam Partners stated that it works with Tailspin Toys 1",
        "- Teams (usage)",
        "- Yammer (usage)",
        "What the partner will see",
        "If you agree, you need not do anything.",
        "until Monday, 20 September 2021 (before 2021-09-21 00:00 (UTC))",
        "You can also decline later",
    ] {
        assert!(letter.contains(said), "{said:?} is missing in\n{letter}");
    }
    let token = link(&letter);
    let customer = world.app.authenticate(Some(&token)).await.unwrap();
    let decline = Command::Decline { reason: None };
    let outcome = world.app.execute(&customer, id, decline, Options::default()).await.unwrap();
    assert_eq!(outcome.refusal, None);
    assert_eq!(crate::door::claim(&world, id).await.status, Status::Rejected);
}

/// The token of the consent link in a letter.
fn link(letter: &str) -> String {
    let line = letter.lines().find_map(|line| line.strip_prefix(&format!("{PUBLIC_URL}/consent/"))).expect("a link");
    line.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_contact_of_business_applications_gets_a_link_of_their_own() {
    let world = World::new().await;
    let contact = |name: &str, email: &str| {
        let text = |text: &str| Some(text.to_owned());
        Some(Some(ContactInput { name: text(name), title: text("IT"), email: text(email) }))
    };
    let details = DetailsInput {
        area: Some(Some(Area::BusinessApplications)),
        activities: Some(BTreeSet::from([Activity::Presales, Activity::Usage])),
        technical_contact: contact("Tess Tailspin", "tess@tailspin.example"),
        ..details("clara", 1)
    };
    let subscription_id = Some("22222222-0000-4000-8000-000000000001".to_owned());
    let products = vec![ProductInput { id: ProductLineId::fresh(), product: "SALES".to_owned(), subscription_id }];
    let create = Create { id: ClaimId::fresh(), details, products };
    let id = create.id;
    let outcome = world.app.create(&world.viewer("clara").await, create, Options::default()).await.unwrap();
    assert_eq!(outcome.refusal, None);
    world.attach("clara", id).await;
    world.done("clara", id, Command::Submit { attestation: true }).await;
    world.done("rita", id, Command::StartReview).await;
    world.done("rita", id, Command::Approve { comment: None }).await;
    let letters = LetterBox::of(&world);
    let links = [
        link(&letters.letter("consent-request", "tom@tailspin.example").await),
        link(&letters.letter("consent-request", "tess@tailspin.example").await),
    ];
    assert_ne!(links[0], links[1]);
    for token in &links {
        assert!(world.app.authenticate(Some(token)).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_correction_of_an_address_the_old_link_is_void_and_no_letter_with_a_new_one_goes_there() {
    let world = World::new().await;
    let id = world.under_review("clara", 1, &["TEAMS"]).await;
    world.done("rita", id, Command::Approve { comment: None }).await;
    let letters = LetterBox::of(&world);
    let old = link(&letters.letter("consent-request", "tom@tailspin.example").await);
    let moved = ContactInput { name: None, title: None, email: Some("tomas@tailspin.example".to_owned()) };
    let moved = ContactInput { name: Some("Tomas Tailspin".to_owned()), title: Some("Head of IT".to_owned()), ..moved };
    let patch = DetailsInput { customer_contact: Some(Some(moved)), ..DetailsInput::default() };
    world.done("clara", id, Command::Update(Box::new(patch))).await;
    let new = link(&letters.letter("consent-request", "tomas@tailspin.example").await);
    assert!(world.app.authenticate(Some(&old)).await.is_err());
    assert!(world.app.authenticate(Some(&new)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_partner_is_reminded_in_time_and_never_of_what_is_over() {
    let world = World::new().await;
    let (prompt, late) = (LetterBox::of(&world), "paula@northwind.example");
    asked(&world, "clara", 1).await;
    world.set("2021-09-17T00:00:00Z");
    let id = crate::door::only_claim(&world).await;
    world.app.record_expiries(id).await.unwrap();
    let letter = prompt.letter("response-reminder", late).await;
    assert!(letter.contains("waits for you until Monday, 20 September 2021"), "{letter}");

    // The second reminder is recorded after the deadline: dated at its instant, and not sent.
    world.set("2021-09-22T09:00:00Z");
    world.app.record_expiries(id).await.unwrap();
    let kinds = prompt.kinds_to(late).await;
    let reminders = kinds.iter().filter(|kind| *kind == "response-reminder").count();
    assert_eq!((reminders, kinds.contains(&"rejected".to_owned())), (1, true), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_reminder_names_the_last_day() {
    let world = World::new().await;
    let id = rejected(&world, "clara", 1).await;
    world.set("2021-10-07T08:00:00Z");
    world.app.record_expiries(id).await.unwrap();
    let letter = LetterBox::of(&world).letter("dispute-reminder", "paula@northwind.example").await;
    assert!(letter.contains("can be disputed until Wednesday, 13 October 2021"), "{letter}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reviewers_hear_what_is_assigned_and_overdue_each_in_their_own_name() {
    let world = World::new().await;
    world.under_review("clara", 1, &["TEAMS"]).await;
    let id = crate::door::only_claim(&world).await;
    world.pass(TimeDelta::days(9));
    world.app.record_expiries(id).await.unwrap();
    let letters = LetterBox::of(&world);
    assert_eq!(letters.kinds_to("rita@reviews.example").await, ["overdue"]);
    assert_eq!(letters.kinds_to("lena@reviews.example").await, ["overdue"]);
    let letter = letters.letter("overdue", "lena@reviews.example").await;
    assert!(letter.contains("Hello Lena Vogel,") && letter.contains("passed on 21 September 2021"), "{letter}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operators_template_replaces_ours_and_a_wrong_one_is_refused_at_the_start() {
    let world = World::new().await;
    world.submitted("clara", 1, &["TEAMS"]).await;
    let letters = LetterBox::of(&world);
    let folder = letters.folder.path().join("templates/en");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("submission_received.txt"), "We have {{ number }}\n\nThank you, {{ recipient }}.\n").unwrap();
    let route = Route::Folder(letters.folder.path().join("outbox"));
    let notifier = Notifier::new(world.app.clone(), settings(route.clone(), letters.folder.path().join("templates"))).unwrap();
    super::pay(&notifier).await;
    let letter = letters.letter("submission-received", "paula@northwind.example").await;
    assert!(letter.contains("Subject: We have CPOR-100001\n") && letter.contains("Thank you, Paula Partner."), "{letter}");

    let broken = ScratchFolder::new();
    std::fs::create_dir(broken.path().join("en")).unwrap();
    std::fs::write(broken.path().join("en/layout.txt"), "{{ body ").unwrap();
    let refused = Notifier::new(world.app.clone(), settings(route, broken.path().to_owned())).err().unwrap();
    assert!(refused.to_string().contains("layout.txt"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_of_a_whole_life_has_a_hole_in_it() {
    let world = World::new().await;
    let lena = world.viewer("lena").await.person().unwrap().id;
    for (who, customer) in [("clara", 1), ("anna", 2)] {
        let id = rejected(&world, who, customer).await;
        let justification = Some("The signature is on page 4.".to_owned());
        world.done(who, id, Command::Dispute { justification, documents: Vec::new() }).await;
        world.done("lena", id, Command::Assign { to: Some(lena) }).await;
        world
            .done(
                "lena",
                id,
                Command::RequestAction {
                    comment: "Which page?".to_owned(),
                    findings: super::missing(FindingKind::MissingProducts),
                },
            )
            .await;
        world.attach(who, id).await;
        world.done(who, id, Command::Resubmit).await;
        world.done("lena", id, Command::Approve { comment: Some("Thank you.".to_owned()) }).await;
        let lost = rejected(&world, who, customer + 10).await;
        world.done(who, lost, Command::Dispute { justification: Some("Look again.".to_owned()), documents: Vec::new() }).await;
        world.done("lena", lost, Command::Assign { to: Some(lena) }).await;
        let (reason, comment) = (RejectionReason::MissingProducts, "Still nothing.".to_owned());
        world.done("lena", lost, Command::Reject { reason, comment, findings: Vec::new() }).await;
        let approved = world.under_review(who, customer + 20, &["TEAMS"]).await;
        world.done("rita", approved, Command::Approve { comment: None }).await;
        let withdrawn = world.submitted(who, customer + 30, &["TEAMS"]).await;
        world.done(who, withdrawn, Command::Withdraw { reason: PartnerReason::WrongActivity, comment: None }).await;
        let letters = LetterBox::of(&world);
        super::pay(&letters.notifier).await;
        world.pass(TimeDelta::days(8));
        world.app.record_expiries(approved).await.unwrap();
        let (reason, comment) = (PartnerReason::NoLongerWorkingWithCustomer, None);
        world.done(who, approved, Command::Disassociate { reason, comment }).await;
        for (name, letter) in letters.emptied().await {
            let text = letter.split("text/plain").nth(1).and_then(|rest| rest.split("\n--").next()).unwrap();
            let holes = ["none", "undefined", "{{", "{%", "  ", "[]"];
            let found: Vec<_> = holes.iter().filter(|hole| text.contains(**hole)).collect();
            assert!(found.is_empty() && letter.contains("</html>"), "{found:?} in {name}:\n{letter}");
        }
        let mut kinds: Vec<String> = letters.kinds_to("paula@northwind.example").await;
        kinds.sort();
        kinds.dedup();
        assert!(kinds.contains(&"dispute-decided".to_owned()) && kinds.contains(&"consent-elapsed".to_owned()), "{kinds:?}");
        assert!(letters.kinds_to("tom@tailspin.example").await.contains(&"association-ended".to_owned()));
        assert!(letters.kinds_to("lena@reviews.example").await.contains(&"dispute-filed".to_owned()));
    }
}
