//! How the loaders of a request fetch: by identity, whole lists, pages and totals, each with one statement for many claims.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use futures_util::future::try_join_all;
use uuid::Uuid;

use super::batch::{Batch, Key, Value};
use super::database::Database;
use super::errors::StoreError;
use super::hanging::{self, Hanging, Numbered};
use super::page::{Page, Slice};
use super::scope::Relation;
use crate::auth::viewer::Viewer;
use crate::domain::ids::ClaimId;

/// The lists of a claim that come in pages, and can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimList {
    /// Its products.
    Products,
    /// Its documents.
    Documents,
    /// Its comments.
    Comments,
    /// Its history.
    History,
    /// The reviewers' internal notes on it.
    Notes,
}

impl ClaimList {
    /// The name of the list: what its cursors are sealed with.
    #[must_use]
    pub fn list(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Documents => "documents",
            Self::Comments => "comments",
            Self::History => "history",
            Self::Notes => "notes",
        }
    }

    fn relation(self) -> Relation {
        match self {
            Self::Products => Relation::Products,
            Self::Documents => Relation::Documents,
            Self::Comments => Relation::Comments,
            Self::History => Relation::History,
            Self::Notes => Relation::Notes,
        }
    }
}

/// Where rows are read, and for whom.
pub(super) struct Reader {
    pub(super) database: Database,
    pub(super) viewer: Arc<Viewer>,
}

/// One row per key, or none.
pub(super) type One<K, T> = Batch<K, Option<Arc<T>>>;
/// A whole list per key.
pub(super) type List<K, T> = Batch<K, Arc<Vec<T>>>;
/// A page of a list of a claim.
pub(super) type Paged<T> = Batch<(ClaimId, Page), Arc<Slice<T>>>;
/// What there is one of.
pub(super) type Single<T> = Batch<(), Arc<T>>;

/// A batch that fetches with the reader of the request.
pub(super) fn batch<K: Key, V: Value, F, R>(reader: &Arc<Reader>, fetch: F) -> Batch<K, V>
where
    F: Fn(Arc<Reader>, Vec<K>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<HashMap<K, V>, StoreError>> + Send + 'static,
{
    let reader = Arc::clone(reader);
    Batch::new(move |keys| fetch(Arc::clone(&reader), keys))
}

/// Whole lists that hang on claims.
pub(super) fn listed<T: Hanging + Send + Sync + 'static>(reader: &Arc<Reader>) -> List<ClaimId, T> {
    batch(reader, |r, ids| async move { Ok(shared(hanging::whole(&r.database, &r.viewer, &ids).await?)) })
}

/// Rows that hang on claims, by their own identities.
pub(super) fn identified<K, T>(reader: &Arc<Reader>, uuid: fn(&K) -> Uuid, key: fn(&T) -> K) -> One<K, T>
where
    K: Key,
    T: Hanging + Send + Sync + 'static,
{
    batch(reader, move |r, ids: Vec<K>| async move {
        let ids: Vec<_> = ids.iter().map(uuid).collect();
        Ok(keyed(hanging::by_ids(&r.database, &r.viewer, &ids).await?, key))
    })
}

/// Pages of lists that hang on claims: one statement for all claims that are asked for the same page.
pub(super) fn paged<T: Numbered + Send + Sync + 'static>(reader: &Arc<Reader>) -> Paged<T> {
    batch(reader, |r, keys| async move {
        let groups = grouped(keys.into_iter().map(|(claim, page)| (page, claim)));
        let fetches = groups.iter().map(async |(page, ids)| hanging::pages::<T>(&r.database, &r.viewer, ids, *page).await);
        let found = try_join_all(fetches).await?;
        let pages = groups.iter().zip(found);
        Ok(pages.flat_map(|((page, _), lists)| lists.into_iter().map(|(id, list)| ((id, *page), Arc::new(list)))).collect())
    })
}

pub(super) async fn totals(
    reader: Arc<Reader>,
    keys: Vec<(ClaimList, ClaimId)>,
) -> Result<HashMap<(ClaimList, ClaimId), i64>, StoreError> {
    let groups = grouped(keys.into_iter());
    let fetches =
        groups.iter().map(async |(list, ids)| hanging::totals(&reader.database, &reader.viewer, list.relation(), ids).await);
    let found = try_join_all(fetches).await?;
    let lists = groups.iter().zip(found);
    Ok(lists.flat_map(|((list, _), counts)| counts.into_iter().map(|(id, count)| ((*list, id), count))).collect())
}

fn grouped<G: Eq + Hash, K>(keys: impl Iterator<Item = (G, K)>) -> HashMap<G, Vec<K>> {
    let mut groups: HashMap<G, Vec<K>> = HashMap::new();
    keys.for_each(|(group, key)| groups.entry(group).or_default().push(key));
    groups
}

pub(super) fn keyed<K: Eq + Hash, T>(rows: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Option<Arc<T>>> {
    rows.into_iter().map(|row| (key(&row), Some(Arc::new(row)))).collect()
}

pub(super) fn shared<K: Eq + Hash, T>(lists: HashMap<K, Vec<T>>) -> HashMap<K, Arc<Vec<T>>> {
    lists.into_iter().map(|(key, list)| (key, Arc::new(list))).collect()
}

pub(super) fn single<T>(value: T) -> HashMap<(), Arc<T>> {
    HashMap::from([((), Arc::new(value))])
}
