//! The number of statements does not depend on the number of rows.

use std::sync::Arc;

use cpor::domain::ids::ClaimId;
use cpor::store::loaders::{ClaimList, Loaders};
use cpor::store::page::Page;
use futures_util::future::join_all;

use super::rows::{Rows, claim};

/// Loads all there is of these claims, as the fields of one request would: side by side.
async fn load_all(loaders: &Loaders, ids: impl Iterator<Item = usize>) -> usize {
    let load = async |id: ClaimId| {
        let page = Page::default();
        let row = loaders.claim(id, Arc::default()).await.unwrap().unwrap();
        let (products, documents, comments, notes, clocks, findings, associations, total, partner, place) = futures_util::join!(
            loaders.products(id, page),
            loaders.documents(id, page),
            loaders.comments(id, page),
            loaders.notes(id, page),
            loaders.clocks(id),
            loaders.findings(id),
            loaders.associations(id),
            loaders.total(id, ClaimList::Comments),
            loaders.organization(row.organization),
            loaders.location(row.details.location.clone()),
        );
        assert_eq!(total.unwrap(), 3);
        assert_eq!(comments.unwrap().items.len(), 3);
        assert!(partner.unwrap().is_some() && place.unwrap().is_some());
        let documents = documents.unwrap().items.len();
        let (clocks, findings, associations) = (clocks.unwrap().len(), findings.unwrap().len(), associations.unwrap().len());
        products.unwrap().items.len() + documents + notes.unwrap().items.len() + clocks + findings + associations
    };
    join_all(ids.map(|index| load(claim(index)))).await.into_iter().sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn eighty_claims_cost_as_many_statements_as_two() {
    let rows = Rows::new().await;
    let viewer = rows.viewer("aude").await;
    let statements = async |claims: usize| {
        let loaders = Loaders::new(rows.store().clone(), Arc::clone(&viewer));
        let before = rows.store().statements();
        assert!(load_all(&loaders, 1..=claims).await > claims);
        rows.store().statements() - before
    };
    let two = statements(2).await;
    assert_eq!(two, 11, "the claims and ten relations");
    assert_eq!(statements(80).await, two);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_loaded_in_a_request_is_not_loaded_again_in_it() {
    let rows = Rows::new().await;
    let loaders = Arc::new(rows.loaders("aude").await);
    load_all(&loaders, 1..=5).await;
    let before = rows.store().statements();
    // On another thread: a request may be moved between them.
    let again = Arc::clone(&loaders);
    tokio::spawn(async move { load_all(&again, 1..=5).await }).await.unwrap();
    assert_eq!(rows.store().statements(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn different_pages_of_one_list_are_different_statements() {
    let rows = Rows::new().await;
    let loaders = rows.loaders("aude").await;
    let before = rows.store().statements();
    let page = |limit| Page { limit, ..Page::default() };
    let loads = (1..=20).map(|index| loaders.products(claim(index), page(index % 2)));
    let found = join_all(loads).await;
    assert!(found.iter().enumerate().all(|(at, slice)| slice.as_ref().unwrap().items.len() <= (at + 1) % 2));
    assert_eq!(rows.store().statements() - before, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_programme_is_read_once_and_whole() {
    let rows = Rows::new().await;
    let loaders = rows.loaders("anna").await;
    assert_eq!(loaders.catalogue().await.unwrap().len(), 26);
    let policies = loaders.policies().await.unwrap();
    assert_eq!(
        policies.iter().map(|row| (row.policy.version.as_str(), row.is_in_force)).collect::<Vec<_>>(),
        [("2020", true), ("2023", false)]
    );
    rows.execute("INSERT INTO holidays VALUES ('2021-11-11', 'Independence Day')").await;
    assert_eq!(loaders.calendar().await.unwrap().holidays.len(), 1);
}
