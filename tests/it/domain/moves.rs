//! Commands with faultless input, short to write.

use std::collections::BTreeSet;

use cpor::domain::claim::Claim;
use cpor::domain::command::{Command, CommandKind, Create, DetailsInput};
use cpor::domain::ids::{CommentId, DocumentId, NoteId, PersonId};
use cpor::domain::poe::{DocumentKind, NewDocument};
use cpor::domain::reason::{Finding, FindingKind, PartnerReason, RejectionReason};
use uuid::Uuid;

use super::cast::{CLAIM, ROLF};
use super::world::{UPLOAD, contact, faultless, product};

/// A creation that leaves nothing to ask for.
pub fn creation() -> Create {
    Create { id: CLAIM, details: faultless(), products: vec![product(1, "EXCHANGE_ONLINE")] }
}

/// A document; `n` makes its identity.
pub fn document(n: u128) -> NewDocument {
    NewDocument {
        id: DocumentId(Uuid::from_u128(0xD000 + n)),
        upload: UPLOAD,
        kind: DocumentKind::StatementOfWork,
        description: Some("Signed statement of work".to_owned()),
        covers: BTreeSet::new(),
        signed_on: None,
        supersedes: None,
    }
}

pub fn attach(n: u128) -> Command {
    Command::AttachDocument(Box::new(document(n)))
}

pub fn update(input: DetailsInput) -> Command {
    Command::Update(Box::new(input))
}

/// Another person at the customer: a field that stays editable the longest.
pub fn new_customer_contact() -> Command {
    let carl = contact("Carl Contoso", "carl@contoso.com");
    update(DetailsInput { customer_contact: Some(Some(carl)), ..DetailsInput::default() })
}

pub fn add_product(n: u128, code: &str) -> Command {
    Command::UpdateProducts { add: vec![product(n, code)], replace: Vec::new(), remove: Vec::new() }
}

pub fn comment(body: &str) -> Command {
    Command::Comment { id: CommentId(Uuid::from_u128(0xCC)), body: body.to_owned() }
}

pub fn note(body: &str) -> Command {
    Command::AddNote { id: NoteId(Uuid::from_u128(0x0E)), body: body.to_owned() }
}

pub fn submit() -> Command {
    Command::Submit { attestation: true }
}

pub fn finding() -> Finding {
    Finding { kind: FindingKind::MissingCustomerAcknowledgment, product: None, words: None }
}

pub fn request_action() -> Command {
    Command::RequestAction { comment: "The signature is missing.".to_owned(), findings: vec![finding()] }
}

pub fn approve() -> Command {
    Command::Approve { comment: None }
}

pub fn reject() -> Command {
    let reason = RejectionReason::InsufficientPoe;
    Command::Reject { reason, comment: "The work is not described.".to_owned(), findings: Vec::new() }
}

pub fn dispute() -> Command {
    Command::Dispute { justification: Some("Page 3 describes it.".to_owned()), documents: Vec::new() }
}

pub fn withdraw() -> Command {
    Command::Withdraw { reason: PartnerReason::WrongPartnerId, comment: None }
}

pub fn disassociate() -> Command {
    Command::Disassociate { reason: PartnerReason::NoLongerWorkingWithCustomer, comment: None }
}

pub fn decline() -> Command {
    Command::Decline { reason: None }
}

pub fn assign(to: PersonId) -> Command {
    Command::Assign { to: Some(to) }
}

pub const RELEASE: Command = Command::Assign { to: None };

pub fn answer(eligible: bool) -> Command {
    Command::AnswerAssessment { eligible, reason: (!eligible).then(|| "No usage yet.".to_owned()) }
}

/// A command of this kind that nothing in its input speaks against; creation is not about a claim and has none.
pub fn faultless_command(kind: CommandKind, claim: &Claim) -> Option<Command> {
    Some(match kind {
        CommandKind::Create => return None,
        CommandKind::Update => new_customer_contact(),
        CommandKind::UpdateProducts => add_product(2, "TEAMS"),
        CommandKind::AttachDocument => attach(claim.documents.len() as u128 + 1),
        CommandKind::Comment => comment("Thank you."),
        CommandKind::Submit => submit(),
        CommandKind::Resubmit => Command::Resubmit,
        CommandKind::Cancel => Command::Cancel,
        CommandKind::Withdraw => withdraw(),
        CommandKind::Disassociate => disassociate(),
        CommandKind::Dispute => dispute(),
        CommandKind::StartReview => Command::StartReview,
        CommandKind::RequestAction => request_action(),
        CommandKind::Approve => approve(),
        CommandKind::Reject => reject(),
        CommandKind::Assign if claim.assignee == Some(ROLF) => RELEASE,
        CommandKind::Assign => assign(ROLF),
        CommandKind::AddNote => note("Looks like the document of another claim."),
        CommandKind::Decline => decline(),
        CommandKind::AnswerAssessment => answer(true),
    })
}
