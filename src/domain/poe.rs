//! Proof of execution: the documents of a claim.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::closed::closed_list;
use super::ids::{DocumentId, PersonId, ProductLineId, UploadId};

/// Current documents a claim may have (`domain.md`, section 5).
pub const MAX_CURRENT_DOCUMENTS: usize = 20;
/// Documents a claim may have, superseded ones included.
pub const MAX_DOCUMENTS: usize = 60;

closed_list! {
    /// What kind of document proves the work.
    DocumentKind {
        /// A signed statement of work.
        StatementOfWork = "STATEMENT_OF_WORK",
        /// The programme's template, filled in.
        Template = "TEMPLATE",
        /// An e-mail of the customer.
        CustomerEmail = "CUSTOMER_EMAIL",
        /// A contract.
        Contract = "CONTRACT",
        /// A report on the project.
        ProjectReport = "PROJECT_REPORT",
        /// A disclosure required by the public sector.
        PublicSectorDisclosure = "PUBLIC_SECTOR_DISCLOSURE",
        /// Another document.
        Other = "OTHER",
    }
}

closed_list! {
    /// How far an upload is.
    UploadState {
        /// Its bytes are awaited.
        Waiting = "WAITING",
        /// Its bytes are arriving.
        Receiving = "RECEIVING",
        /// Its bytes are here: it can be attached.
        Complete = "COMPLETE",
        /// A document uses it.
        Attached = "ATTACHED",
    }
}

/// The facts of uploaded bytes, measured by the server: never what a client declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// The name the partner gave, cleaned; data, never a path.
    pub name: String,
    /// The media type read from the content.
    pub media_type: String,
    /// Size in bytes.
    pub size_bytes: i64,
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
}

/// What a partner says about a document when attaching it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// The identity the document gets.
    pub id: DocumentId,
    /// The upload that carries its bytes.
    pub upload: UploadId,
    /// Its kind.
    pub kind: DocumentKind,
    /// What it shows, in the partner's words.
    pub description: Option<String>,
    /// The product lines it covers; empty means the whole claim.
    pub covers: BTreeSet<ProductLineId>,
    /// The day on which the customer signed.
    pub signed_on: Option<NaiveDate>,
    /// The current document that it replaces.
    pub supersedes: Option<DocumentId>,
}

/// A document of a claim. Its bytes and facts never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Identity.
    pub id: DocumentId,
    /// The upload that brought its bytes.
    pub upload: UploadId,
    /// Facts of the bytes.
    pub file: FileFacts,
    /// Its kind.
    pub kind: DocumentKind,
    /// What it shows, in the partner's words.
    pub description: Option<String>,
    /// The product lines it covers; empty means the whole claim.
    pub covers: BTreeSet<ProductLineId>,
    /// The day on which the customer signed.
    pub signed_on: Option<NaiveDate>,
    /// When it was attached.
    pub attached_at: DateTime<Utc>,
    /// Who attached it.
    pub attached_by: PersonId,
    /// Whether it was attached as part of a dispute.
    pub in_dispute: bool,
    /// The newer document that took its place, if any.
    pub superseded_by: Option<DocumentId>,
}
