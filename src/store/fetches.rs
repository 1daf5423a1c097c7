//! How the loaders of a request fetch: by identity, whole lists, pages and totals, each with one statement for many claims.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use futures_util::future::{join, join_all, try_join_all};
use uuid::Uuid;

use super::ahead::{Ahead, FetchedAhead, Put};
use super::batch::{Batch, Key, Value};
use super::claims::{self, ClaimRow};
use super::database::Database;
use super::errors::StoreError;
use super::hanging::{self, Hanging, Numbered};
use super::page::{Page, Slice};
use super::scope::{Chosen, Relation};
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

    pub(super) fn relation(self) -> Relation {
        match self {
            Self::Products => Relation::Products,
            Self::Documents => Relation::Documents,
            Self::Comments => Relation::Comments,
            Self::History => Relation::History,
            Self::Notes => Relation::Notes,
        }
    }
}

/// Where rows are read, for whom, and what was read before anybody asked.
pub(super) struct Reader {
    pub(super) database: Database,
    pub(super) viewer: Arc<Viewer>,
    pub(super) ahead: FetchedAhead,
}

impl Reader {
    /// The chosen claims that the viewer may read, in no order, and ahead what is going to be asked of them.
    pub(super) async fn claims(&self, chosen: &Chosen, ahead: &Ahead) -> Result<Vec<Arc<ClaimRow>>, StoreError> {
        let (rows, hanging) = join(claims::chosen(&self.database, &self.viewer, chosen), ahead.hanging(self, chosen)).await;
        let rows: Vec<_> = rows?.into_iter().map(Arc::new).collect();
        put(hanging, &rows);
        told(ahead.behind(self, &rows).await);
        Ok(rows)
    }

    /// Fetches ahead what is going to be asked of claims that were read.
    pub(super) async fn of_claims(&self, rows: &[Arc<ClaimRow>], ahead: &Ahead) {
        if rows.is_empty() {
            return;
        }
        let chosen = Chosen::Ids(rows.iter().map(|row| row.id).collect());
        let (hanging, behind) = join(ahead.hanging(self, &chosen), ahead.behind(self, rows)).await;
        put(hanging, rows);
        told(behind);
    }
}

fn put(hanging: Result<Vec<Put<'_>>, StoreError>, rows: &[Arc<ClaimRow>]) {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    match hanging {
        Ok(found) => found.into_iter().for_each(|put| put(&ids)),
        Err(error) => told(Err(error)),
    }
}

/// What could not be fetched ahead is asked for again by the field that needs it, and its failure is that field's alone.
fn told(fetched: Result<(), StoreError>) {
    if let Err(error) = fetched {
        tracing::warn!(%error, "not fetched ahead");
    }
}

/// Claims by identity: those of which the same is going to be asked are read together.
pub(super) async fn claims_ahead(
    reader: Arc<Reader>,
    keys: Vec<(ClaimId, Arc<Ahead>)>,
) -> Result<HashMap<(ClaimId, Arc<Ahead>), Option<Arc<ClaimRow>>>, StoreError> {
    let groups = grouped(keys.into_iter().map(|(id, ahead)| (ahead, id)));
    let fetches = groups.into_iter().map(async |(ahead, ids)| {
        let rows = reader.claims(&Chosen::Ids(ids), &ahead).await?;
        Ok::<_, StoreError>(rows.into_iter().map(move |row| ((row.id, Arc::clone(&ahead)), Some(row))))
    });
    Ok(try_join_all(fetches).await?.into_iter().flatten().collect())
}

/// One row per key, or none.
pub(super) type One<K, T> = Batch<K, Option<Arc<T>>>;
/// A whole list per key.
pub(super) type List<K, T> = Batch<K, Arc<Vec<T>>>;
/// A page of a list of a claim.
pub(super) type Paged<T> = Batch<(ClaimId, Page), Arc<Slice<T>>>;
/// What there is one of.
pub(super) type Single<T> = Batch<(), Arc<T>>;

/// A batch that is made when it is first asked: most requests ask few of the many there are.
pub(super) struct Lazy<B> {
    batch: OnceLock<B>,
    make: fn(&Arc<Reader>) -> B,
}

impl<B> Lazy<B> {
    /// Made so.
    pub(super) fn new(make: fn(&Arc<Reader>) -> B) -> Self {
        Self { batch: OnceLock::new(), make }
    }

    /// The batch.
    pub(super) fn of(&self, reader: &Arc<Reader>) -> &B {
        self.batch.get_or_init(|| (self.make)(reader))
    }
}

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
    batch(reader, |r, ids| async move { Ok(shared(hanging::whole(&r.database, &r.viewer, &Chosen::Ids(ids)).await?)) })
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
        let fetch = async |(page, ids)| {
            let claims = Chosen::Ids(ids);
            (hanging::pages::<T>(&r.database, &r.viewer, &claims, page).await, page, claims)
        };
        let mut found = HashMap::new();
        for (pages, page, claims) in join_all(groups.into_iter().map(fetch)).await {
            let pages = pages?;
            found.extend(claims.ids().iter().map(|id| ((*id, page), pages.of(*id))));
        }
        Ok(found)
    })
}

pub(super) async fn totals(
    reader: Arc<Reader>,
    keys: Vec<(ClaimList, ClaimId)>,
) -> Result<HashMap<(ClaimList, ClaimId), i64>, StoreError> {
    let groups = grouped(keys.into_iter());
    let fetches = groups.into_iter().map(async |(list, ids)| {
        let counts = hanging::totals(&reader.database, &reader.viewer, list.relation(), &Chosen::Ids(ids)).await?;
        Ok::<_, StoreError>(counts.into_iter().map(move |(id, count)| ((list, id), count)))
    });
    Ok(try_join_all(fetches).await?.into_iter().flatten().collect())
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
