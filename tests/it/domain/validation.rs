//! What a submission needs, part by part: contacts, activities, and what is only warned of.

use std::collections::BTreeSet;

use cpor::domain::command::{Command, ContactInput, Create, DetailsInput};
use cpor::domain::ids::ClaimNumber;
use cpor::domain::product::{Activity, Area};
use cpor::domain::refusal::Code;

use super::cast::{anna, rita, sam};
use super::moves::{approve, attach, creation, submit};
use super::situations::{consented, draft, under_review};
use super::story::Story;
use super::world::{World, contact, faultless, faultless_business, key_of, product, subscribed};

/// A complete draft of these fields, in either area.
fn draft_of(details: DetailsInput) -> Story {
    let business = details.area == Some(Some(Area::BusinessApplications));
    let products = vec![if business { subscribed(1, "SALES") } else { product(1, "EXCHANGE_ONLINE") }];
    Story::begin(World::default(), "2021-09-13 10:00", &Create { details, products, ..creation() }).then(&anna(), attach(1))
}

fn codes(story: &Story) -> Vec<Code> {
    story
        .clone()
        .tries(&anna(), &submit())
        .map_or_else(|refusal| refusal.violations.iter().map(|violation| violation.code).collect(), |_| Vec::new())
}

#[test]
fn each_area_has_its_activities_and_combinations() {
    use Activity::{Presales, RevenueAssociation, Usage};
    let cases: [(&[Activity], &[Code], &[Code]); 7] = [
        (&[Usage], &[], &[]),
        (&[Presales], &[], &[Code::ActivityNotInArea]),
        (&[Presales, Usage], &[], &[Code::ActivityNotInArea]),
        (&[RevenueAssociation], &[], &[Code::ActivityNotInArea]),
        (&[RevenueAssociation, Usage], &[Code::ActivityCombinationInvalid], &[Code::ActivityNotInArea]),
        (&[RevenueAssociation, Presales], &[Code::ActivityCombinationInvalid], &[Code::ActivityNotInArea]),
        (&[], &[Code::RequiredFieldMissing], &[Code::RequiredFieldMissing]),
    ];
    for (activities, business, microsoft) in cases {
        let chosen: BTreeSet<_> = activities.iter().copied().collect();
        let of = |details| draft_of(DetailsInput { activities: Some(chosen.clone()), ..details });
        assert_eq!(codes(&of(faultless_business())), business, "{activities:?} in Business Applications");
        assert_eq!(codes(&of(faultless())), microsoft, "{activities:?} in Microsoft 365");
    }
}

#[test]
fn a_contact_is_whole_and_only_the_customers_has_a_title() {
    let whole = || contact("Somebody", "somebody@contoso.com");
    let without = [
        ContactInput { name: None, ..whole() },
        ContactInput { email: None, ..whole() },
        ContactInput { title: Some("  ".to_owned()), ..whole() },
    ];
    for (index, partial) in without.into_iter().enumerate() {
        let partial = Some(Some(partial));
        let needs_it = [
            DetailsInput { customer_contact: partial.clone(), ..faultless_business() },
            DetailsInput { technical_contact: partial.clone(), ..faultless_business() },
            DetailsInput { partner_contact: partial, ..faultless_business() },
        ];
        let missing = needs_it.map(|details| codes(&draft_of(details)) == [Code::RequiredFieldMissing]);
        assert_eq!(missing, if index == 2 { [true, false, false] } else { [true, true, true] }, "part {index}");
    }
}

#[test]
fn a_technical_contact_is_needed_for_business_applications_alone() {
    assert_eq!(codes(&draft_of(DetailsInput { technical_contact: None, ..faultless_business() })), [Code::RequiredFieldMissing]);
    assert!(codes(&draft_of(DetailsInput { technical_contact: None, ..faultless() })).is_empty());
}

#[test]
fn a_workload_has_no_subscription() {
    let command = Create { products: vec![subscribed(1, "TEAMS")], ..creation() };
    let story = Story::begin(World::default(), "2021-09-13 10:00", &command).then(&anna(), attach(1));
    assert_eq!(codes(&story), [Code::InvalidFormat]);
}

#[test]
fn a_product_can_be_claimed_until_the_day_on_which_its_validity_ends() {
    let command = Create { products: vec![product(1, "YAMMER")], ..creation() };
    let story = Story::begin(World::default(), "2021-09-12 10:00", &command).then(&anna(), attach(1));
    assert!(codes(&story.clone().on("2021-09-12 23:59:59.999999")).is_empty());
    assert_eq!(codes(&story.on("2021-09-13 00:00")), [Code::ProductNotEligible]);
}

#[test]
fn an_address_at_the_customers_domain_or_beneath_it_is_no_surprise() {
    let cases = [
        ("carla@contoso.com", false),
        ("carla@mail.contoso.com", false),
        ("carla@notcontoso.com", true),
        ("carla@contoso.com.example", true),
    ];
    for (email, is_surprising) in cases {
        let carla = Some(Some(contact("Carla Contoso", email)));
        let decision = draft_of(DetailsInput { customer_contact: carla, ..faultless() }).tries(&anna(), &submit()).unwrap();
        let warned = decision.warnings.iter().any(|warning| warning.code == Code::ContactDomainMismatch);
        assert_eq!(warned, is_surprising, "{email}");
    }
}

#[test]
fn a_directory_that_does_not_know_the_tenant_says_nothing_about_it() {
    let mut story = draft();
    story.world.facts.directory = Some(cpor::domain::facts::DirectoryFacts::default());
    assert!(codes(&story).is_empty());
}

#[test]
fn another_claim_of_the_same_organization_bars_the_approval_as_well() {
    let mut story = under_review();
    story.world.facts.own_claims.insert(key_of("EXCHANGE_ONLINE"), ClaimNumber(100_000));
    assert_eq!(story.refuses(&rita(), &approve()), [Code::KeyHeld]);
}

#[test]
fn who_is_not_eligible_is_told_why() {
    let silent = Command::AnswerAssessment { eligible: false, reason: None };
    assert_eq!(consented().refuses(&sam(), &silent), [Code::RequiredFieldMissing]);
}
