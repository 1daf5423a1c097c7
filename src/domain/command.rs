//! What people ask of a claim. Commands carry what the client gave, unchecked; deciding checks it.

use std::collections::BTreeSet;

use super::closed::closed_list;
use super::ids::{ClaimId, CommentId, NoteId, PersonId, ProductLineId};
use super::poe::NewDocument;
use super::product::{Activity, Area};
use super::reason::{Finding, PartnerReason, RejectionReason};

closed_list! {
    /// The kinds of command; each is one mutation.
    CommandKind {
        /// Create a claim (T1).
        Create = "CREATE",
        /// Change fields (T4 after submission).
        Update = "UPDATE",
        /// Add, replace or remove products.
        UpdateProducts = "UPDATE_PRODUCTS",
        /// Attach a proof of execution.
        AttachDocument = "ATTACH_DOCUMENT",
        /// Comment.
        Comment = "COMMENT",
        /// Submit (T2).
        Submit = "SUBMIT",
        /// Resubmit after a request for action (T7).
        Resubmit = "RESUBMIT",
        /// Drop a claim that was never submitted (T3).
        Cancel = "CANCEL",
        /// Ask for the rejection of the own claim (T11).
        Withdraw = "WITHDRAW",
        /// End the association (T14).
        Disassociate = "DISASSOCIATE",
        /// Dispute a rejection (T15).
        Dispute = "DISPUTE",
        /// Start the review (T5).
        StartReview = "START_REVIEW",
        /// Ask the partner for more (T6, T17).
        RequestAction = "REQUEST_ACTION",
        /// Approve (T9, T16).
        Approve = "APPROVE",
        /// Reject (T10, T18).
        Reject = "REJECT",
        /// Assign, reassign or release.
        Assign = "ASSIGN",
        /// Write an internal note.
        AddNote = "ADD_NOTE",
        /// Decline the association (T12).
        Decline = "DECLINE",
        /// Answer the assessment.
        AnswerAssessment = "ANSWER_ASSESSMENT",
    }
}

/// A field of an update: `None` leaves it, `Some(None)` clears it, `Some(Some(value))` sets it.
pub type Patch<T> = Option<Option<T>>;

/// A contact as the client wrote it. It replaces the former contact whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactInput {
    /// The name.
    pub name: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// Fields as the client wrote them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailsInput {
    /// The partner's own words for the claim.
    pub name: Patch<String>,
    /// The partner location; cannot be cleared.
    pub location: Option<String>,
    /// The customer's tenant id.
    pub tenant_id: Patch<String>,
    /// The customer's domain.
    pub customer_domain: Patch<String>,
    /// The customer's name.
    pub customer_name: Patch<String>,
    /// The solution area.
    pub area: Patch<Area>,
    /// The activities, whole.
    pub activities: Option<BTreeSet<Activity>>,
    /// The customer's contact.
    pub customer_contact: Patch<ContactInput>,
    /// The customer's technical contact.
    pub technical_contact: Patch<ContactInput>,
    /// The partner's contact; a title is ignored.
    pub partner_contact: Patch<ContactInput>,
    /// The partner's own reference.
    pub external_reference: Patch<String>,
    /// The tags, whole.
    pub tags: Option<Vec<String>>,
}

/// A product line as the client wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductInput {
    /// The identity the line gets.
    pub id: ProductLineId,
    /// The catalogue code.
    pub product: String,
    /// The subscription id.
    pub subscription_id: Option<String>,
}

/// The creation of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Create {
    /// The identity the claim gets.
    pub id: ClaimId,
    /// Its fields; only the location is required.
    pub details: DetailsInput,
    /// Its products.
    pub products: Vec<ProductInput>,
}

/// A command on an existing claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Change fields.
    Update(Box<DetailsInput>),
    /// Add, replace and remove products, all or nothing.
    UpdateProducts {
        /// New lines.
        add: Vec<ProductInput>,
        /// Lines to replace, each with what takes its place (and its identity).
        replace: Vec<(ProductLineId, ProductInput)>,
        /// Lines to remove.
        remove: Vec<ProductLineId>,
    },
    /// Attach a document.
    AttachDocument(Box<NewDocument>),
    /// Comment.
    Comment {
        /// The identity the comment gets.
        id: CommentId,
        /// The text.
        body: String,
    },
    /// Submit for review.
    Submit {
        /// Whether the partner attests that what the claim says is true.
        attestation: bool,
    },
    /// Resubmit.
    Resubmit,
    /// Drop the draft.
    Cancel,
    /// Ask for the rejection of the own claim.
    Withdraw {
        /// Why.
        reason: PartnerReason,
        /// In words; required for [`PartnerReason::Other`].
        comment: Option<String>,
    },
    /// End the association.
    Disassociate {
        /// Why.
        reason: PartnerReason,
        /// In words; required for [`PartnerReason::Other`].
        comment: Option<String>,
    },
    /// Dispute the rejection. A justification or a new document is required.
    Dispute {
        /// The business justification.
        justification: Option<String>,
        /// New proof of execution.
        documents: Vec<NewDocument>,
    },
    /// Start the review.
    StartReview,
    /// Ask the partner for more.
    RequestAction {
        /// What and why, in words.
        comment: String,
        /// At least one finding.
        findings: Vec<Finding>,
    },
    /// Approve.
    Approve {
        /// Words for the partner.
        comment: Option<String>,
    },
    /// Reject.
    Reject {
        /// Why.
        reason: RejectionReason,
        /// Why, in words.
        comment: String,
        /// What is missing, product by product.
        findings: Vec<Finding>,
    },
    /// Assign to a person, or release.
    Assign {
        /// The assignee; `None` releases.
        to: Option<PersonId>,
    },
    /// Write an internal note.
    AddNote {
        /// The identity the note gets.
        id: NoteId,
        /// The text.
        body: String,
    },
    /// Decline the association.
    Decline {
        /// Why, if the customer wants to say.
        reason: Option<String>,
    },
    /// Answer the assessment.
    AnswerAssessment {
        /// Whether the claim is eligible for incentives.
        eligible: bool,
        /// Why not; required when not eligible.
        reason: Option<String>,
    },
}

impl Command {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Update(_) => CommandKind::Update,
            Self::UpdateProducts { .. } => CommandKind::UpdateProducts,
            Self::AttachDocument(_) => CommandKind::AttachDocument,
            Self::Comment { .. } => CommandKind::Comment,
            Self::Submit { .. } => CommandKind::Submit,
            Self::Resubmit => CommandKind::Resubmit,
            Self::Cancel => CommandKind::Cancel,
            Self::Withdraw { .. } => CommandKind::Withdraw,
            Self::Disassociate { .. } => CommandKind::Disassociate,
            Self::Dispute { .. } => CommandKind::Dispute,
            Self::StartReview => CommandKind::StartReview,
            Self::RequestAction { .. } => CommandKind::RequestAction,
            Self::Approve { .. } => CommandKind::Approve,
            Self::Reject { .. } => CommandKind::Reject,
            Self::Assign { .. } => CommandKind::Assign,
            Self::AddNote { .. } => CommandKind::AddNote,
            Self::Decline { .. } => CommandKind::Decline,
            Self::AnswerAssessment { .. } => CommandKind::AnswerAssessment,
        }
    }
}
