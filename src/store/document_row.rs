//! The row of a document.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

use super::errors::StoreError;
use super::schema::documents;
use super::words::{hash32, position, word};
use crate::domain::claim::Claim;
use crate::domain::ids::{DocumentId, PersonId, ProductLineId, UploadId};
use crate::domain::poe::{Document, DocumentKind, FileFacts};

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = documents, check_for_backend(Pg), treat_none_as_default_value = false)]
pub(super) struct DocumentRow {
    pub id: Uuid,
    pub claim_id: Uuid,
    pub organization_id: Uuid,
    pub upload_id: Uuid,
    pub position: i32,
    pub name: String,
    pub media_type: String,
    pub size_bytes: i64,
    pub sha256: Vec<u8>,
    pub kind: String,
    pub description: Option<String>,
    pub covers: Vec<Uuid>,
    pub signed_on: Option<NaiveDate>,
    pub attached_at: DateTime<Utc>,
    pub attached_by: Uuid,
    pub in_dispute: bool,
    pub superseded_by: Option<Uuid>,
}

impl DocumentRow {
    pub fn of(claim: &Claim, index: usize, document: &Document) -> Self {
        Self {
            id: document.id.0,
            claim_id: claim.id.0,
            organization_id: claim.organization.0,
            upload_id: document.upload.0,
            position: position(index),
            name: document.file.name.clone(),
            media_type: document.file.media_type.clone(),
            size_bytes: document.file.size_bytes,
            sha256: document.file.sha256.to_vec(),
            kind: document.kind.code().to_owned(),
            description: document.description.clone(),
            covers: document.covers.iter().map(|line| line.0).collect(),
            signed_on: document.signed_on,
            attached_at: document.attached_at,
            attached_by: document.attached_by.0,
            in_dispute: document.in_dispute,
            superseded_by: document.superseded_by.map(|document| document.0),
        }
    }

    pub fn into_document(self) -> Result<Document, StoreError> {
        let file = FileFacts {
            name: self.name,
            media_type: self.media_type,
            size_bytes: self.size_bytes,
            sha256: hash32(&self.sha256)?,
        };
        Ok(Document {
            id: DocumentId(self.id),
            upload: UploadId(self.upload_id),
            file,
            kind: word(&self.kind, DocumentKind::from_code)?,
            description: self.description,
            covers: self.covers.into_iter().map(ProductLineId).collect(),
            signed_on: self.signed_on,
            attached_at: self.attached_at,
            attached_by: PersonId(self.attached_by),
            in_dispute: self.in_dispute,
            superseded_by: self.superseded_by.map(DocumentId),
        })
    }
}
