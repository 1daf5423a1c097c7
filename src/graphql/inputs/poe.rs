//! Uploading and attaching proof of execution.

use async_graphql::{ID, InputObject};

use super::change::{becomes, change_inputs};
use super::details::bounded;
use crate::domain::command::Command;
use crate::domain::ids::DocumentId;
use crate::domain::poe::NewDocument;
use crate::graphql::enums::PoeKind;
use crate::graphql::errors::Failure;
use crate::graphql::id::decode;
use crate::graphql::scalars::Date;

/// Asks for a place to send the bytes of a document to.
#[derive(InputObject, Clone, Debug)]
pub struct PoeUploadCreateInput {
    /// The name of the file, as people know it. Its type is read from its content, not from its name.
    pub file_name: String,
    /// Whether you would rather send the bytes to the store itself, where this server offers that; then call `poeUploadComplete`.
    pub direct: Option<bool>,
}

/// Names an upload whose bytes were sent to its `direct` address.
#[derive(InputObject, Clone, Debug)]
pub struct PoeUploadCompleteInput {
    /// The upload.
    pub upload_id: ID,
}

/// A document that goes with a dispute.
#[derive(InputObject, Clone, Debug)]
pub struct DisputeDocumentInput {
    /// The upload that brought the bytes, complete and not yet used.
    pub upload_id: ID,
    /// What kind of document it is.
    pub kind: PoeKind,
    /// What it shows, in your words; 10 000 characters at most.
    pub description: Option<String>,
    /// The claimed products it covers; none means the whole claim.
    pub covers: Option<Vec<ID>>,
    /// The day on which the customer signed.
    pub signed_on: Option<Date>,
    /// The current document that it replaces.
    pub supersedes: Option<ID>,
}

change_inputs! {
    /// Attaches an uploaded document to a claim as proof of execution. It cannot be removed, but a newer one may supersede it.
    PoeAttachInput {
        /// The upload that brought the bytes, complete and not yet used.
        upload_id: ID,
        /// What kind of document it is.
        kind: PoeKind,
        /// What it shows, in your words; 10 000 characters at most.
        description: Option<String>,
        /// The claimed products it covers; none means the whole claim.
        covers: Option<Vec<ID>>,
        /// The day on which the customer signed.
        signed_on: Option<Date>,
        /// The current document that it replaces.
        supersedes: Option<ID>,
    }
}

impl DisputeDocumentInput {
    /// The document, under an identity of its own.
    pub(super) fn document(self) -> Result<NewDocument, Failure> {
        let covers = bounded(self.covers, "covers")?;
        Ok(NewDocument {
            id: DocumentId::fresh(),
            upload: decode(&self.upload_id, "uploadId")?,
            kind: self.kind.into(),
            description: self.description,
            covers: covers.iter().map(|id| decode(id, "covers")).collect::<Result<_, _>>()?,
            signed_on: self.signed_on.map(|day| day.0),
            supersedes: self.supersedes.map(|id| decode(&id, "supersedes")).transpose()?,
        })
    }
}

impl From<PoeAttachInput> for DisputeDocumentInput {
    fn from(input: PoeAttachInput) -> Self {
        let PoeAttachInput { upload_id, kind, description, covers, signed_on, supersedes, .. } = input;
        Self { upload_id, kind, description, covers, signed_on, supersedes }
    }
}

becomes! {
    PoeAttachInput => |input| Command::AttachDocument(Box::new(DisputeDocumentInput::from(input).document()?));
}
