//! What the door answers.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::actor::Author;
use crate::domain::claim::Claim;
use crate::domain::event::{Event, What};
use crate::domain::ids::ClaimId;
use crate::domain::refusal::{Code, Refusal, Segment, Violation, Warning};
use crate::store::comments::CommentRow;
use crate::store::errors::StoreError;
use crate::store::poe::DocumentRow;

/// How a command is to be taken.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The version that the client saw; another one refuses the command.
    pub expected_version: Option<i32>,
    /// Makes a retry answer what the first try answered.
    pub idempotency: Option<Idempotency>,
    /// Decides without doing. Tells nothing of other partners.
    pub dry_run: bool,
}

/// A client's key for one command, and what the command was.
#[derive(Clone, Copy, Debug)]
pub struct Idempotency {
    /// The key, chosen by the client.
    pub key: Uuid,
    /// SHA-256 of the command as the client wrote it.
    pub fingerprint: [u8; 32],
}

/// A row that a command wrote, as a reader would find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A comment.
    Comment(Arc<CommentRow>),
    /// A document.
    Document(Arc<DocumentRow>),
}

impl Written {
    /// What an event wrote that has an identity of its own; `claim` is the claim after it, `seq` its number in the claim's history.
    pub(super) fn of(claim: &Claim, seq: i32, event: &Event) -> Option<Self> {
        match (&event.what, event.by) {
            (What::Commented { id, body }, Author::Person { id: by, role }) => {
                let row = CommentRow { id: *id, claim: claim.id, seq, at: event.at, by, role, body: body.clone() };
                Some(Self::Comment(Arc::new(row)))
            }
            (What::DocumentAttached { document, .. }, _) => {
                let index = claim.documents.iter().position(|other| other.id == document.id)?;
                let (position, document) = (i32::try_from(index).ok()?, document.as_ref().clone());
                Some(Self::Document(Arc::new(DocumentRow { claim: claim.id, position, document })))
            }
            _ => None,
        }
    }
}

/// The door's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The claim; `None` when there is none that the viewer may see.
    pub claim: Option<ClaimId>,
    /// Why not; `None` means done.
    pub refusal: Option<Refusal>,
    /// What does not block but should be known.
    pub warnings: Vec<Warning>,
    /// The comment, document or note that was made.
    pub created: Option<Uuid>,
    /// The same as it was written, if it was written just now: nobody need read it again.
    pub written: Option<Written>,
    /// Whether this is the stored answer to an earlier try.
    pub replayed: bool,
}

impl Outcome {
    /// Done.
    #[must_use]
    pub fn done(claim: ClaimId, warnings: Vec<Warning>, created: Option<Uuid>) -> Self {
        Self { claim: Some(claim), refusal: None, warnings, created, written: None, replayed: false }
    }

    /// Refused.
    #[must_use]
    pub fn refused(claim: Option<ClaimId>, refusal: Refusal) -> Self {
        Self { claim, refusal: Some(refusal), warnings: Vec::new(), created: None, written: None, replayed: false }
    }

    /// No such claim, as far as this viewer is concerned.
    #[must_use]
    pub fn not_found() -> Self {
        let violation = Violation::new(Code::NotFound, vec![Segment::Name("claimId")]);
        Self::refused(None, Refusal { violations: vec![violation] })
    }

    /// The key was used for something else.
    #[must_use]
    pub fn key_reused(claim: Option<ClaimId>) -> Self {
        let violation = Violation::new(Code::IdempotencyKeyReused, vec![Segment::Name("idempotencyKey")]);
        Self::refused(claim, Refusal { violations: vec![violation] })
    }
}

/// Our own failure, or the world's; never the client's.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Arc<StoreError>),
    /// The task that did the work was lost.
    #[error("the work was lost: {0}")]
    Lost(String),
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl AppError {
    /// Whether the same call may succeed a moment later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Store(error) => error.is_retryable(),
            Self::Lost(_) => true,
        }
    }
}
