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

/// What a reviewer should know about a document before opening it.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::file::FileFlag")]
pub enum PoeFlagCode {
    /// Macros are inside.
    Macros,
    /// A script is inside.
    #[graphql(name = "JAVASCRIPT")]
    JavaScript,
    /// It would start a program.
    LaunchAction,
    /// Other files are inside, or attached.
    EmbeddedFiles,
    /// It would fetch something from elsewhere when opened.
    ExternalContent,
    /// It is encrypted: a password may be needed.
    Encrypted,
    /// Bytes follow its end.
    TrailingData,
    /// Its end is missing: it may have been cut off.
    Incomplete,
    /// Cells would become formulas in a spreadsheet program.
    Formulas,
    /// The name has a second extension before its last.
    DoubleExtension,
    /// The sender declared another type than the content has.
    DeclaredTypeDiffers,
}

/// How far a virus scanner is with a document.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::file::ScanState")]
pub enum PoeScanState {
    /// No scanner has seen it: none was configured when it came.
    NotScanned,
    /// It waits for a verdict; until then nobody can open it.
    Pending,
    /// The scanner knows nothing bad of it.
    Clean,
    /// The scanner found something; nobody can open it.
    Infected,
}

/// What the proof of execution must show.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::checklist::Requirement")]
pub enum PoeRequirement {
    /// It is the right file, for this claim.
    RightFile,
    /// It names the customer, the domain and the tenant as the claim does.
    CustomerIdentified,
    /// The customer signed.
    CustomerSignature,
    /// It is dated, not older than 12 months before the first submission.
    RecentDates,
    /// It describes the partner's work.
    WorkDescribed,
    /// It names the claimed product.
    ProductNamed,
}

/// How far a requirement of the proof of execution is met.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::checklist::ItemState")]
pub enum PoeItemState {
    /// What the partner said meets it.
    Satisfied,
    /// Nothing that the partner said meets it.
    Missing,
    /// Only who reads the documents can tell.
    ToJudge,
}
