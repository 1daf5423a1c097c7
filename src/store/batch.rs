//! Batching: what the fields of one request ask for one by one is fetched together.
//!
//! No timer is involved: a round of keys is open for as long as more keep coming, turn by turn of the scheduler, and is then one
//! statement. All who wait share the round's future and drive it together, so that no one of them can take it along when dropped, and all
//! of them wake at once: what they ask for next meets in one round again. The crate's loader keeps what was loaded for the request; by
//! itself it would wait a fixed number of turns and let its waiters through one at a time, which cuts the next batch in pieces.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dataloader::BatchFn;
use dataloader::cached::Loader;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use super::errors::StoreError;

/// Turns of the scheduler without a new key after which a round is closed.
const QUIET_TURNS: usize = 3;
/// Keys of a round: more than the rows of a page may ask for, so that a page stays one statement.
const MAX_ROUND_KEYS: usize = 4_096;

/// What a load gives: the error is shared by all who waited for the same statement.
pub type Loaded<V> = Result<V, Arc<StoreError>>;

/// A key: small, comparable, and free to travel.
pub(super) trait Key: Eq + Hash + Clone + Debug + Send + Sync + 'static {}
impl<K: Eq + Hash + Clone + Debug + Send + Sync + 'static> Key for K {}

/// A value that all who ask for its key may share.
pub(super) trait Value: Clone + Default + Send + Sync + 'static {}
impl<V: Clone + Default + Send + Sync + 'static> Value for V {}

type Fetching<K, V> = BoxFuture<'static, Result<HashMap<K, V>, StoreError>>;

/// Fetches the values of keys; a key that is not found gets the type's default: nothing, or an empty list.
struct Fetch<K, V>(Box<dyn Fn(Vec<K>) -> Fetching<K, V> + Send + Sync>);

impl<K: Key, V: Value> BatchFn<K, Loaded<V>> for Fetch<K, V> {
    async fn load(&mut self, keys: &[K]) -> HashMap<K, Loaded<V>> {
        match (self.0)(keys.to_vec()).await {
            Ok(mut found) => keys.iter().map(|key| (key.clone(), Ok(found.remove(key).unwrap_or_default()))).collect(),
            Err(error) => {
                let error = Arc::new(error);
                keys.iter().map(|key| (key.clone(), Err(Arc::clone(&error)))).collect()
            }
        }
    }
}

type Answers<K, V> = Shared<BoxFuture<'static, Arc<HashMap<K, Loaded<V>>>>>;

/// The keys that a round collects; `None` once it is closed.
type Keys<K> = Arc<Mutex<Option<Vec<K>>>>;

/// Keys that are being collected, and the future that will close the round and fetch.
struct Round<K: Key, V: Value> {
    keys: Keys<K>,
    answers: Answers<K, V>,
}

/// Loads values by key, each key once per request.
pub(super) struct Batch<K: Key, V: Value> {
    loader: Loader<K, Loaded<V>, Fetch<K, V>>,
    latest: Mutex<Option<Round<K, V>>>,
}

impl<K: Key, V: Value> Batch<K, V> {
    /// A batch that fetches so.
    pub(super) fn new<F, R>(fetch: F) -> Self
    where
        F: Fn(Vec<K>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<HashMap<K, V>, StoreError>> + Send + 'static,
    {
        let fetch = Fetch(Box::new(move |keys| fetch(keys).boxed()));
        let loader = Loader::new(fetch).with_yield_count(0).with_max_batch_size(usize::MAX);
        Self { loader, latest: Mutex::default() }
    }

    /// The value of a key. In a box: the future of a field is as large as the largest of its type, and this one is seldom needed.
    pub(super) fn load(&self, key: K) -> BoxFuture<'_, Loaded<V>> {
        let load = async move {
            let answers = self.join(key.clone());
            answers.await.get(&key).cloned().unwrap_or_else(|| Ok(V::default()))
        };
        load.boxed()
    }

    /// Adds the key to the latest round, or opens one if that is closed or full.
    fn join(&self, key: K) -> Answers<K, V> {
        let mut latest = lock(&self.latest);
        if let Some(round) = &*latest
            && let Some(keys) = lock(&round.keys).as_mut().filter(|keys| keys.len() < MAX_ROUND_KEYS)
        {
            keys.push(key);
            return round.answers.clone();
        }
        let keys: Keys<K> = Arc::new(Mutex::new(Some(vec![key])));
        let answers = answer(Arc::clone(&keys), self.loader.clone()).boxed().shared();
        *latest = Some(Round { keys, answers: answers.clone() });
        answers
    }
}

/// Waits until no more keys come, closes the round, fetches.
async fn answer<K: Key, V: Value>(keys: Keys<K>, loader: Loader<K, Loaded<V>, Fetch<K, V>>) -> Arc<HashMap<K, Loaded<V>>> {
    let count = || lock(&keys).as_ref().map_or(0, Vec::len);
    let (mut seen, mut quiet_turns) = (count(), 0);
    while quiet_turns < QUIET_TURNS {
        tokio::task::yield_now().await;
        let now = count();
        quiet_turns = if now == seen { quiet_turns + 1 } else { 0 };
        seen = now;
    }
    let keys = lock(&keys).take().unwrap_or_default();
    loop {
        // A load that was dropped in the midst of its fetch may leave a key behind as if it were under way: the next try fetches it.
        if let Ok(found) = loader.try_load_many(keys.clone()).await {
            return Arc::new(found);
        }
    }
}

/// The lock, also if a holder panicked: what is in it is whole at every step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt;
    use futures_util::future::join_all;

    use super::*;

    fn squares(statements: &Arc<AtomicUsize>) -> Batch<u64, Option<u64>> {
        let statements = Arc::clone(statements);
        Batch::new(move |keys: Vec<u64>| {
            statements.fetch_add(1, Ordering::Relaxed);
            async move { Ok(keys.into_iter().filter(|key| *key < 1_000).map(|key| (key, Some(key * key))).collect()) }
        })
    }

    #[tokio::test]
    async fn what_siblings_ask_for_is_one_fetch_and_is_kept() {
        let statements = Arc::default();
        let batch = squares(&statements);
        let found = join_all((0..300).map(|key| batch.load(key % 100))).await;
        assert!(found.iter().enumerate().all(|(at, value)| *value.as_ref().unwrap() == Some((at as u64 % 100).pow(2))));
        assert_eq!(batch.load(5).await.unwrap(), Some(25));
        assert_eq!(statements.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_key_that_is_not_found_gives_nothing() {
        assert_eq!(squares(&Arc::default()).load(1_000).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_follower_whose_leader_was_dropped_still_gets_its_value() {
        let (reached, release) = (Arc::new(AtomicUsize::new(0)), Arc::new(tokio::sync::Notify::new()));
        let (reach, released) = (Arc::clone(&reached), Arc::clone(&release));
        let batch = Batch::<u64, Option<u64>>::new(move |keys| {
            let (reach, released) = (Arc::clone(&reach), Arc::clone(&released));
            async move {
                reach.fetch_add(1, Ordering::Relaxed);
                released.notified().await;
                Ok(keys.into_iter().map(|key| (key, Some(key))).collect())
            }
        });
        let mut leader = Box::pin(batch.load(1));
        let mut follower = Box::pin(batch.load(2));
        while reached.load(Ordering::Relaxed) == 0 {
            assert!(leader.as_mut().now_or_never().is_none());
            assert!(follower.as_mut().now_or_never().is_none());
        }
        // In the midst of the fetch.
        drop(leader);
        release.notify_one();
        assert_eq!(follower.await.unwrap(), Some(2));
    }

    #[tokio::test]
    async fn what_a_page_of_rows_asks_for_next_is_one_fetch_again() {
        let (first, second): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let (rows, parts) = (squares(&first), squares(&second));
        let load = async |key| parts.load(rows.load(key).await.unwrap().unwrap()).await.unwrap();
        join_all((0..900).map(load)).await;
        assert_eq!((first.load(Ordering::Relaxed), second.load(Ordering::Relaxed)), (1, 1));
    }

    #[tokio::test]
    async fn all_who_waited_share_the_error() {
        let batch = Batch::<u64, Option<u64>>::new(|_| async { Err(StoreError::Timeout("a statement".into())) });
        let found = join_all([batch.load(1), batch.load(2)]).await;
        assert!(found.iter().all(|value| matches!(value.as_ref().unwrap_err().as_ref(), StoreError::Timeout(_))));
    }
}
