//! What clients send.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::journal::{Kind, mark};

/// The events of a watcher.
pub const WATCH: &str = "subscription Watch($after: Cursor, $filter: ClaimEventFilter) {
    claimEvents(after: $after, filter: $filter) { cursor kind claim { id } entry { sequence } }
}";
/// A query that needs the database.
pub const LOOK: &str = "{ claims(first: 1) { nodes { id } } }";
/// A place for the bytes of a document.
pub const UPLOAD: &str =
    "mutation { m: poeUploadCreate(input: { fileName: \"statement.pdf\" }) { upload { id url } userErrors { code } } }";

/// The document of a change; its input is the variable `input`, its payload is called `m`.
pub fn change(kind: Kind) -> String {
    let (field, input) = match kind {
        Kind::Create => ("claimCreate", "ClaimCreateInput"),
        Kind::Update => ("claimUpdate", "ClaimUpdateInput"),
        Kind::Attach => ("poeAttach", "PoeAttachInput"),
        Kind::Submit => ("claimSubmit", "ClaimSubmitInput"),
        Kind::Resubmit => ("claimResubmit", "ClaimResubmitInput"),
        Kind::StartReview => ("claimStartReview", "ClaimStartReviewInput"),
        Kind::RequestAction => ("claimRequestAction", "ClaimRequestActionInput"),
        Kind::Approve => ("claimApprove", "ClaimApproveInput"),
        Kind::Reject => ("claimReject", "ClaimRejectInput"),
        Kind::Comment => ("commentAdd", "CommentAddInput"),
        Kind::Note => ("noteAdd", "NoteAddInput"),
    };
    format!("mutation($input: {input}!) {{ m: {field}(input: $input) {{ claim {{ id }} replayed userErrors {{ code }} }} }}")
}

/// The input of a change: `facts` are those of its kind, and its words carry the mark of its key.
pub fn input(kind: Kind, key: Uuid, claim: Option<&str>, facts: Value) -> Value {
    let mut input = match kind {
        Kind::Create => json!({ "name": format!("Claim {}", mark(key)) }),
        Kind::Update => json!({ "externalReference": mark(key) }),
        Kind::Attach => json!({ "description": mark(key), "kind": "STATEMENT_OF_WORK", "signedOn": "2026-06-01" }),
        Kind::Submit => json!({ "attestationAccepted": true }),
        Kind::Resubmit | Kind::StartReview => json!({}),
        Kind::RequestAction => json!({ "comment": mark(key), "findings": [{ "kind": "MISSING_OR_OLD_DATES" }] }),
        Kind::Approve => json!({ "comment": mark(key) }),
        Kind::Reject => json!({ "comment": mark(key), "reason": "INSUFFICIENT_POE" }),
        Kind::Comment | Kind::Note => json!({ "body": mark(key) }),
    };
    input["idempotencyKey"] = json!(key);
    if let Some(claim) = claim {
        input["claimId"] = json!(claim);
    }
    if let Value::Object(facts) = facts {
        input.as_object_mut().unwrap().extend(facts);
    }
    input
}

/// What a claim needs to be submitted, for a customer of its own.
pub fn complete_claim(location: &str) -> Value {
    json!({
        "location": location, "tenantId": Uuid::new_v4(), "customerName": "Tailspin Toys", "area": "MICROSOFT_365",
        "activities": ["USAGE"], "products": [{ "product": "TEAMS" }],
        "customerContact": { "name": "Tom", "title": "Head of IT", "email": "tom@tailspin.example" },
        "partnerContact": { "name": "Paula", "email": "paula@crash.example" },
    })
}
