//! Who reads what: the store's SQL and the rule in memory say the same, for every role and claim.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cpor::auth::viewer::{ClaimOwner, Viewer};
use cpor::domain::ids::ClaimId;
use cpor::domain::status::{Assessment, Status};
use cpor::store::ahead::Ahead;
use cpor::store::claim_filter::ClaimFilter;
use cpor::store::claims::{self, ClaimRow};
use cpor::store::loaders::{ClaimList, Loaders};
use cpor::store::page::Page;
use cpor::store::{associations, people};
use futures_util::future::try_join_all;

use super::rows::{CLAIMS, PEOPLE, Rows, claim};

fn owner(row: &ClaimRow) -> ClaimOwner {
    ClaimOwner {
        id: row.id,
        organization: row.organization,
        location: row.details.location.clone(),
        is_assessed: row.assessment_sent_at.is_some(),
    }
}

/// People of every role, and three customers.
pub async fn viewers(rows: &Rows) -> Vec<(String, Arc<Viewer>)> {
    let mut viewers = Vec::new();
    for name in PEOPLE {
        viewers.push((name.to_owned(), rows.viewer(name).await));
    }
    for index in [1, 12, 36] {
        viewers.push((format!("customer of claim {index}"), rows.customer(claim(index)).await));
    }
    viewers
}

#[tokio::test(flavor = "multi_thread")]
async fn each_viewer_reads_exactly_the_claims_that_the_rule_in_memory_admits() {
    let rows = Rows::new().await;
    let all = rows.all().await;
    assert_eq!(all.len(), CLAIMS);
    let ids: Vec<_> = all.iter().map(|row| row.id).collect();
    for (name, viewer) in viewers(&rows).await {
        let admitted: BTreeSet<ClaimId> = all.iter().filter(|row| viewer.scope().admits(&owner(row))).map(|row| row.id).collect();
        let loaders = Loaders::new(rows.store().clone(), Arc::clone(&viewer));
        let loaded = try_join_all(ids.iter().map(|id| loaders.claim(*id, Arc::default()))).await.unwrap();
        assert_eq!(loaded.iter().flatten().map(|row| row.id).collect::<BTreeSet<_>>(), admitted, "{name}: by identity");
        let listed = rows.list(&viewer, &ClaimFilter::default()).await;
        assert_eq!(listed.iter().map(|row| row.id).collect::<BTreeSet<_>>(), admitted, "{name}: listed");
        let count = claims::count(rows.store(), &viewer, &ClaimFilter::default()).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), admitted.len(), "{name}: counted");
        let by_status = claims::counts_by_status(rows.store(), &viewer).await.unwrap();
        for status in Status::ALL {
            let counted = by_status.iter().find(|(one, _)| one == status).map_or(0, |(_, count)| *count);
            let expected = all.iter().filter(|row| admitted.contains(&row.id) && row.status == *status).count();
            assert_eq!(usize::try_from(counted).unwrap(), expected, "{name}: counted in {status}");
        }
        for row in all.iter().take(9) {
            let found = loaders.claim_by_number(row.number, &Ahead::default()).await.unwrap();
            assert_eq!(found.map(|found| found.id), admitted.contains(&row.id).then_some(row.id), "{name}: by number");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_on_a_claim_is_read_by_whoever_may_read_the_claim_and_that_kind_of_thing() {
    let rows = Rows::new().await;
    let all = rows.all().await;
    // Approved, with a document, products and an association.
    let approved = all.iter().find(|row| row.assessment == Some(Assessment::Sent) && row.number.0 % 2 == 0).unwrap();
    let customer = rows.customer(approved.id).await;
    for (name, viewer) in viewers(&rows).await.into_iter().chain([("its customer".to_owned(), customer)]) {
        let loaders = Loaders::new(rows.store().clone(), Arc::clone(&viewer));
        let sees = viewer.scope().admits(&owner(approved));
        let (whole, notes) = (sees && viewer.reads_whole(), sees && viewer.reads_notes());
        let total = async |list| loaders.total(approved.id, list).await.unwrap() > 0;
        assert_eq!(loaders.claim(approved.id, Arc::default()).await.unwrap().is_some(), sees, "{name}: the claim");
        assert_eq!(total(ClaimList::Products).await, sees && approved.number.0 % 7 > 0, "{name}: products");
        assert_eq!(total(ClaimList::Documents).await, whole, "{name}: documents");
        assert_eq!(total(ClaimList::Comments).await, whole, "{name}: comments");
        assert_eq!(total(ClaimList::History).await, whole, "{name}: history");
        assert_eq!(total(ClaimList::Notes).await, notes, "{name}: notes");
        assert_eq!(!loaders.comments(approved.id, Page::default()).await.unwrap().items.is_empty(), whole, "{name}: comments");
        assert_eq!(!loaders.notes(approved.id, Page::default()).await.unwrap().items.is_empty(), notes, "{name}: notes");
        assert_eq!(!loaders.associations(approved.id).await.unwrap().is_empty(), sees, "{name}: associations");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_reads_the_claim_without_what_is_between_partner_and_reviewers() {
    let rows = Rows::new().await;
    let disputed =
        rows.all().await.into_iter().find(|row| row.status == Status::Disputed && !row.details.tags.is_empty()).unwrap();
    let customer = rows.customer(disputed.id).await;
    let loaders = Loaders::new(rows.store().clone(), customer);
    let seen = Arc::unwrap_or_clone(loaders.claim(disputed.id, Arc::default()).await.unwrap().unwrap());
    assert!(disputed.details.name.is_some() && disputed.assignee.is_some() && disputed.rejection.is_some());
    assert_eq!(seen.details.customer_name, disputed.details.customer_name);
    assert_eq!((seen.details.name, seen.assignee, seen.details.partner_contact), (None, None, None));
    assert_eq!((seen.request, seen.rejection, seen.dispute), (None, None, None));
    assert!(seen.details.tags.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_reads_who_else_is_associated_with_the_own_tenant_and_nobody_else_does() {
    let rows = Rows::new().await;
    let all = rows.all().await;
    let tenant = all[0].details.tenant;
    let customer = rows.customer(all[0].id).await;
    let living = associations::of_own_tenant(rows.store(), &customer).await.unwrap();
    let expected = all.iter().filter(|row| row.details.tenant == tenant && row.status == Status::Approved).count();
    assert_eq!(living.len(), expected);
    let lead = rows.viewer("lena").await;
    assert!(associations::of_own_tenant(rows.store(), &lead).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn partners_know_their_colleagues_and_reviewers_but_not_the_people_of_other_partners() {
    let rows = Rows::new().await;
    let mut everybody = BTreeMap::new();
    for name in PEOPLE {
        everybody.insert(rows.viewer(name).await.person().unwrap().id, name);
    }
    let ids: Vec<_> = everybody.keys().copied().collect();
    let known = async |name: &str| {
        let found = people::by_ids(rows.store(), &*rows.viewer(name).await, &ids).await.unwrap();
        found.iter().map(|row| everybody[&row.id]).collect::<BTreeSet<_>>()
    };
    assert_eq!(known("anna").await, BTreeSet::from(["anna", "ben", "rita", "ravi", "nora", "lena"]));
    assert_eq!(known("elig").await, BTreeSet::from(["elig"]));
    assert_eq!(known("aude").await, BTreeSet::from(PEOPLE));
    let lead = rows.viewer("lena").await;
    assert_eq!(people::reviewers(rows.store(), &lead).await.unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_limited_to_locations_reads_those_alone() {
    let rows = Rows::new().await;
    let viewer = rows.viewer("ben").await;
    let found = rows.list(&viewer, &ClaimFilter::default()).await;
    assert!(!found.is_empty() && found.iter().all(|row| row.details.location.as_str() == "1000002"));
    let loaders = Loaders::new(rows.store().clone(), Arc::clone(&viewer));
    let organization = viewer.person().and_then(|person| person.organization).unwrap();
    let locations = loaders.locations(organization).await.unwrap();
    assert_eq!(locations.iter().map(|row| row.mpn_id.as_str()).collect::<Vec<_>>(), ["1000002"]);
}
