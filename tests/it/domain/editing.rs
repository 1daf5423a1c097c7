//! What a partner may change, when, and what changing does.

use cpor::domain::command::{Command, ContactInput, DetailsInput};
use cpor::domain::details::Field;
use cpor::domain::notice::{Audience, NoticeKind};
use cpor::domain::policy::Policy;
use cpor::domain::refusal::Code;
use cpor::domain::{MAX_PRODUCTS, editable_by, editable_fields};

use super::cast::{anna, lotte, rita, ulrich};
use super::moves::{add_product, new_customer_contact, update};
use super::situations::{action_required, all, approved, draft, submitted};
use super::story::Story;
use super::world::{contact, line, product};

fn inputs() -> Vec<(Field, DetailsInput)> {
    use cpor::domain::product::{Activity, Area};
    let blank = DetailsInput::default;
    let text = |text: &str| Some(Some(text.to_owned()));
    let someone = Some(Some(contact("Someone Else", "someone@contoso.com")));
    vec![
        (Field::Name, DetailsInput { name: text("Another"), ..blank() }),
        (Field::Location, DetailsInput { location: Some("7654321".to_owned()), ..blank() }),
        (Field::TenantId, DetailsInput { tenant_id: text("11111111-2222-4333-8444-555555555555"), ..blank() }),
        (Field::CustomerDomain, DetailsInput { customer_domain: text("mail.contoso.com"), ..blank() }),
        (Field::CustomerName, DetailsInput { customer_name: text("Contoso Ltd"), ..blank() }),
        (Field::Area, DetailsInput { area: Some(Some(Area::BusinessApplications)), ..blank() }),
        (Field::Activities, DetailsInput { activities: Some([Activity::Presales].into()), ..blank() }),
        (Field::CustomerContact, DetailsInput { customer_contact: someone.clone(), ..blank() }),
        (Field::TechnicalContact, DetailsInput { technical_contact: someone.clone(), ..blank() }),
        (Field::PartnerContact, DetailsInput { partner_contact: someone, ..blank() }),
        (Field::ExternalReference, DetailsInput { external_reference: text("NW-78"), ..blank() }),
        (Field::Tags, DetailsInput { tags: Some(vec!["urgent".to_owned()]), ..blank() }),
    ]
}

#[test]
fn in_every_situation_exactly_the_editable_fields_can_be_edited() {
    for (situation, story) in all() {
        let story = story.swept();
        let editable = editable_fields(&story.claim, &story.world.rules());
        for (field, input) in inputs() {
            let edited = story.clone().tries(&anna(), &update(input));
            assert_eq!(edited.is_ok(), editable.contains(&field), "{field} in {situation}: {edited:?}");
        }
    }
}

#[test]
fn every_field_has_an_input_a_command_of_its_own_or_both() {
    for field in Field::ALL {
        let by_command = matches!(field, Field::Products | Field::Documents);
        assert_ne!(by_command, inputs().iter().any(|(with_input, _)| with_input == field), "{field}");
    }
}

#[test]
fn who_may_not_edit_is_shown_no_editable_field() {
    let story = submitted();
    let editable = |actor| editable_by(&story.claim, &actor, &story.world.facts, story.now, &story.world.rules());
    assert_eq!(editable(anna()), editable_fields(&story.claim, &story.world.rules()));
    assert_eq!(editable(ulrich()), editable(anna()));
    assert!(editable(lotte()).is_empty());
    assert!(editable(rita()).is_empty());
}

#[test]
fn the_policy_of_2023_leaves_documents_alone_editable_in_submitted() {
    let mut story = submitted();
    story.world.policy = Policy::of_2023();
    assert_eq!(editable_fields(&story.claim, &story.world.rules()), [Field::Documents]);
    assert_eq!(story.refuses(&anna(), &new_customer_contact()), [Code::StateConflict]);
    assert_eq!(story.refuses(&anna(), &add_product(2, "TEAMS")), [Code::StateConflict]);
}

#[test]
fn what_is_already_so_is_no_change() {
    for story in [draft(), submitted(), action_required(), approved()] {
        let same = update(DetailsInput { area: None, activities: None, ..super::world::faultless() });
        let before = story.history.len();
        assert_eq!(story.then(&anna(), same).history.len(), before);
    }
}

#[test]
fn what_must_be_there_since_the_submission_cannot_be_cleared() {
    let cleared = update(DetailsInput { partner_contact: Some(None), ..DetailsInput::default() });
    assert_eq!(submitted().refuses(&anna(), &cleared), [Code::RequiredFieldMissing]);
    let _ = draft().then(&anna(), cleared);
    let nameless = ContactInput { name: None, ..contact("", "carla@contoso.com") };
    let nameless = update(DetailsInput { customer_contact: Some(Some(nameless)), ..DetailsInput::default() });
    assert_eq!(approved().refuses(&anna(), &nameless), [Code::RequiredFieldMissing]);
}

#[test]
fn a_blank_location_has_no_form() {
    let blank = update(DetailsInput { location: Some(" ".to_owned()), ..DetailsInput::default() });
    assert_eq!(draft().refuses(&anna(), &blank), [Code::InvalidFormat]);
}

#[test]
fn a_new_customer_contact_after_approval_gets_a_link_and_the_window_is_not_restarted() {
    let story = approved();
    let (before, clocks) = (story.history.len(), story.claim.clocks.clone());
    let story = story.on("2021-09-15 10:00").then(&anna(), new_customer_contact());
    assert_eq!(story.notices_since(before), [(NoticeKind::ConsentRequest, Audience::Customer)]);
    assert_eq!(story.claim.clocks, clocks);
}

fn products(story: &Story) -> Vec<String> {
    story.claim.products.iter().map(|line| line.product.to_string()).collect()
}

#[test]
fn products_are_added_replaced_and_removed_all_or_nothing() {
    let story = submitted().then(&anna(), add_product(2, "TEAMS"));
    let replace = vec![(line(1), product(7, "INTUNE"))];
    let command = Command::UpdateProducts { add: Vec::new(), replace, remove: vec![line(2)] };
    let story = story.then(&anna(), command);
    assert_eq!(products(&story), ["INTUNE"]);
    assert_eq!(story.claim.products[0].id, line(1), "a replaced line keeps its identity");
    let half_wrong = Command::UpdateProducts { add: vec![product(3, "TEAMS")], replace: Vec::new(), remove: vec![line(9)] };
    assert_eq!(story.refuses(&anna(), &half_wrong), [Code::UnknownReference]);
}

#[test]
fn a_line_is_replaced_once_and_not_also_removed() {
    let twice = vec![(line(1), product(7, "INTUNE")), (line(1), product(8, "TEAMS"))];
    let command = Command::UpdateProducts { add: Vec::new(), replace: twice, remove: Vec::new() };
    assert_eq!(draft().refuses(&anna(), &command), [Code::UnknownReference]);
    let replace = vec![(line(1), product(7, "INTUNE"))];
    let command = Command::UpdateProducts { add: Vec::new(), replace, remove: vec![line(1)] };
    assert_eq!(draft().refuses(&anna(), &command), [Code::UnknownReference]);
}

#[test]
fn the_last_product_of_a_submitted_claim_stays() {
    let command = Command::UpdateProducts { add: Vec::new(), replace: Vec::new(), remove: vec![line(1)] };
    assert_eq!(submitted().refuses(&anna(), &command), [Code::RequiredFieldMissing]);
    assert!(draft().then(&anna(), command).claim.products.is_empty());
}

#[test]
fn a_claim_has_fifty_products_at_most() {
    let guid = |n: usize| Some(format!("0f8fad5b-d9cb-469f-a165-{n:012}"));
    let lines = |count: usize| (0..count).map(|n| product(100 + n as u128, "SALES")).zip(1..);
    let add = |count: usize| Command::UpdateProducts {
        add: lines(count).map(|(input, n)| cpor::domain::command::ProductInput { subscription_id: guid(n), ..input }).collect(),
        replace: Vec::new(),
        remove: vec![line(1)],
    };
    assert_eq!(draft().then(&anna(), add(MAX_PRODUCTS)).claim.products.len(), MAX_PRODUCTS);
    assert_eq!(draft().refuses(&anna(), &add(MAX_PRODUCTS + 1)), [Code::TooLong]);
}

#[test]
fn faults_that_came_up_since_the_submission_are_mended_one_after_the_other() {
    let mut story = submitted();
    story.world.facts.locations.remove(&story.claim.details.location);
    story.world.facts.own_claims.insert(super::world::key_of("EXCHANGE_ONLINE"), cpor::domain::ids::ClaimNumber(100_000));
    assert_eq!(story.refuses(&anna(), &new_customer_contact()), [Code::PartnerLocationForbidden]);
    assert_eq!(story.refuses(&anna(), &add_product(2, "TEAMS")), [Code::AlreadyClaimedByYou]);
    let moved = update(DetailsInput { location: Some("7654321".to_owned()), ..DetailsInput::default() });
    let replace = vec![(line(1), product(7, "INTUNE"))];
    let swapped = Command::UpdateProducts { add: Vec::new(), replace, remove: Vec::new() };
    for commands in [[moved.clone(), swapped.clone()], [swapped, moved]] {
        let mended = commands.into_iter().fold(story.clone(), |story, command| story.then(&anna(), command));
        assert_eq!(products(&mended), ["INTUNE"]);
    }
}
