//! What an actor could do to a claim now: asked of the very [`decide()`] that a mutation will meet.
//!
//! A command is tried with an exemplar: input that is right as far as input can be, so that a refusal is the claim's or the
//! actor's, not the input's. What is offered is allowed, and what is allowed is offered.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::actor::{Actor, Role};
use super::claim::Claim;
use super::command::{Command, CommandKind, DetailsInput};
use super::decide::{decide, editable_fields};
use super::details::Field;
use super::expire::brought_to;
use super::facts::{AssigneeFacts, Facts, Rules};
use super::ids::{CommentId, DocumentId, NoteId, PersonId, UploadId};
use super::poe::{DocumentKind, FileFacts, MAX_CURRENT_DOCUMENTS, NewDocument};
use super::reason::{Finding, FindingKind, PartnerReason, RejectionReason};
use super::refusal::Refusal;

/// A command that the actor's role may give, and what deciding it now would answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The command.
    pub kind: CommandKind,
    /// Why not, if not.
    pub refusal: Option<Refusal>,
}

/// Each command that the actor's role may ever give, tried on the claim as it stands at `now`.
#[must_use]
pub fn actions(claim: &Claim, actor: &Actor, facts: &Facts, now: DateTime<Utc>, rules: &Rules<'_>) -> Vec<Action> {
    let claim = brought_to(claim, now, rules);
    let facts = with_exemplars(facts);
    let kinds = CommandKind::ALL.iter().copied().filter(|kind| actor.role().may(*kind));
    kinds
        .filter_map(|kind| Some((kind, exemplar(kind, &claim)?)))
        .map(|(kind, command)| Action { kind, refusal: decide(&claim, &command, actor, &facts, now, rules).err() })
        .collect()
}

/// The fields that this actor may change now: those whose command would not be refused for the actor or the status.
#[must_use]
pub fn editable_by(claim: &Claim, actor: &Actor, facts: &Facts, now: DateTime<Utc>, rules: &Rules<'_>) -> Vec<Field> {
    let claim = brought_to(claim, now, rules);
    let facts = with_exemplars(facts);
    let admits = |kind| {
        let refusal = exemplar(kind, &claim).and_then(|command| decide(&claim, &command, actor, &facts, now, rules).err());
        refusal.is_none_or(|refusal| refusal.violations.iter().all(|violation| !violation.path.is_empty()))
    };
    let fields = editable_fields(&claim, rules).into_iter();
    fields
        .filter(|field| match field {
            Field::Documents => admits(CommandKind::AttachDocument),
            Field::Products => admits(CommandKind::UpdateProducts),
            _ => admits(CommandKind::Update),
        })
        .collect()
}

/// The facts, with an upload and an assignee such as the exemplars name.
fn with_exemplars(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    let file =
        FileFacts { name: "proof.pdf".to_owned(), media_type: "application/pdf".to_owned(), size_bytes: 1, sha256: [0; 32] };
    facts.uploads.insert(UploadId(Uuid::nil()), file);
    facts.assignee = Some(AssigneeFacts { person: PersonId(Uuid::nil()), role: Role::Reviewer, organization: None });
    facts
}

/// A document; where no more fit beside the current ones, one that takes the place of another.
fn sample_document(claim: &Claim) -> NewDocument {
    let is_full = claim.current_documents().count() >= MAX_CURRENT_DOCUMENTS;
    NewDocument {
        id: DocumentId(Uuid::nil()),
        upload: UploadId(Uuid::nil()),
        kind: DocumentKind::StatementOfWork,
        description: None,
        covers: BTreeSet::new(),
        signed_on: None,
        supersedes: claim.current_documents().next().filter(|_| is_full).map(|document| document.id),
    }
}

/// A command of this kind with faultless input; creation is not about a claim and has none.
fn exemplar(kind: CommandKind, claim: &Claim) -> Option<Command> {
    let words = || "…".to_owned();
    let finding = Finding { kind: FindingKind::Other, product: None, words: Some(words()) };
    let (reason, comment) = (PartnerReason::NoLongerWorkingWithCustomer, None);
    Some(match kind {
        CommandKind::Create => return None,
        CommandKind::Update => Command::Update(Box::<DetailsInput>::default()),
        CommandKind::UpdateProducts => Command::UpdateProducts { add: Vec::new(), replace: Vec::new(), remove: Vec::new() },
        CommandKind::AttachDocument => Command::AttachDocument(Box::new(sample_document(claim))),
        CommandKind::Comment => Command::Comment { id: CommentId(Uuid::nil()), body: words() },
        CommandKind::Submit => Command::Submit { attestation: true },
        CommandKind::Resubmit => Command::Resubmit,
        CommandKind::Cancel => Command::Cancel,
        CommandKind::Withdraw => Command::Withdraw { reason, comment },
        CommandKind::Disassociate => Command::Disassociate { reason, comment },
        CommandKind::Dispute => Command::Dispute { justification: Some(words()), documents: Vec::new() },
        CommandKind::StartReview => Command::StartReview,
        CommandKind::RequestAction => Command::RequestAction { comment: words(), findings: vec![finding] },
        CommandKind::Approve => Command::Approve { comment: None },
        CommandKind::Reject => {
            Command::Reject { reason: RejectionReason::InsufficientPoe, comment: words(), findings: Vec::new() }
        }
        // An assigned claim can be released, an unassigned one assigned.
        CommandKind::Assign => Command::Assign { to: claim.assignee.is_none().then_some(PersonId(Uuid::nil())) },
        CommandKind::AddNote => Command::AddNote { id: NoteId(Uuid::nil()), body: words() },
        CommandKind::Decline => Command::Decline { reason: None },
        CommandKind::AnswerAssessment => Command::AnswerAssessment { eligible: true, reason: None },
    })
}
