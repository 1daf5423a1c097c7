//! Uploads over HTTP: how far they are, and what is left of those that break off.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{body, noise, send};
use crate::api::{Api, codes};

const CREATE: &str = "mutation Create($name: String!, $direct: Boolean) {
    poeUploadCreate(input: { fileName: $name, direct: $direct }) {
        upload { id url maxBytes direct { url } } userErrors { code } } }";
const STATE: &str = "query State($id: ID!) {
    poeUpload(id: $id) { id fileName state receivedBytes maxBytes mediaType sha256 } }";

async fn created(api: &Api, who: &str) -> (String, String) {
    let data = api.as_(who).ask(CREATE, json!({ "name": "sow.pdf" })).await;
    let text = |field: &str| data["poeUploadCreate"]["upload"][field].as_str().unwrap().to_owned();
    (text("id"), text("url"))
}

async fn state(api: &Api, id: &str) -> (String, i64) {
    let data = api.as_("anna").ask(STATE, json!({ "id": id })).await;
    (data["poeUpload"]["state"].as_str().unwrap().to_owned(), data["poeUpload"]["receivedBytes"].as_i64().unwrap())
}

/// The state once it is that, or after a while what it is instead.
async fn comes_to(api: &Api, id: &str, wanted: &str) -> (String, i64) {
    let mut now = state(api, id).await;
    for _ in 0..200 {
        if now.0 == wanted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        now = state(api, id).await;
    }
    now
}

/// A body that comes piece by piece, as the test sends them.
fn slowly() -> (mpsc::Sender<std::io::Result<Bytes>>, Body) {
    let (sender, mut pieces) = mpsc::channel(1);
    (sender, Body::from_stream(futures_util::stream::poll_fn(move |context| pieces.poll_recv(context))))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_tells_how_far_it_is_and_takes_another_try_when_it_breaks_off() {
    let api = Api::new().await;
    let (id, url) = created(&api, "anna").await;
    assert_eq!(state(&api, &id).await, ("WAITING".to_owned(), 0));

    let (sender, bytes) = slowly();
    let sending = async {
        sender.send(Ok(Bytes::from_static(b"%PDF-1.7\n"))).await.unwrap();
        tokio::time::sleep(Duration::from_millis(600)).await;
        sender.send(Ok(Bytes::from(noise(1_000, 4)))).await.unwrap();
        assert_eq!(comes_to(&api, &id, "RECEIVING").await, ("RECEIVING".to_owned(), 1_009));
        sender.send(Err(std::io::Error::other("hung up"))).await.unwrap();
    };
    let (response, ()) = tokio::join!(send(&api, None, "PUT", &url, &[], bytes), sending);
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(state(&api, &id).await, ("WAITING".to_owned(), 0));
    assert_eq!(std::fs::read_dir(api.world.documents().join("incoming")).unwrap().count(), 0);

    let whole = Body::from("%PDF-1.7\nwhole\n%%EOF\n");
    let response = send(&api, None, "PUT", &url, &[], whole).await;
    assert_eq!(response.status(), StatusCode::CREATED, "{:?}", body(response).await);
    let data = api.as_("anna").ask(STATE, json!({ "id": id })).await;
    assert_eq!(data["poeUpload"]["state"], "COMPLETE");
    assert_eq!((&data["poeUpload"]["mediaType"], &data["poeUpload"]["receivedBytes"]), (&json!("application/pdf"), &json!(21)));
    let again = send(&api, None, "PUT", &url, &[], Body::from("%PDF-1.7\n")).await;
    assert_eq!(again.status(), StatusCode::NOT_FOUND, "an address works once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_told_of_to_its_owner_alone() {
    let api = Api::new().await;
    let (id, _) = created(&api, "anna").await;
    for other in ["ben", "clara", "rita", "aude"] {
        let data = api.as_(other).ask(STATE, json!({ "id": id })).await;
        assert_eq!(data["poeUpload"], Value::Null, "{other}");
    }
    assert_eq!(api.as_("anna").code(STATE, json!({ "id": "nonsense" })).await, "BAD_ID");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_stopped_without_a_word_waits_again() {
    let api = Api::new().await;
    let (id, url) = created(&api, "anna").await;
    let (sender, bytes) = slowly();
    let sending = async {
        sender.send(Ok(Bytes::from_static(b"%PDF-1.7\n"))).await.unwrap();
        tokio::time::sleep(Duration::from_millis(600)).await;
        sender.send(Ok(Bytes::from_static(b"more"))).await.unwrap();
        comes_to(&api, &id, "RECEIVING").await
    };
    // The request is dropped in the middle, as when its connection or its server is gone.
    let (gone, receiving) = (CancellationToken::new(), send(&api, None, "PUT", &url, &[], bytes));
    let cut = async {
        tokio::select! { _ = receiving => panic!("not yet"), () = gone.cancelled() => {} }
    };
    let ((), state_then) = tokio::join!(cut, async {
        let state = sending.await;
        gone.cancel();
        state
    });
    assert_eq!(state_then.0, "RECEIVING");
    assert_eq!(std::fs::read_dir(api.world.documents().join("incoming")).unwrap().count(), 0);
    api.world.pass(chrono::TimeDelta::seconds(11));
    assert_eq!(state(&api, &id).await, ("WAITING".to_owned(), 0));
    assert_eq!(send(&api, None, "PUT", &url, &[], Body::from("%PDF-1.7\n%%EOF\n")).await.status(), StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_offers_no_direct_address_and_completes_none() {
    let api = Api::new().await;
    let data = api.as_("anna").ask(CREATE, json!({ "name": "sow.pdf", "direct": true })).await;
    let upload = &data["poeUploadCreate"]["upload"];
    assert_eq!(upload["direct"], Value::Null);
    let complete =
        "mutation Complete($id: ID!) { poeUploadComplete(input: { uploadId: $id }) { upload { state } userErrors { code } } }";
    let data = api.as_("anna").ask(complete, json!({ "id": upload["id"] })).await;
    assert_eq!(codes(&data["poeUploadComplete"]), ["UPLOAD_NOT_FOUND"]);
    let url = upload["url"].as_str().unwrap();
    assert_eq!(send(&api, None, "PUT", url, &[], Body::from("%PDF-1.7\n%%EOF\n")).await.status(), StatusCode::CREATED);
}
