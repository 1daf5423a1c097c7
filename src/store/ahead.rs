//! Fetching ahead: what the fields of a request are going to ask of claims, read together with the claims or right after them, one
//! statement for each relation, all on their way at once. Loaders answer from it; what nobody foresaw they fetch in batches.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::{BoxFuture, try_join_all};
use futures_util::{FutureExt, try_join};

use super::associations::AssociationRow;
use super::claim_view::ClaimRow;
use super::comments::CommentRow;
use super::errors::StoreError;
use super::fetches::{ClaimList, Reader};
use super::findings::FindingRow;
use super::hanging::{self, Hanging, Numbered};
use super::history::HistoryRow;
use super::notes::NoteRow;
use super::organizations::{self, LocationRow, OrganizationRow};
use super::page::{Page, Slice};
use super::people::{self, PersonRow};
use super::poe::DocumentRow;
use super::products::ProductRow;
use super::scope::Chosen;
use crate::domain::clock::Clock;
use crate::domain::details::MpnId;
use crate::domain::ids::{ClaimId, OrganizationId, PersonId};

/// What is going to be asked of claims.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ahead {
    pages: Vec<PageAhead>,
    totals: Vec<ClaimList>,
    wholes: Vec<WholeList>,
    /// The partner organization.
    pub organization: bool,
    /// The partner location.
    pub location: bool,
    /// The reviewer to whom they are assigned.
    pub assignee: bool,
}

/// A page of a list that is going to be asked for, perhaps with the people behind its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct PageAhead {
    list: ClaimList,
    page: Page,
    authors: bool,
}

/// The lists of a claim that come whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WholeList {
    /// The findings of the latest request and the latest rejection.
    Findings,
    /// The clocks that have not ended.
    Clocks,
    /// The associations.
    Associations,
}

/// What was fetched ahead of a kind, by key.
pub(super) struct Fetched<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Default for Fetched<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Fetched<K, V> {
    /// What was fetched for a key.
    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.map().get(key).cloned()
    }

    fn put(&self, found: impl IntoIterator<Item = (K, V)>) {
        self.map().extend(found);
    }

    fn map(&self) -> MutexGuard<'_, HashMap<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Pages<T> = Fetched<(ClaimId, Page), Arc<Slice<T>>>;
type Lists<T> = Fetched<ClaimId, Arc<Vec<T>>>;
type Ones<K, T> = Fetched<K, Option<Arc<T>>>;

/// Everything that was fetched ahead for a request.
#[derive(Default)]
pub(super) struct FetchedAhead {
    pub(super) products: Pages<ProductRow>,
    pub(super) documents: Pages<DocumentRow>,
    pub(super) comments: Pages<CommentRow>,
    pub(super) history: Pages<HistoryRow>,
    pub(super) notes: Pages<NoteRow>,
    pub(super) totals: Fetched<(ClaimList, ClaimId), i64>,
    pub(super) findings: Lists<FindingRow>,
    pub(super) clocks: Lists<Clock>,
    pub(super) associations: Lists<AssociationRow>,
    pub(super) people: Ones<PersonId, PersonRow>,
    pub(super) organizations: Ones<OrganizationId, OrganizationRow>,
    pub(super) locations: Ones<MpnId, LocationRow>,
}

/// What one statement found, to be put where it belongs once it is known which claims there are.
pub(super) type Put<'a> = Box<dyn FnOnce(&[ClaimId]) + Send + 'a>;

impl Ahead {
    /// A page of a list is going to be asked for.
    pub fn page(&mut self, list: ClaimList, page: Page, authors: bool) {
        match self.pages.iter_mut().find(|asked| (asked.list, asked.page) == (list, page)) {
            Some(asked) => asked.authors |= authors,
            None => self.pages.push(PageAhead { list, page, authors }),
        }
    }

    /// The length of a list is going to be asked for.
    pub fn total(&mut self, list: ClaimList) {
        if !self.totals.contains(&list) {
            self.totals.push(list);
        }
    }

    /// A whole list is going to be asked for.
    pub fn whole(&mut self, list: WholeList) {
        if !self.wholes.contains(&list) {
            self.wholes.push(list);
        }
    }

    /// Fetches what hangs on these claims, all of it on the way at once.
    pub(super) async fn hanging<'a>(&self, reader: &'a Reader, claims: &'a Chosen) -> Result<Vec<Put<'a>>, StoreError> {
        let pages = self.pages.iter().map(|asked| page(reader, claims, *asked));
        let totals = self.totals.iter().map(|list| total(reader, claims, *list).boxed());
        let wholes = self.wholes.iter().map(|list| match list {
            WholeList::Findings => whole(reader, claims, &reader.ahead.findings).boxed(),
            WholeList::Clocks => whole(reader, claims, &reader.ahead.clocks).boxed(),
            WholeList::Associations => whole(reader, claims, &reader.ahead.associations).boxed(),
        });
        try_join_all(pages.chain(totals).chain(wholes)).await
    }

    /// Fetches what the rows of claims lead to.
    pub(super) async fn behind(&self, reader: &Reader, rows: &[Arc<ClaimRow>]) -> Result<(), StoreError> {
        let (database, viewer, ahead) = (&reader.database, &*reader.viewer, &reader.ahead);
        let organizations = async {
            let ids = distinct(rows.iter().filter(|_| self.organization).map(|row| row.organization));
            let found = if ids.is_empty() { Vec::new() } else { organizations::by_ids(database, viewer, &ids).await? };
            ahead.organizations.put(ones(ids, found, |row| row.id));
            Ok(())
        };
        let locations = async {
            let ids = distinct(rows.iter().filter(|_| self.location).map(|row| row.details.location.clone()));
            let found = if ids.is_empty() { Vec::new() } else { organizations::locations_by_id(database, viewer, &ids).await? };
            ahead.locations.put(ones(ids, found, |row| row.mpn_id.clone()));
            Ok(())
        };
        let people = async {
            let ids = distinct(rows.iter().filter(|_| self.assignee).filter_map(|row| row.assignee));
            let found = if ids.is_empty() { Vec::new() } else { people::by_ids(database, viewer, &ids).await? };
            ahead.people.put(ones(ids, found, |row| row.id));
            Ok(())
        };
        try_join!(organizations, locations, people).map(|_| ())
    }
}

fn page<'a>(reader: &'a Reader, claims: &'a Chosen, asked: PageAhead) -> BoxFuture<'a, Result<Put<'a>, StoreError>> {
    let ahead = &reader.ahead;
    match asked.list {
        ClaimList::Products => page_of(reader, claims, asked, &ahead.products).boxed(),
        ClaimList::Documents => page_of(reader, claims, asked, &ahead.documents).boxed(),
        ClaimList::Comments => page_of(reader, claims, asked, &ahead.comments).boxed(),
        ClaimList::History => page_of(reader, claims, asked, &ahead.history).boxed(),
        ClaimList::Notes => page_of(reader, claims, asked, &ahead.notes).boxed(),
    }
}

async fn page_of<'a, T: Numbered + Sync>(
    reader: &'a Reader,
    claims: &Chosen,
    asked: PageAhead,
    fetched: &'a Pages<T>,
) -> Result<Put<'a>, StoreError> {
    let (database, viewer) = (&reader.database, &*reader.viewer);
    let (pages, authors) = match asked.authors {
        true => hanging::authored_pages::<T>(database, viewer, claims, asked.page).await?,
        false => (hanging::pages::<T>(database, viewer, claims, asked.page).await?, HashMap::new()),
    };
    Ok(Box::new(move |ids| {
        fetched.put(ids.iter().map(|id| ((*id, asked.page), pages.of(*id))));
        reader.ahead.people.put(authors);
    }))
}

async fn total<'a>(reader: &'a Reader, claims: &Chosen, list: ClaimList) -> Result<Put<'a>, StoreError> {
    let counts = hanging::totals(&reader.database, &reader.viewer, list.relation(), claims).await?;
    Ok(Box::new(move |ids| {
        reader.ahead.totals.put(ids.iter().map(|id| ((list, *id), counts.get(id).copied().unwrap_or_default())));
    }))
}

async fn whole<'a, T: Hanging + Sync>(reader: &'a Reader, claims: &Chosen, fetched: &'a Lists<T>) -> Result<Put<'a>, StoreError> {
    let mut lists = hanging::whole::<T>(&reader.database, &reader.viewer, claims).await?;
    Ok(Box::new(move |ids| {
        fetched.put(ids.iter().map(|id| (*id, Arc::new(lists.remove(id).unwrap_or_default()))));
    }))
}

fn distinct<K: Ord>(keys: impl Iterator<Item = K>) -> Vec<K> {
    keys.collect::<BTreeSet<_>>().into_iter().collect()
}

/// What was found of these keys; nothing for the others.
fn ones<K: Eq + Hash, T>(asked: Vec<K>, found: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Option<Arc<T>>> {
    let mut ones: HashMap<_, _> = asked.into_iter().map(|key| (key, None)).collect();
    ones.extend(found.into_iter().map(|row| (key(&row), Some(Arc::new(row)))));
    ones
}
