//! Bytes in a bucket, here one in memory: in parts where they are large, and nothing left of what a server had begun.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cpor::store::blobs::{Blobs, Bucket};
use futures_util::TryStreamExt;
use object_store::memory::InMemory;
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use super::{NOON, hash, keep_at, noise};
use crate::support::cluster::execute;
use crate::support::scratch::ScratchFolder;
use crate::support::store::{Store, at};

async fn opened(folder: &ScratchFolder, bucket: &Arc<InMemory>) -> Blobs {
    let bucket = Bucket::new(bucket.clone(), Path::from("proofs/live"));
    Blobs::open_bucket(bucket, folder.path()).await.unwrap()
}

async fn objects(bucket: &InMemory) -> Vec<String> {
    let listed: Vec<_> = bucket.list(None).try_collect().await.unwrap();
    listed.iter().map(|object| object.location.to_string()).collect()
}

fn hex(bytes: &[u8]) -> String {
    hash(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_are_kept_once_under_the_prefix_by_their_hash_however_large() {
    let (store, folder, bucket) = (Store::new().await, ScratchFolder::new(), Arc::new(InMemory::new()));
    let blobs = opened(&folder, &bucket).await;
    // One part exactly, one byte more, and several.
    for (seed, size) in [(1, 8 << 20), (2, (8 << 20) + 1), (3, 20 << 20)] {
        let bytes = noise(size, seed);
        for _twice in 0..2 {
            keep_at(&store.database, &blobs, &bytes, NOON).await;
        }
        assert_eq!(blobs.measure(&hash(&bytes)).await.unwrap().unwrap().sha256, hash(&bytes), "{size}");
        let read: Vec<Bytes> = blobs.open(&hash(&bytes), Some(5..1_000_005)).await.unwrap().try_collect().await.unwrap();
        assert!(read.concat() == bytes[5..1_000_005], "{size}");
        let name = hex(&bytes);
        assert!(objects(&bucket).await.contains(&format!("proofs/live/{}/{name}", &name[..2])));
    }
    assert_eq!(objects(&bucket).await.len(), 3);
    assert_eq!(std::fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);
    assert!(execute(store.url(), "SELECT 1 / (SELECT count(*) FROM blob_parts)").await.is_err(), "none is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_a_server_began_and_left_are_thrown_away() {
    let (store, folder, bucket) = (Store::new().await, ScratchFolder::new(), Arc::new(InMemory::new()));
    let blobs = opened(&folder, &bucket).await;
    let name = hex(b"never ended");
    let key = Path::from(format!("proofs/live/{}/{name}", &name[..2]));
    let id = bucket.create_multipart(&key).await.unwrap();
    bucket.put_part(&key, &id, 0, Bytes::from_static(b"part").into()).await.unwrap();
    let row = format!("INSERT INTO blob_parts VALUES ('\\x{name}', '{id}', '2021-09-06T12:00:00Z')");
    execute(store.url(), &row).await.unwrap();
    for (now, is_there) in [("2021-09-06T12:59:59Z", true), ("2021-09-06T13:00:00Z", false)] {
        blobs.sweep(&store.database, at(now), Duration::from_secs(3_600)).await.unwrap();
        let put = bucket.put_part(&key, &id, 1, Bytes::from_static(b"more").into()).await;
        assert_eq!(put.is_ok(), is_there, "{now}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unused_bytes_are_cleared_away_from_a_bucket_too() {
    let (store, folder, bucket) = (Store::new().await, ScratchFolder::new(), Arc::new(InMemory::new()));
    let blobs = opened(&folder, &bucket).await;
    keep_at(&store.database, &blobs, b"unused", NOON).await;
    bucket.put(&Path::from("somebody/elses"), Bytes::from_static(b"x").into()).await.unwrap();
    blobs.sweep(&store.database, at("2021-09-06T13:00:00Z"), Duration::from_secs(3_600)).await.unwrap();
    assert_eq!(objects(&bucket).await, ["somebody/elses"]);
}
