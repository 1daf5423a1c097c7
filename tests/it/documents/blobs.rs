//! Bytes in a folder: measured on the way in, kept once, cleared away when nothing refers to them.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use bytes::Bytes;
use cpor::domain::ids::UploadId;
use cpor::domain::poe::FileFacts;
use cpor::store::blobs::{BlobError, Blobs, Measured};
use cpor::store::errors::StoreError;
use cpor::store::uploads::{self, NewUpload};
use futures_util::{TryStreamExt, stream};

use super::{NOON, hash, keep_at, noise, pieces, received};
use crate::support::cluster::execute;
use crate::support::scratch::ScratchFolder;
use crate::support::store::{Store, at};

const HOUR: Duration = Duration::from_secs(3_600);

async fn opened(folder: &ScratchFolder) -> Blobs {
    Blobs::open_folder(folder.path()).await.unwrap()
}

fn incoming(folder: &ScratchFolder) -> usize {
    std::fs::read_dir(folder.path().join("incoming")).unwrap().count()
}

fn place(folder: &ScratchFolder, bytes: &[u8]) -> std::path::PathBuf {
    let name: String = hash(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    folder.path().join(&name[..2]).join(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_are_measured_on_the_way_in_and_read_back_whole_and_in_part() {
    let (store, folder) = (Store::new().await, ScratchFolder::new());
    let (blobs, bytes) = (opened(&folder).await, noise(1_234_567, 1));
    let incoming_file = received(&blobs, &bytes).await;
    assert_eq!((incoming_file.size_bytes, incoming_file.sha256), (1_234_567, hash(&bytes)));
    drop(incoming_file);
    keep_at(&store.database, &blobs, &bytes, NOON).await;
    for range in [None, Some(0..1), Some(300_000..900_000), Some(1_234_566..1_234_567)] {
        let read: Vec<Bytes> = blobs.open(&hash(&bytes), range.clone()).await.unwrap().try_collect().await.unwrap();
        let span = range.map_or(0..bytes.len(), |range| range.start as usize..range.end as usize);
        assert!(read.concat() == bytes[span.clone()], "{span:?}");
    }
    let measured = blobs.measure(&hash(&bytes)).await.unwrap();
    assert_eq!(measured, Some(Measured { size_bytes: 1_234_567, sha256: hash(&bytes) }));
    assert_eq!(blobs.measure(&[7; 32]).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_twice_are_written_once_and_bytes_that_were_lost_come_back() {
    let (store, folder) = (Store::new().await, ScratchFolder::new());
    let (blobs, bytes) = (opened(&folder).await, noise(10_000, 2));
    keep_at(&store.database, &blobs, &bytes, NOON).await;
    let first = std::fs::metadata(place(&folder, &bytes)).unwrap().ino();
    keep_at(&store.database, &blobs, &bytes, NOON).await;
    assert_eq!(std::fs::metadata(place(&folder, &bytes)).unwrap().ino(), first, "not written again");
    assert_eq!(incoming(&folder), 0);
    std::fs::remove_file(place(&folder, &bytes)).unwrap();
    keep_at(&store.database, &blobs, &bytes, NOON).await;
    assert!(blobs.measure(&hash(&bytes)).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_bytes_that_are_too_many_broken_off_or_not_kept() {
    let folder = ScratchFolder::new();
    let blobs = opened(&folder).await;
    assert!(matches!(blobs.receive(pieces(b"123456", 5), 5).await, Err(BlobError::TooLarge)));
    let broken = stream::iter([Ok(Bytes::from_static(b"1")), Err(std::io::Error::other("gone"))]);
    assert!(matches!(blobs.receive(broken, 5).await, Err(BlobError::Broken)));
    let never = tokio::time::timeout(Duration::from_millis(50), blobs.receive(stream::pending::<std::io::Result<Bytes>>(), 5));
    assert!(never.await.is_err());
    assert_eq!(incoming(&folder), 0);
    let file = received(&blobs, b"12345").await;
    assert_eq!(incoming(&folder), 1);
    drop(file);
    assert_eq!(incoming(&folder), 0);
    assert!(blobs.open(&hash(b"12345"), None).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_nothing_refers_to_are_cleared_away_when_they_are_old_and_others_never() {
    let (store, folder) = (Store::new().await, ScratchFolder::new());
    let blobs = opened(&folder).await;
    keep_at(&store.database, &blobs, b"used", NOON).await;
    keep_at(&store.database, &blobs, b"unused", NOON).await;
    refer(&store, b"used").await;
    blobs.sweep(&store.database, at("2021-09-06T12:59:59Z"), HOUR).await.unwrap();
    assert!(place(&folder, b"unused").exists(), "young");
    blobs.sweep(&store.database, at("2021-09-06T13:00:00Z"), HOUR).await.unwrap();
    assert_eq!((place(&folder, b"used").exists(), place(&folder, b"unused").exists()), (true, false));
    // What was cleared away comes again like anything new.
    keep_at(&store.database, &blobs, b"unused", "2021-09-06T13:00:00Z").await;
    assert!(place(&folder, b"unused").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_being_removed_are_not_kept_until_they_are_gone() {
    let (store, folder) = (Store::new().await, ScratchFolder::new());
    let blobs = opened(&folder).await;
    keep_at(&store.database, &blobs, b"back and forth", NOON).await;
    // A server marked them, and died.
    execute(store.url(), "UPDATE blobs SET state = 'REMOVING'").await.unwrap();
    let again = received(&blobs, b"back and forth").await;
    assert!(matches!(blobs.keep(&store.database, &again, at(NOON)).await, Err(StoreError::Contention(_))));
    blobs.sweep(&store.database, at(NOON), HOUR).await.unwrap();
    assert!(!place(&folder, b"back and forth").exists());
    blobs.keep(&store.database, &again, at(NOON)).await.unwrap();
    assert!(place(&folder, b"back and forth").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_is_taken_away_from_bytes_that_something_refers_to() {
    let (store, folder) = (Store::new().await, ScratchFolder::new());
    let blobs = opened(&folder).await;
    keep_at(&store.database, &blobs, b"used after all", NOON).await;
    refer(&store, b"used after all").await;
    execute(store.url(), "UPDATE blobs SET state = 'REMOVING'").await.unwrap();
    blobs.sweep(&store.database, at("2021-09-07T12:00:00Z"), HOUR).await.unwrap();
    assert!(place(&folder, b"used after all").exists());
    keep_at(&store.database, &blobs, b"used after all", NOON).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_left_half_way_in_is_cleared_away() {
    let (store, folder) = (Store::new().await, ScratchFolder::new());
    let blobs = opened(&folder).await;
    let file = received(&blobs, b"half").await;
    std::mem::forget(file);
    blobs.sweep(&store.database, at(NOON), HOUR).await.unwrap();
    assert_eq!(incoming(&folder), 1, "young");
    blobs.sweep(&store.database, at(NOON), Duration::ZERO).await.unwrap();
    assert_eq!(incoming(&folder), 0);
}

/// A complete upload of these bytes.
async fn refer(store: &Store, bytes: &[u8]) {
    let mut conn = store.database.write().await.unwrap();
    let new = NewUpload {
        id: UploadId::fresh(),
        organization: store.contoso,
        person: store.ana,
        token_hash: hash(bytes),
        name: "used.txt".into(),
        created_at: at(NOON),
        expires_at: at("2021-09-08T12:00:00Z"),
        direct_until: None,
    };
    uploads::create(&mut conn, &new).await.unwrap();
    let size_bytes = bytes.len() as i64;
    let file = FileFacts { name: "used.txt".into(), media_type: "text/plain".into(), size_bytes, sha256: hash(bytes) };
    assert!(uploads::complete(&mut conn, new.id, &file, &BTreeSet::new(), at(NOON)).await.unwrap());
}
