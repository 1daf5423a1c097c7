//! Pages of claims and of what hangs on them: walked from either end, they give the whole list once, in order.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use cpor::domain::ids::ClaimId;
use cpor::store::claim_filter::ClaimFilter;
use cpor::store::claim_order::{ClaimOrder, ClaimOrderField};
use cpor::store::claims::{self, ClaimRow};
use cpor::store::page::{Direction, Page, Slice};

use super::rows::{Rows, claim};

const FIELDS: [ClaimOrderField; 6] = [
    ClaimOrderField::CreatedAt,
    ClaimOrderField::UpdatedAt,
    ClaimOrderField::SubmittedAt,
    ClaimOrderField::DecidedAt,
    ClaimOrderField::DueAt,
    ClaimOrderField::Number,
];

fn orders() -> impl Iterator<Item = ClaimOrder> {
    FIELDS.into_iter().flat_map(|field| [false, true].map(|descending| ClaimOrder { field, descending }))
}

/// The list in this order, by a plain sort: those without the key last, whichever the direction.
fn sorted(mut rows: Vec<ClaimRow>, order: ClaimOrder) -> Vec<ClaimId> {
    let key = |row: &ClaimRow| -> Option<DateTime<Utc>> {
        match order.field {
            ClaimOrderField::CreatedAt => Some(row.created_at),
            ClaimOrderField::UpdatedAt => Some(row.updated_at),
            ClaimOrderField::SubmittedAt => row.submitted_at,
            ClaimOrderField::DecidedAt => row.decided_at,
            ClaimOrderField::DueAt => row.due_at,
            ClaimOrderField::Number => DateTime::from_timestamp(row.number.0, 0),
        }
    };
    rows.sort_by(|a, b| match (key(a), key(b)) {
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (left, right) => {
            let within = (left, a.id).cmp(&(right, b.id));
            if order.descending { within.reverse() } else { within }
        }
    });
    rows.into_iter().map(|row| row.id).collect()
}

async fn page(rows: &Rows, order: ClaimOrder, page: Page) -> Slice<ClaimRow> {
    let viewer = rows.viewer("aude").await;
    claims::page(rows.store(), &viewer, &ClaimFilter::default(), order, page).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn walking_forward_gives_every_claim_once_in_each_order() {
    let rows = Rows::new().await;
    let all = rows.all().await;
    for order in orders() {
        let mut walked = Vec::new();
        let mut next = Page { limit: 17, ..Page::default() };
        loop {
            let slice = page(&rows, order, next).await;
            assert_eq!(slice.has_previous, next.after.is_some());
            walked.extend(slice.items.iter().map(|item| item.row.id));
            next.after = slice.items.last().map(|item| item.position);
            if !slice.has_next {
                break;
            }
        }
        assert_eq!(walked, sorted(all.clone(), order), "{order:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn walking_backward_gives_every_claim_once_in_each_order() {
    let rows = Rows::new().await;
    let all = rows.all().await;
    for order in orders() {
        let mut walked: Vec<ClaimId> = Vec::new();
        let mut next = Page { limit: 19, direction: Direction::Backward, ..Page::default() };
        loop {
            let slice = page(&rows, order, next).await;
            assert_eq!(slice.has_next, next.before.is_some());
            walked.splice(0..0, slice.items.iter().map(|item| item.row.id));
            next.before = slice.items.first().map(|item| item.position);
            if !slice.has_previous {
                break;
            }
        }
        assert_eq!(walked, sorted(all.clone(), order), "{order:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_cursors_bound_a_page_from_both_sides() {
    let rows = Rows::new().await;
    let all = rows.all().await;
    for order in orders() {
        let expected = sorted(all.clone(), order);
        let whole = page(&rows, order, Page { limit: 100, ..Page::default() }).await;
        for (from, to) in [(3, 9), (40, 80), (60, 61), (90, 95), (20, 20), (30, 10)] {
            let bounds =
                Page { after: Some(whole.items[from].position), before: Some(whole.items[to].position), ..Page::default() };
            for direction in [Direction::Forward, Direction::Backward] {
                let between = page(&rows, order, Page { limit: 100, direction, ..bounds }).await;
                let found: Vec<_> = between.items.iter().map(|item| item.row.id).collect();
                assert_eq!(found, expected.get(from + 1..to).unwrap_or_default(), "{order:?} {from}..{to} {direction:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_no_rows_still_tells_whether_there_are_any() {
    let rows = Rows::new().await;
    let slice = page(&rows, ClaimOrder::default(), Page { limit: 0, ..Page::default() }).await;
    assert!(slice.items.is_empty() && slice.has_next && !slice.has_previous);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_products_are_cut_for_each_claim_by_itself() {
    let rows = Rows::new().await;
    let loaders = rows.loaders("aude").await;
    let forward = Page { limit: 2, ..Page::default() };
    for row in rows.all().await {
        let lines = usize::try_from(row.number.0 % 7).unwrap().min(6);
        let first = loaders.products(row.id, forward).await.unwrap();
        assert_eq!(
            first.items.iter().map(|item| item.row.position).collect::<Vec<_>>(),
            (0..6).take(lines.min(2)).collect::<Vec<_>>()
        );
        assert_eq!(first.has_next, lines > 2);
        let last = loaders.products(row.id, Page { direction: Direction::Backward, ..forward }).await.unwrap();
        assert_eq!(
            last.items.iter().map(|item| item.row.position).collect::<Vec<_>>(),
            (0..6).take(lines).skip(lines.saturating_sub(2)).collect::<Vec<_>>()
        );
        assert_eq!(last.has_previous, lines > 2);
        if let Some(end) = first.items.last() {
            let second = loaders.products(row.id, Page { after: Some(end.position), ..forward }).await.unwrap();
            assert_eq!(second.items.len(), lines.saturating_sub(2).min(2));
            assert!(second.has_previous && second.items.iter().all(|item| item.row.claim == row.id));
        }
    }
    let none = loaders.products(claim(10_000), Page::default()).await.unwrap();
    assert!(none.items.is_empty() && !none.has_next);
}
