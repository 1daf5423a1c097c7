//! Documents in a bucket of a real S3-speaking server: `moto`, from PyPI, started by the test.
#![cfg(feature = "s3")]

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use bytes::Bytes;
use cpor::store::blobs::{BlobError, Blobs, Bucket};
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::ObjectStore;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use serde_json::{Value, json};

use super::{NOON, body, hash, keep_at, noise, pieces, send};
use crate::api::{Api, codes, routes};
use crate::support::cluster::execute;
use crate::support::scratch::{ScratchFolder, skip};
use crate::support::store::{Store, at};

const HOUR: Duration = Duration::from_secs(3_600);

/// The server with one bucket; killed when dropped.
struct Moto {
    child: Child,
    endpoint: String,
}

impl Moto {
    /// `None`, said loudly, where there is no such server.
    async fn start(test: &str) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("moto_server");
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(child) = command.spawn() else {
            skip(test, "needs moto_server (pip install 'moto[server]')");
            return None;
        };
        let moto = Self { child, endpoint: format!("http://127.0.0.1:{port}") };
        for _ in 0..300 {
            if reqwest::Client::new().put(format!("{}/proofs", moto.endpoint)).send().await.is_ok() {
                return Some(moto);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("moto_server does not answer");
    }

    fn bucket(&self) -> Arc<AmazonS3> {
        let builder = AmazonS3Builder::new().with_endpoint(&self.endpoint).with_allow_http(true).with_bucket_name("proofs");
        let builder = builder.with_region("us-east-1").with_access_key_id("key").with_secret_access_key("secret");
        Arc::new(builder.build().unwrap())
    }

    async fn blobs(&self, folder: &ScratchFolder) -> Blobs {
        let bucket = self.bucket();
        let bucket = Bucket::new(bucket.clone(), Path::from("live")).signing(bucket, &[]);
        Blobs::open_bucket(bucket, folder.path()).await.unwrap()
    }

    async fn objects(&self) -> Vec<String> {
        let listed: Vec<_> = self.bucket().list(None).try_collect().await.unwrap();
        listed.iter().map(|object| object.location.to_string()).collect()
    }

    /// What the bucket says of uploads in parts that nobody ended.
    async fn dangling(&self) -> usize {
        let answer = reqwest::get(format!("{}/proofs?uploads", self.endpoint)).await.unwrap().text().await.unwrap();
        assert!(answer.contains("ListMultipartUploadsResult"), "{answer}");
        answer.matches("<UploadId>").count()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_go_into_a_bucket_once_come_out_in_part_and_are_cleared_away() {
    let Some(moto) = Moto::start("bytes in a bucket").await else { return };
    let (store, folder) = (Store::new().await, ScratchFolder::new());
    let blobs = moto.blobs(&folder).await;
    for (seed, size) in [(1, 100_000), (2, (8 << 20) + 5)] {
        let bytes = noise(size, seed);
        for _twice in 0..2 {
            keep_at(&store.database, &blobs, &bytes, NOON).await;
        }
        assert_eq!(blobs.measure(&hash(&bytes)).await.unwrap().unwrap().sha256, hash(&bytes), "{size}");
        let part: Vec<Bytes> = blobs.open(&hash(&bytes), Some(70_000..90_000)).await.unwrap().try_collect().await.unwrap();
        assert!(part.concat() == bytes[70_000..90_000], "{size}");
    }
    assert_eq!((moto.objects().await.len(), moto.dangling().await), (2, 0));
    assert_eq!(blobs.measure(&[7; 32]).await.unwrap(), None);
    blobs.sweep(&store.database, at("2021-09-06T12:59:59Z"), HOUR).await.unwrap();
    assert_eq!(moto.objects().await.len(), 2, "young");
    blobs.sweep(&store.database, at("2021-09-06T13:00:00Z"), HOUR).await.unwrap();
    assert_eq!(moto.objects().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_upload_leaves_nothing_in_the_bucket_and_neither_does_a_dead_server() {
    let Some(moto) = Moto::start("a broken upload to a bucket").await else { return };
    let (store, folder) = (Store::new().await, ScratchFolder::new());
    let blobs = moto.blobs(&folder).await;
    let broken = pieces(&noise(9 << 20, 3), 1 << 20).chain(stream::iter([Err(std::io::Error::other("gone"))]));
    assert!(matches!(blobs.receive(broken, 25 << 20).await, Err(BlobError::Broken)));
    assert_eq!((moto.objects().await.len(), moto.dangling().await), (0, 0));
    assert_eq!(std::fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);

    // A server begins to send parts, and dies.
    let name: String = hash(b"dead").iter().map(|byte| format!("{byte:02x}")).collect();
    let key = Path::from(format!("live/{}/{name}", &name[..2]));
    let id = moto.bucket().create_multipart(&key).await.unwrap();
    moto.bucket().put_part(&key, &id, 0, noise(5 << 20, 4).into()).await.unwrap();
    execute(store.url(), &format!("INSERT INTO blob_parts VALUES ('\\x{name}', '{id}', '{NOON}')")).await.unwrap();
    assert_eq!(moto.dangling().await, 1);
    blobs.sweep(&store.database, at("2021-09-06T13:00:00Z"), HOUR).await.unwrap();
    assert_eq!((moto.objects().await.len(), moto.dangling().await), (0, 0));
}

const CREATE: &str = "mutation { poeUploadCreate(input: { fileName: \"sow.pdf\", direct: true }) {
    upload { id direct { url headers { name value } expiresAt } } userErrors { code } } }";
const COMPLETE: &str = "mutation Complete($id: ID!) { poeUploadComplete(input: { uploadId: $id }) {
    upload { state mediaType sha256 } userErrors { code } } }";

/// The server's routes over the bucket.
async fn api(moto: &Moto, folder: &ScratchFolder) -> Api {
    let api = Api::new().await;
    let app = api.world.app_keeping(moto.blobs(folder).await).await;
    Api { routes: routes(&app), world: api.world }
}

async fn put(url: &Value, bytes: impl Into<reqwest::Body>) {
    let answer = reqwest::Client::new().put(url.as_str().unwrap()).body(bytes).send().await.unwrap();
    assert!(answer.status().is_success(), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_sends_to_the_bucket_itself_is_judged_before_it_can_be_attached() {
    let Some(moto) = Moto::start("direct uploads").await else { return };
    let folder = ScratchFolder::new();
    let api = api(&moto, &folder).await;
    let complete = async |id: &Value| api.as_("anna").ask(COMPLETE, json!({ "id": id })).await["poeUploadComplete"].take();
    let upload = api.as_("anna").ask(CREATE, json!({})).await["poeUploadCreate"]["upload"].take();
    let (id, url) = (&upload["id"], &upload["direct"]["url"]);
    assert_eq!(codes(&complete(id).await), ["UPLOAD_NOT_FOUND"], "nothing came yet");

    put(url, b"MZ\x90\x00 a program".to_vec()).await;
    assert_eq!(codes(&complete(id).await), ["FILE_REFUSED"]);
    put(url, vec![b'%'; (25 << 20) + 1]).await;
    assert_eq!(codes(&complete(id).await), ["FILE_REFUSED"]);
    assert_eq!(moto.objects().await, [""; 0], "nothing is left of what was refused");

    let bytes = b"%PDF-1.7\nthe real one\n%%EOF\n".to_vec();
    put(url, bytes.clone()).await;
    let stranger = api.as_("ben").ask(COMPLETE, json!({ "id": id })).await;
    assert_eq!(codes(&stranger["poeUploadComplete"]), ["UPLOAD_NOT_FOUND"]);
    let done = complete(id).await;
    assert_eq!((&done["upload"]["state"], &done["upload"]["mediaType"]), (&json!("COMPLETE"), &json!("application/pdf")));
    let name: String = hash(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(done["upload"]["sha256"], name);
    assert_eq!(moto.objects().await, [format!("live/{}/{name}", &name[..2])]);

    // The address still works for the client, and changes nothing any more.
    put(url, b"%PDF-1.7\nanother".to_vec()).await;
    assert_eq!(codes(&complete(id).await), ["UPLOAD_NOT_FOUND"]);
    let app = api.world.app_keeping(moto.blobs(&folder).await).await;
    assert_eq!(app.blobs().measure(&hash(&bytes)).await.unwrap().unwrap().sha256, hash(&bytes));
    app.blobs().sweep(app.database(), api.world.now() + chrono::TimeDelta::hours(2), HOUR).await.unwrap();
    assert_eq!(moto.objects().await, [format!("live/{}/{name}", &name[..2])], "what came later is cleared away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_in_a_bucket_is_served_like_any_other() {
    let Some(moto) = Moto::start("documents in a bucket").await else { return };
    let folder = ScratchFolder::new();
    let api = api(&moto, &folder).await;
    let create = "mutation { poeUploadCreate(input: { fileName: \"sow.pdf\" }) { upload { id url } } }";
    let upload = api.as_("anna").ask(create, json!({})).await["poeUploadCreate"]["upload"].take();
    let bytes = [b"%PDF-1.7\n".to_vec(), noise(9 << 20, 5), b"\n%%EOF\n".to_vec()].concat();
    let put = send(&api, None, "PUT", upload["url"].as_str().unwrap(), &[], Body::from(bytes.clone())).await;
    assert_eq!(put.status(), StatusCode::CREATED);
    let claim = api.world.submitted("anna", 1, &["TEAMS"]).await;
    let attach =
        "mutation Attach($upload: ID!, $claim: ID!) { poeAttach(input: { claimId: $claim, uploadId: $upload, kind: CONTRACT }) {
        document { downloadUrl } userErrors { code } } }";
    let claim = cpor::graphql::id::encode(claim);
    let data = api.as_("anna").ask(attach, json!({ "upload": upload["id"], "claim": claim.as_str() })).await;
    let url = data["poeAttach"]["document"]["downloadUrl"].as_str().unwrap();
    let part = send(&api, None, "GET", url, &[("range", "bytes=9-1000008")], Body::empty()).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert!(body(part).await == bytes[9..1_000_009]);
    let whole = send(&api, None, "GET", url, &[], Body::empty()).await;
    assert!(body(whole).await == bytes);
}
