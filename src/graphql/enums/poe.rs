//! Documents and what reviewers miss in them.

use async_graphql::Enum;

/// What kind of document proves the partner's work.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::poe::DocumentKind")]
pub enum PoeKind {
    /// A signed statement of work.
    StatementOfWork,
    /// The programme's template, filled in and signed.
    Template,
    /// An e-mail of the customer.
    CustomerEmail,
    /// A contract.
    Contract,
    /// A report on the project.
    ProjectReport,
    /// A disclosure that the public sector requires.
    PublicSectorDisclosure,
    /// Another document.
    Other,
}

/// What a reviewer misses in the proof of execution.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::reason::FindingKind")]
pub enum FindingKind {
    /// Wrong or unrelated file.
    MissingAllPoe,
    /// No customer signature.
    MissingCustomerAcknowledgment,
    /// Dates are absent, or older than twelve months before the first submission.
    MissingOrOldDates,
    /// The partner's work is not described.
    MissingPartnerService,
    /// A claimed product is not named.
    MissingProducts,
    /// Something else, said in words.
    Other,
}

/// How far an upload is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::poe::UploadState")]
pub enum PoeUploadState {
    /// Its bytes are awaited.
    Waiting,
    /// Its bytes are arriving.
    Receiving,
    /// Its bytes are here: it can be attached.
    Complete,
    /// A document uses it.
    Attached,
}
