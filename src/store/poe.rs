//! The documents of proof of execution of claims.

use super::database::Database;
use super::document_row::DocumentRow as Stored;
use super::errors::StoreError;
use super::hanging::{self, Hanging, Numbered};
use super::scope::Relation;
use crate::auth::viewer::Viewer;
use crate::domain::ids::{ClaimId, DocumentId, PersonId};
use crate::domain::poe::Document;

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

impl Hanging for DocumentRow {
    type Record = Stored;
    const RELATION: Relation = Relation::Documents;
    const ORDER: &'static str = "documents.position";

    fn claim(record: &Stored) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: Stored) -> Result<Self, StoreError> {
        Ok(Self { claim: ClaimId(record.claim_id), position: record.position, document: record.into_document()? })
    }
}

impl Numbered for DocumentRow {
    const PLACE: &'static str = "documents.position";
    const AUTHOR: Option<&'static str> = Some("attached_by");

    fn place(record: &Stored) -> i32 {
        record.position
    }

    fn author(&self) -> Option<PersonId> {
        Some(self.document.attached_by)
    }
}

/// The documents with these identities that the viewer may read, in no order.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn by_ids(database: &Database, viewer: &Viewer, ids: &[DocumentId]) -> Result<Vec<DocumentRow>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    hanging::by_ids(database, viewer, &ids).await
}
