//! Batching: what the fields of one request ask for one by one is fetched together.
//!
//! No timer is involved: a batch waits a few turns of the scheduler for more keys and is then one statement. The crate's loader has
//! two faults that this wrapper takes away: a follower whose leader was dropped gets an error (it tries again, as the new leader), and
//! a key without a value panics (the fetch fills every key).

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::Arc;

use dataloader::BatchFn;
use dataloader::cached::Loader;

use super::errors::StoreError;

/// Turns of the scheduler a batch waits for more keys.
const TURNS: usize = 3;
/// Keys of one batch: more than the rows of a page may ask for, so that a page stays one statement.
const MAX_BATCH_KEYS: usize = 4_096;

/// What a load gives: the error is shared by all who waited for the same statement.
pub type Loaded<V> = Result<V, Arc<StoreError>>;

/// A key: small, comparable, and free to travel.
pub(super) trait Key: Eq + Hash + Clone + Debug + Send + Sync + 'static {}
impl<K: Eq + Hash + Clone + Debug + Send + Sync + 'static> Key for K {}

/// A value that all who ask for its key may share.
pub(super) trait Value: Clone + Default + Send + Sync + 'static {}
impl<V: Clone + Default + Send + Sync + 'static> Value for V {}

type Fetching<K, V> = Pin<Box<dyn Future<Output = Result<HashMap<K, V>, StoreError>> + Send>>;
type Fetch<K, V> = Box<dyn Fn(Vec<K>) -> Fetching<K, V> + Send + Sync>;

/// Loads values by key, each key once per request. A key that is not found has the type's default: nothing, or an empty list.
pub(super) struct Batch<K: Key, V: Value> {
    loader: Loader<K, Loaded<V>, Filled<K, V>>,
}

struct Filled<K, V> {
    fetch: Fetch<K, V>,
}

impl<K: Key, V: Value> BatchFn<K, Loaded<V>> for Filled<K, V> {
    async fn load(&mut self, keys: &[K]) -> HashMap<K, Loaded<V>> {
        match (self.fetch)(keys.to_vec()).await {
            Ok(mut found) => keys.iter().map(|key| (key.clone(), Ok(found.remove(key).unwrap_or_default()))).collect(),
            Err(error) => {
                let error = Arc::new(error);
                keys.iter().map(|key| (key.clone(), Err(Arc::clone(&error)))).collect()
            }
        }
    }
}

impl<K: Key, V: Value> Batch<K, V> {
    /// A batch that fetches so.
    pub(super) fn new<F, R>(fetch: F) -> Self
    where
        F: Fn(Vec<K>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<HashMap<K, V>, StoreError>> + Send + 'static,
    {
        let fetch: Fetch<K, V> = Box::new(move |keys| Box::pin(fetch(keys)));
        let loader = Loader::new(Filled { fetch }).with_yield_count(TURNS).with_max_batch_size(MAX_BATCH_KEYS);
        Self { loader }
    }

    /// The value of a key.
    pub(super) async fn load(&self, key: K) -> Loaded<V> {
        loop {
            if let Ok(value) = self.loader.try_load(key.clone()).await {
                return value;
            }
        }
    }
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
        let batch = Batch::<u64, Option<u64>>::new(|keys| async move {
            tokio::task::yield_now().await;
            Ok(keys.into_iter().map(|key| (key, Some(key))).collect())
        });
        let mut leader = Box::pin(batch.load(1));
        let mut follower = Box::pin(batch.load(2));
        // The leader takes both keys and is dropped in the midst of its fetch.
        for _ in 0..TURNS + 1 {
            assert!(leader.as_mut().now_or_never().is_none());
            assert!(follower.as_mut().now_or_never().is_none());
        }
        drop(leader);
        assert_eq!(follower.await.unwrap(), Some(2));
    }

    #[tokio::test]
    async fn all_who_waited_share_the_error() {
        let batch = Batch::<u64, Option<u64>>::new(|_| async { Err(StoreError::Timeout("a statement".into())) });
        let found = join_all([batch.load(1), batch.load(2)]).await;
        assert!(found.iter().all(|value| matches!(value.as_ref().unwrap_err().as_ref(), StoreError::Timeout(_))));
    }
}
