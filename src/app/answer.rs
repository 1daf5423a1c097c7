//! Answers kept for retries: an outcome as JSON and back.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::outcome::{Idempotency, Outcome};
use crate::auth::viewer::Viewer;
use crate::domain::clock::ClockKind;
use crate::domain::details::Field;
use crate::domain::ids::{ClaimId, ClaimNumber, ProductLineId};
use crate::domain::refusal::{Code, Detail, Path, Refusal, Segment, Violation, Warning};
use crate::domain::status::Status;
use crate::store::idempotency::{self, NewAnswer};
use crate::store::transaction::Writes;

/// Keeps an outcome for retries with the same key.
pub fn keep(
    writes: &mut Writes,
    viewer: &Viewer,
    Idempotency { key, fingerprint }: Idempotency,
    claim: Option<ClaimId>,
    outcome: &Outcome,
    at: DateTime<Utc>,
) {
    idempotency::keep(writes, NewAnswer { actor: viewer.id(), key, fingerprint, claim, answer: to_json(outcome), at });
}

/// An outcome as it is kept.
#[must_use]
pub fn to_json(outcome: &Outcome) -> Value {
    json!({
        "claim": outcome.claim.map(|id| id.0),
        "created": outcome.created,
        "violations": outcome.refusal.as_ref().map(|refusal| refusal.violations.iter().map(violation).collect::<Vec<_>>()),
        "warnings": outcome.warnings.iter().map(|warning| json!({
            "code": warning.code.code(), "path": path(&warning.path),
        })).collect::<Vec<_>>(),
    })
}

/// The outcome that was kept, marked as replayed; `None` if it was kept by a program that knew other codes.
#[must_use]
pub fn from_json(value: &Value) -> Option<Outcome> {
    let refusal = match value.get("violations")? {
        Value::Null => None,
        list => Some(Refusal { violations: list.as_array()?.iter().map(read_violation).collect::<Option<_>>()? }),
    };
    let warnings = value.get("warnings")?.as_array()?.iter().map(|warning| {
        Some(Warning { code: Code::from_code(warning.get("code")?.as_str()?)?, path: read_path(warning.get("path")?)? })
    });
    Some(Outcome {
        claim: value.get("claim").and_then(uuid).map(ClaimId),
        refusal,
        warnings: warnings.collect::<Option<_>>()?,
        created: value.get("created").and_then(uuid),
        written: None,
        replayed: true,
    })
}

fn uuid(value: &Value) -> Option<Uuid> {
    Uuid::try_parse(value.as_str()?).ok()
}

fn path(path: &Path) -> Value {
    path.iter()
        .map(|segment| match segment {
            Segment::Name(name) => json!(name),
            Segment::Index(index) => json!(index),
        })
        .collect()
}

fn read_path(value: &Value) -> Option<Path> {
    let segments = value.as_array()?.iter();
    segments
        .map(|segment| match segment {
            Value::String(name) => known_name(name).map(Segment::Name),
            other => Some(Segment::Index(usize::try_from(other.as_u64()?).ok()?)),
        })
        .collect()
}

/// Paths are made of names the program knows: back from text to the one that stands in the code.
fn known_name(name: &str) -> Option<&'static str> {
    const OTHERS: &[&str] = &[
        "add",
        "assigneeId",
        "attestationAccepted",
        "body",
        "claimId",
        "comment",
        "covers",
        "description",
        "email",
        "expectedVersion",
        "findings",
        "idempotencyKey",
        "justification",
        "product",
        "productId",
        "reason",
        "remove",
        "replace",
        "signedOn",
        "subscriptionId",
        "supersedes",
        "title",
        "uploadId",
        "words",
    ];
    let fields = Field::ALL.iter().map(|field| field.path());
    fields.chain(OTHERS.iter().copied()).find(|known| *known == name)
}

fn violation(violation: &Violation) -> Value {
    let mut object = Map::new();
    object.insert("code".to_owned(), json!(violation.code.code()));
    object.insert("path".to_owned(), path(&violation.path));
    match &violation.detail {
        Detail::None => {}
        Detail::Status(status) => drop(object.insert("status".to_owned(), json!(status.code()))),
        Detail::Deadline { kind, expired_at } => {
            object.insert("clock".to_owned(), json!(kind.code()));
            object.insert("expiredAt".to_owned(), json!(expired_at.timestamp_micros()));
        }
        Detail::Version { expected, current } => drop(object.insert("version".to_owned(), json!([expected, current]))),
        Detail::Claim(number) => drop(object.insert("number".to_owned(), json!(number.0))),
        Detail::Products(lines) => {
            object.insert("products".to_owned(), lines.iter().map(|line| json!(line.0)).collect());
        }
        Detail::Limit(limit) => drop(object.insert("limit".to_owned(), json!(limit))),
    }
    Value::Object(object)
}

fn read_violation(value: &Value) -> Option<Violation> {
    let code = Code::from_code(value.get("code")?.as_str()?)?;
    Some(Violation { code, path: read_path(value.get("path")?)?, detail: read_detail(value)? })
}

fn read_detail(value: &Value) -> Option<Detail> {
    let int = |value: &Value| i32::try_from(value.as_i64()?).ok();
    Some(if let Some(status) = value.get("status") {
        Detail::Status(Status::from_code(status.as_str()?)?)
    } else if let Some(clock) = value.get("clock") {
        let expired_at = DateTime::from_timestamp_micros(value.get("expiredAt")?.as_i64()?)?;
        Detail::Deadline { kind: ClockKind::from_code(clock.as_str()?)?, expired_at }
    } else if let Some(version) = value.get("version") {
        Detail::Version { expected: int(version.get(0)?)?, current: int(version.get(1)?)? }
    } else if let Some(number) = value.get("number") {
        Detail::Claim(ClaimNumber(number.as_i64()?))
    } else if let Some(lines) = value.get("products") {
        Detail::Products(lines.as_array()?.iter().map(|line| uuid(line).map(ProductLineId)).collect::<Option<_>>()?)
    } else if let Some(limit) = value.get("limit") {
        Detail::Limit(usize::try_from(limit.as_u64()?).ok()?)
    } else {
        Detail::None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_comes_back_as_it_was_kept() {
        let line = ProductLineId::fresh();
        let at = DateTime::from_timestamp_micros(1_631_520_000_000_001).unwrap_or_default();
        let details = [
            Detail::None,
            Detail::Status(Status::Approved),
            Detail::Deadline { kind: ClockKind::PartnerResponse, expired_at: at },
            Detail::Version { expected: 1, current: 2 },
            Detail::Claim(ClaimNumber(100_001)),
            Detail::Products(vec![line]),
            Detail::Limit(20),
        ];
        let path = vec![Segment::Name("products"), Segment::Index(3), Segment::Name("subscriptionId")];
        let violations =
            details.into_iter().map(|detail| Violation { code: Code::KeyHeld, path: path.clone(), detail }).collect();
        let kept = Outcome {
            warnings: vec![Warning { code: Code::CompetingClaim, path: path.clone() }],
            created: Some(line.0),
            ..Outcome::refused(Some(ClaimId::fresh()), Refusal { violations })
        };
        let read = from_json(&to_json(&kept));
        assert_eq!(read, Some(Outcome { replayed: true, ..kept }));
    }
}
