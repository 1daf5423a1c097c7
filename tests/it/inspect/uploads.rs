//! Files sent as clients send them: over HTTP, to the address that `poeUploadCreate` gave.

use cpor::app::MAX_UPLOAD_BYTES;
use cpor::domain::file::FileRefusal;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::make::{docx, pdf};
use crate::api::{Api, Client};

const CREATE: &str = "mutation($name: String!) { poeUploadCreate(input: { fileName: $name }) {
    upload { id url } userErrors { code path } } }";
const ATTACH: &str =
    "mutation($claim: ID!, $upload: ID!) { poeAttach(input: { claimId: $claim, uploadId: $upload, kind: CONTRACT }) {
    userErrors { code } document { name mediaType flags { code message } } } }";

/// Sends bytes under a name; the status, the answer and the upload's id.
async fn send(client: &Client, name: &str, bytes: Vec<u8>) -> (u16, Value, String) {
    let created = client.ask(CREATE, json!({ "name": name })).await;
    let upload = &created["poeUploadCreate"]["upload"];
    let response = client.send("PUT", upload["url"].as_str().unwrap(), "application/json", bytes).await;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap(), upload["id"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_file_is_told_why_and_leaves_nothing() {
    let api = Api::new().await;
    let anna = api.as_("anna");
    for (name, bytes, status, code) in [
        ("empty.pdf", Vec::new(), 422, "FILE_EMPTY"),
        ("program.pdf", b"MZ\x90\0\x03\0\0\0".to_vec(), 415, "FILE_TYPE_NOT_ALLOWED"),
        ("large.pdf", vec![b' '; usize::try_from(MAX_UPLOAD_BYTES).unwrap() + 1], 413, FileRefusal::TooLarge.code()),
    ] {
        let (answered, body, _) = send(&anna, name, bytes).await;
        assert_eq!((answered, &body["error"]["code"]), (status, &json!(code)), "{name}");
        assert!(!body["error"]["message"].as_str().unwrap().is_empty());
    }
    assert_eq!(api.world.incoming_files(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_the_largest_size_is_taken() {
    let api = Api::new().await;
    let mut bytes = pdf("");
    let size = usize::try_from(MAX_UPLOAD_BYTES).unwrap();
    bytes.resize(size, b' ');
    let (status, body, _) = send(&api.as_("anna"), "large.pdf", bytes).await;
    assert_eq!((status, body["sizeBytes"].as_u64()), (201, Some(MAX_UPLOAD_BYTES)));
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_are_told_to_the_sender_and_to_the_reviewer_in_the_own_language() {
    let api = Api::new().await;
    let claim = api.world.draft("anna", 1, &["TEAMS"]).await;
    let (anna, claim_id) = (api.as_("anna"), cpor::graphql::id::encode(claim).to_string());
    let (status, body, upload) = send(&anna, "plan.docx", docx(&[("word/vbaProject.bin", b"x")])).await;
    assert_eq!(status, 201, "{body}");
    let codes: Vec<_> = body["flags"].as_array().unwrap().iter().map(|flag| flag["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["MACROS", "DECLARED_TYPE_DIFFERS"]);
    let attached = anna.ask(ATTACH, json!({ "claim": claim_id, "upload": upload })).await;
    let flags = &attached["poeAttach"]["document"]["flags"];
    assert_eq!(flags[0], json!({ "code": "MACROS", "message": "Zawiera makra." }));
    let seen = "query($id: ID!) { claim: node(id: $id) { ... on Claim { documents { nodes { flags { code message } } } } } }";
    let seen = api.as_("lena").ask(seen, json!({ "id": claim_id })).await;
    let documents = &seen["claim"]["documents"]["nodes"];
    assert_eq!((&documents[0]["flags"], &documents[1]["flags"][0]["message"]), (&json!([]), &json!("Macros are inside.")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_data_and_one_that_deceives_is_refused() {
    let api = Api::new().await;
    let anna = api.as_("anna");
    for name in ["evil\u{202E}fdp.exe", "bell\u{7}.pdf", "..", "", "a/"] {
        let answer = anna.ask(CREATE, json!({ "name": name })).await;
        let error = &answer["poeUploadCreate"]["userErrors"][0];
        assert_eq!((&error["code"], &error["path"]), (&json!("INVALID_FORMAT"), &json!(["input", "fileName"])), "{name:?}");
    }
    assert_eq!(anna.code(CREATE, json!({ "name": "nul\0.pdf" })).await, "BAD_USER_INPUT", "no text of a request may hold it");
    let (_, body, _) = send(&anna, "../../etc/passwd.pdf", pdf("")).await;
    assert_eq!(body["name"], "passwd.pdf");
}
