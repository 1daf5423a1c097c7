//! Writing: every mutation, on a claim that is hidden and on one that is not there.

use cpor::domain::ids::ClaimId;
use cpor::graphql::id::encode;
use serde_json::{Value, json};

use super::{Hidden, unknown_inputs};
use crate::api::{Api, codes};
use crate::support::world::World;

/// Every mutation on a claim, with faultless input beside the claim.
fn mutations() -> Vec<(&'static str, &'static str, Value)> {
    let (line, document, _) = unknown_inputs();
    vec![
        ("claimUpdate", "ClaimUpdateInput", json!({ "name": "Mine" })),
        ("claimUpdateProducts", "ClaimUpdateProductsInput", json!({ "add": [{ "product": "TEAMS" }], "remove": [line] })),
        ("claimSubmit", "ClaimSubmitInput", json!({ "attestationAccepted": true })),
        ("claimSubmit", "ClaimSubmitInput", json!({ "attestationAccepted": true, "dryRun": true })),
        ("claimResubmit", "ClaimResubmitInput", json!({})),
        ("claimCancel", "ClaimCancelInput", json!({ "expectedVersion": 1 })),
        ("claimWithdraw", "ClaimWithdrawInput", json!({ "reason": "OTHER" })),
        ("claimDisassociate", "ClaimDisassociateInput", json!({ "reason": "OTHER" })),
        ("claimDispute", "ClaimDisputeInput", json!({ "justification": "No." })),
        ("claimStartReview", "ClaimStartReviewInput", json!({})),
        ("claimRequestAction", "ClaimRequestActionInput", json!({ "comment": "?", "findings": [{ "kind": "MISSING_ALL_POE" }] })),
        ("claimApprove", "ClaimApproveInput", json!({})),
        ("claimReject", "ClaimRejectInput", json!({ "reason": "INSUFFICIENT_POE", "comment": "No." })),
        ("claimAssign", "ClaimAssignInput", json!({})),
        ("consentDecline", "ConsentDeclineInput", json!({})),
        ("assessmentAnswer", "AssessmentAnswerInput", json!({ "eligible": true })),
        ("commentAdd", "CommentAddInput", json!({ "body": "Hello?" })),
        ("noteAdd", "NoteAddInput", json!({ "body": "Hello?" })),
        ("poeAttach", "PoeAttachInput", json!({ "uploadId": upload(), "kind": "CONTRACT", "supersedes": document })),
    ]
}

fn upload() -> Value {
    json!(encode(cpor::domain::ids::UploadId(uuid::Uuid::now_v7())))
}

fn document(name: &str, input: &str) -> String {
    format!(
        "mutation ($input: {input}!) {{ {name}(input: $input) {{
            claim {{ id }} replayed userErrors {{ __typename code message path }} warnings {{ code }} }} }}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mutation_answers_a_hidden_claim_like_none() {
    let hidden = Hidden::new().await;
    let before = super::stored(&hidden.api.world, hidden.claim.id).await;
    let strangers = hidden.strangers().await;
    for (name, input, rest) in mutations() {
        let with = |id: ClaimId| {
            let mut input = rest.clone();
            input["claimId"] = json!(encode(id));
            input["idempotencyKey"] = json!(uuid::Uuid::from_u128(id.0.as_u128() ^ 1));
            json!({ "input": input })
        };
        let query = document(name, input);
        for (stranger, client) in &strangers {
            let seen = client.answer(&query, with(hidden.claim.id)).await;
            assert_eq!(seen, client.answer(&query, with(ClaimId::fresh())).await, "{stranger}: {name}");
            assert_eq!(codes(&seen["data"][name]), ["NOT_FOUND"], "{stranger}: {name}");
        }
    }
    assert_eq!(super::stored(&hidden.api.world, hidden.claim.id).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_and_an_operator_change_nothing() {
    let hidden = Hidden::new().await;
    let before = super::stored(&hidden.api.world, hidden.claim.id).await;
    for (name, input, mut rest) in mutations() {
        rest["claimId"] = json!(encode(hidden.claim.id));
        rest.as_object_mut().unwrap().remove("expectedVersion");
        let seen = hidden.api.as_("aude").ask(&document(name, input), json!({ "input": rest })).await;
        assert_eq!(codes(&seen[name]), ["FORBIDDEN"], "{name}");
    }
    assert_eq!(super::stored(&hidden.api.world, hidden.claim.id).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_partners_location_upload_and_document_are_answered_like_none() {
    let world = World::new().await;
    let (claim, theirs) = (world.draft("anna", 1, &["TEAMS"]).await, world.draft("clara", 2, &["TEAMS"]).await);
    let uploaded = world.uploaded("clara").await;
    let document_of_theirs = super::stored(&world, theirs).await.documents[0].id;
    let api = Api::of(world);
    let anna = api.as_("anna");

    let create = "mutation ($location: String!) { claimCreate(input: { location: $location }) { claim { id } userErrors { code message path } } }";
    let foreign = anna.answer(create, json!({ "location": "2000001" })).await;
    assert_eq!(foreign, anna.answer(create, json!({ "location": "9999999" })).await);
    assert_eq!(codes(&foreign["data"]["claimCreate"]), ["PARTNER_LOCATION_FORBIDDEN"]);
    let of_a_colleague = api.as_("ben").ask(create, json!({ "location": "1000001" })).await;
    assert_eq!(codes(&of_a_colleague["claimCreate"]), ["PARTNER_LOCATION_FORBIDDEN"], "not one of ben's");

    let attach = document("poeAttach", "PoeAttachInput");
    let input = |upload: Value| json!({ "input": { "claimId": encode(claim), "uploadId": upload, "kind": "CONTRACT" } });
    let foreign = anna.answer(&attach, input(json!(encode(uploaded.upload)))).await;
    assert_eq!(foreign, anna.answer(&attach, input(upload())).await);
    assert_eq!(codes(&foreign["data"]["poeAttach"]), ["UPLOAD_NOT_FOUND"]);

    let superseding = |id: Value| {
        let mut input = input(upload());
        input["input"]["supersedes"] = id;
        input
    };
    let (_, nowhere, _) = unknown_inputs();
    let foreign = anna.answer(&attach, superseding(json!(encode(document_of_theirs)))).await;
    assert_eq!(foreign, anna.answer(&attach, superseding(nowhere)).await);
}
