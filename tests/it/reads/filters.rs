//! Each member of the filter admits what a plain look at the rows admits.

use std::collections::BTreeSet;

use cpor::domain::details::{Domain, MpnId};
use cpor::domain::ids::{SubscriptionId, TenantId};
use cpor::domain::product::{Activity, Area, ProductCode};
use cpor::domain::reason::RejectionReason;
use cpor::domain::status::{Assessment, Consent, Status};
use cpor::store::claim_filter::{Assignees, ClaimFilter, FilterError, MAX_FILTER_ITEMS, Overdue, TimeRange};
use cpor::store::claims::{self, ClaimRow};
use uuid::Uuid;

use super::rows::{Rows, day};

type Case = (&'static str, ClaimFilter, Box<dyn Fn(&ClaimRow) -> bool>);

fn case(name: &'static str, filter: ClaimFilter, admits: impl Fn(&ClaimRow) -> bool + 'static) -> Case {
    (name, filter, Box::new(admits))
}

/// The claim's index in the rows.
fn index(row: &ClaimRow) -> i64 {
    row.number.0 - 100_000
}

async fn check(cases: Vec<Case>) {
    let rows = Rows::new().await;
    let viewer = rows.viewer("aude").await;
    let all = rows.all().await;
    for (name, filter, admits) in cases {
        let found: BTreeSet<_> = rows.list(&viewer, &filter).await.into_iter().map(|row| row.number).collect();
        let expected: BTreeSet<_> = all.iter().filter(|row| admits(row)).map(|row| row.number).collect();
        assert!(expected.len() < all.len(), "{name} admits all: the case says nothing");
        assert_eq!(found, expected, "{name}");
        let count = claims::count(rows.store(), &viewer, &filter).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), expected.len(), "{name}: counted");
    }
}

fn none() -> ClaimFilter {
    ClaimFilter::default()
}

#[tokio::test(flavor = "multi_thread")]
async fn states_filter() {
    check(vec![
        case("statuses", ClaimFilter { statuses: Some(vec![Status::Approved, Status::Editing]), ..none() }, |row| {
            matches!(row.status, Status::Approved | Status::Editing)
        }),
        case("an empty list", ClaimFilter { statuses: Some(vec![]), ..none() }, |_| false),
        case("consents", ClaimFilter { consents: Some(vec![Consent::Elapsed]), ..none() }, |row| {
            row.consent == Some(Consent::Elapsed)
        }),
        case("assessments", ClaimFilter { assessments: Some(vec![Assessment::Sent]), ..none() }, |row| {
            row.assessment == Some(Assessment::Sent)
        }),
        case("reasons", ClaimFilter { reasons: Some(vec![RejectionReason::InsufficientPoe]), ..none() }, |row| {
            row.rejection.as_ref().is_some_and(|rejection| rejection.reason == RejectionReason::InsufficientPoe)
        }),
        case("areas", ClaimFilter { areas: Some(vec![Area::Microsoft365]), ..none() }, |row| {
            row.details.area == Some(Area::Microsoft365)
        }),
        case("activities", ClaimFilter { activities: Some(vec![Activity::Presales]), ..none() }, |row| {
            row.details.activities.contains(&Activity::Presales)
        }),
        case(
            "all members must hold",
            ClaimFilter { statuses: Some(vec![Status::Approved]), consents: Some(vec![Consent::Open]), ..none() },
            |row| row.status == Status::Approved && row.consent == Some(Consent::Open),
        ),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_products_and_references_filter() {
    let subscription = SubscriptionId(Uuid::from_u128(0x5b00_0000_0000_4000_8000_0000_0000_0004));
    let tenant = TenantId(Uuid::from_u128(0x7e4a_0000_0000_4000_8000_0000_0000_0002));
    check(vec![
        case("products", ClaimFilter { products: Some(vec![ProductCode("INTUNE".into())]), ..none() }, |row| {
            row.number.0 % 7 > 2
        }),
        case("subscription", ClaimFilter { subscription: Some(subscription), ..none() }, |row| {
            row.number.0 % 10 == 4 && row.number.0 % 7 > 3
        }),
        case("tenants", ClaimFilter { tenants: Some(vec![tenant]), ..none() }, move |row| row.details.tenant == Some(tenant)),
        case("domain", ClaimFilter { domain: Domain::parse("Contoso.com"), ..none() }, |row| {
            row.details.customer_domain.is_some()
        }),
        case("locations", ClaimFilter { locations: Some(vec![MpnId::parse("1000002").unwrap()]), ..none() }, |row| {
            row.details.location.as_str() == "1000002"
        }),
        case("tags", ClaimFilter { tags: Some(vec!["big".into(), "small".into()]), ..none() }, |row| {
            row.details.tags.contains("big")
        }),
        case("reference", ClaimFilter { external_reference: Some("REF-6".into()), ..none() }, |row| {
            row.details.external_reference.as_deref() == Some("REF-6")
        }),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn times_filter_from_inclusive_to_exclusive() {
    let range = TimeRange { from: Some(day(3)), to: Some(day(5)) };
    let within = move |at| day(3) <= at && at < day(5);
    check(vec![
        case("created", ClaimFilter { created: range, ..none() }, move |row| within(row.created_at)),
        case("updated", ClaimFilter { updated: range, ..none() }, move |row| within(row.updated_at)),
        case("submitted", ClaimFilter { submitted: range, ..none() }, move |row| row.submitted_at.is_some_and(within)),
        case("decided", ClaimFilter { decided: range, ..none() }, move |row| row.decided_at.is_some_and(within)),
        case("due before", ClaimFilter { due_before: Some(day(5)), ..none() }, |row| row.due_at.is_some_and(|at| at < day(5))),
        case("overdue", ClaimFilter { overdue: Some(Overdue { is: true, now: day(6) }), ..none() }, |row| {
            row.overdue_from.is_some_and(|at| at <= day(6))
        }),
        case("not overdue", ClaimFilter { overdue: Some(Overdue { is: false, now: day(6) }), ..none() }, |row| {
            row.overdue_from.is_none_or(|at| at > day(6))
        }),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_filter() {
    let rows = Rows::new().await;
    let auditor = rows.viewer("aude").await;
    let reviewer = rows.viewer("rita").await.person().unwrap().id;
    let partner = rows.viewer("clara").await.person().unwrap().organization.unwrap();
    let all = rows.all().await;
    let list = async |filter| rows.list(&auditor, &filter).await.len();
    let assigned = list(ClaimFilter { assignees: Some(Assignees::Any(vec![reviewer])), ..none() }).await;
    assert_eq!(assigned, all.iter().filter(|row| row.assignee == Some(reviewer)).count());
    let nobody = list(ClaimFilter { assignees: Some(Assignees::Nobody), ..none() }).await;
    assert_eq!(nobody + assigned, all.len());
    let partners = list(ClaimFilter { organizations: Some(vec![partner]), ..none() }).await;
    assert_eq!(partners, all.iter().filter(|row| row.organization == partner).count());
}

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_by_the_beginnings_of_words_whatever_their_accents_and_by_a_number_in_full() {
    let search = |text: &str| ClaimFilter { search: Some(text.to_owned()), ..none() };
    check(vec![
        case("accents", search("ŻABKA 3"), |row| index(row) % 5 == 3 || index(row).to_string().starts_with('3')),
        case("beginnings", search("migr 42"), |row| index(row) == 42),
        case("number", search("cpor-100007"), |row| index(row) == 7),
        case("a number's digits", search("10000"), |row| index(row) < 10),
        case("nothing", search("nothing like it"), |_| false),
        case("quotes and operators are no syntax", search("' | ':* & !("), |_| false),
    ])
    .await;
}

#[test]
fn a_list_of_a_filter_has_a_bound() {
    let filter = |items| ClaimFilter { tags: Some(vec![String::new(); items]), ..none() };
    assert_eq!(filter(MAX_FILTER_ITEMS).check(), Ok(()));
    assert_eq!(filter(MAX_FILTER_ITEMS + 1).check(), Err(FilterError::TooManyItems { member: "tags" }));
    let search = ClaimFilter { search: Some("x".repeat(201)), ..none() };
    assert_eq!(search.check(), Err(FilterError::SearchTooLong));
}
