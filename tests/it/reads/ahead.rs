//! What is fetched ahead is what the fields would load by themselves, for everybody, and nothing is loaded twice.

use std::fmt::Debug;
use std::sync::Arc;

use cpor::auth::viewer::Viewer;
use cpor::domain::ids::ClaimId;
use cpor::store::ahead::{Ahead, WholeList};
use cpor::store::claim_filter::ClaimFilter;
use cpor::store::claim_order::ClaimOrder;
use cpor::store::claims::ClaimRow;
use cpor::store::loaders::{ClaimList, Loaders};
use cpor::store::page::{Direction, MAX_PAGE_ROWS, Page};

use super::rows::Rows;
use super::scopes::viewers;

const LISTS: [ClaimList; 5] =
    [ClaimList::Products, ClaimList::Documents, ClaimList::Comments, ClaimList::History, ClaimList::Notes];

fn pages() -> [Page; 2] {
    let first = Page { limit: 2, ..Page::default() };
    [first, Page { direction: Direction::Backward, ..first }]
}

/// Everything that can be asked of claims.
fn everything() -> Ahead {
    let mut ahead = Ahead::default();
    for list in LISTS {
        pages().into_iter().for_each(|page| ahead.page(list, page, true));
        ahead.total(list);
    }
    [WholeList::Findings, WholeList::Clocks, WholeList::Associations].into_iter().for_each(|list| ahead.whole(list));
    (ahead.organization, ahead.location, ahead.assignee) = (true, true, true);
    ahead
}

/// All that the loaders of a request tell of a claim, as text.
async fn told(loaders: &Loaders, row: &ClaimRow) -> Vec<String> {
    fn text(value: impl Debug) -> String {
        format!("{value:?}")
    }
    let mut told = Vec::new();
    for page in pages() {
        told.push(text(loaders.products(row.id, page).await.unwrap()));
        let documents = loaders.documents(row.id, page).await.unwrap();
        for item in &documents.items {
            told.push(text(loaders.person(item.row.document.attached_by).await.unwrap()));
        }
        let comments = loaders.comments(row.id, page).await.unwrap();
        for item in &comments.items {
            told.push(text(loaders.person(item.row.by).await.unwrap()));
        }
        let history = loaders.history(row.id, page).await.unwrap();
        for id in history.items.iter().filter_map(|item| item.row.by.person()) {
            told.push(text(loaders.person(id).await.unwrap()));
        }
        let notes = loaders.notes(row.id, page).await.unwrap();
        for item in &notes.items {
            told.push(text(loaders.person(item.row.by).await.unwrap()));
        }
        told.extend([text(documents), text(comments), text(history), text(notes)]);
    }
    for list in LISTS {
        told.push(text(loaders.total(row.id, list).await.unwrap()));
    }
    told.push(text(loaders.findings(row.id).await.unwrap()));
    told.push(text(loaders.clocks(row.id).await.unwrap()));
    told.push(text(loaders.associations(row.id).await.unwrap()));
    told.push(text(loaders.organization(row.organization).await.unwrap()));
    told.push(text(loaders.location(row.details.location.clone()).await.unwrap()));
    if let Some(assignee) = row.assignee {
        told.push(text(loaders.person(assignee).await.unwrap()));
    }
    told
}

/// The viewer's claims, everything of them fetched ahead.
async fn listed(loaders: &Loaders) -> Vec<Arc<ClaimRow>> {
    let page = Page { limit: MAX_PAGE_ROWS, ..Page::default() };
    let slice = loaders.claims(&ClaimFilter::default(), ClaimOrder::default(), page, &everything()).await.unwrap();
    slice.items.into_iter().map(|item| item.row).collect()
}

fn loaders(rows: &Rows, viewer: &Arc<Viewer>) -> Loaders {
    Loaders::new(rows.store().clone(), Arc::clone(viewer))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_fetched_ahead_of_a_list_is_what_its_fields_would_load() {
    let rows = Rows::new().await;
    for (name, viewer) in viewers(&rows).await {
        let (ahead, behind) = (loaders(&rows, &viewer), loaders(&rows, &viewer));
        let claims = listed(&ahead).await;
        for row in claims.iter().step_by(3) {
            let before = rows.store().statements();
            let foreseen = told(&ahead, row).await;
            assert_eq!(rows.store().statements(), before, "{name}: nothing is left to load");
            assert_eq!(foreseen, told(&behind, row).await, "{name}: {}", row.number);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_fetched_together_with_one_claim_is_what_its_fields_would_load() {
    let rows = Rows::new().await;
    let ids: Vec<ClaimId> = rows.all().await.iter().map(|row| row.id).step_by(5).collect();
    for (name, viewer) in viewers(&rows).await {
        for id in &ids {
            let (by_id, by_number, behind) = (loaders(&rows, &viewer), loaders(&rows, &viewer), loaders(&rows, &viewer));
            let Some(row) = by_id.claim(*id, Arc::new(everything())).await.unwrap() else { continue };
            let same = by_number.claim_by_number(row.number, &everything()).await.unwrap();
            assert_eq!(same.as_ref(), Some(&row), "{name}");
            let before = rows.store().statements();
            let foreseen = [told(&by_id, &row).await, told(&by_number, &row).await];
            assert_eq!(rows.store().statements(), before, "{name}: nothing is left to load");
            let loaded = told(&behind, &row).await;
            assert_eq!(foreseen, [loaded.clone(), loaded], "{name}: {}", row.number);
        }
    }
}
