//! The documents of proof of execution of claims.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::errors::StoreError;
use super::hanging::{Hanging, Numbered};
use super::record::{code, record};
use super::scope::Relation;
use crate::domain::ids::{ClaimId, DocumentId, PersonId, ProductLineId, UploadId};
use crate::domain::poe::{Document, DocumentKind, FileFacts};

/// A document of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// The claim.
    pub claim: ClaimId,
    /// Its place in the claim's list.
    pub position: i32,
    /// The document.
    pub document: Document,
}

record! {
    /// The columns of `documents`.
    DocumentRecord {
        id: Uuid = SqlUuid,
        claim_id: Uuid = SqlUuid,
        upload_id: Uuid = SqlUuid,
        position: i32 = Integer,
        name: String = Text,
        media_type: String = Text,
        size_bytes: i64 = BigInt,
        sha256: Vec<u8> = Binary,
        kind: String = Text,
        description: Option<String> = Nullable<Text>,
        covers: Vec<Uuid> = Array<SqlUuid>,
        signed_on: Option<NaiveDate> = Nullable<Date>,
        attached_at: DateTime<Utc> = Timestamptz,
        attached_by: Uuid = SqlUuid,
        in_dispute: bool = Bool,
        superseded_by: Option<Uuid> = Nullable<SqlUuid>,
    }
}

impl Hanging for DocumentRow {
    type Record = DocumentRecord;
    const RELATION: Relation = Relation::Documents;
    const ORDER: &'static str = "t.position";

    fn claim(record: &DocumentRecord) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: DocumentRecord) -> Result<Self, StoreError> {
        let sha256 = record.sha256.try_into().map_err(|_| StoreError::corrupt("a SHA-256 that has not 32 bytes"))?;
        let document = Document {
            id: DocumentId(record.id),
            upload: UploadId(record.upload_id),
            file: FileFacts { name: record.name, media_type: record.media_type, size_bytes: record.size_bytes, sha256 },
            kind: code(&record.kind, DocumentKind::from_code)?,
            description: record.description,
            covers: record.covers.into_iter().map(ProductLineId).collect(),
            signed_on: record.signed_on,
            attached_at: record.attached_at,
            attached_by: PersonId(record.attached_by),
            in_dispute: record.in_dispute,
            superseded_by: record.superseded_by.map(DocumentId),
        };
        Ok(Self { claim: ClaimId(record.claim_id), position: record.position, document })
    }
}

impl Numbered for DocumentRow {
    const PLACE: &'static str = "t.position";

    fn place(record: &DocumentRecord) -> i32 {
        record.position
    }
}
