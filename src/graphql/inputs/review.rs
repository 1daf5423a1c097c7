//! The reviewers' turns, what is said beside them, and the eligibility system's answer.

use async_graphql::{ID, InputObject};

use super::change::{becomes, change_inputs};
use super::details::bounded;
use crate::domain::checklist::missed;
use crate::domain::command::Command;
use crate::domain::ids::{CommentId, NoteId};
use crate::domain::reason::Finding;
use crate::graphql::enums::{FindingKind, PoeRequirement, RejectionReason};
use crate::graphql::errors::Failure;
use crate::graphql::id::decode;

/// What a reviewer misses.
#[derive(InputObject, Clone, Debug)]
pub struct FindingInput {
    /// What is missing.
    pub kind: FindingKind,
    /// The claimed product concerned; none means the whole claim.
    pub product_id: Option<ID>,
    /// In words; required with the kind OTHER, 10 000 characters at most.
    pub words: Option<String>,
}

/// A reviewer's tick at an item of the checklist.
#[derive(InputObject, Clone, Debug)]
pub struct ChecklistVerdictInput {
    /// What must be shown, as in `PoeChecklistItem.requirement`.
    pub requirement: PoeRequirement,
    /// The claimed product concerned, as in `PoeChecklistItem.product`; none means the whole claim.
    pub product_id: Option<ID>,
    /// Whether it is met. What is not becomes a finding.
    pub is_met: bool,
    /// In words, for a finding; 10 000 characters at most.
    pub words: Option<String>,
}

change_inputs! {
    /// Starts the review of a submitted claim; takes it if it is unassigned.
    ClaimStartReviewInput {}

    /// Asks the partner for more.
    ClaimRequestActionInput {
        /// What is needed and why. Required; 10 000 characters at most.
        comment: String,
        /// What is missing; one finding at least, here or by the checklist.
        findings: Option<Vec<FindingInput>>,
        /// The checklist as the reviewer ticked it: each item that is not met becomes a finding of its kind, after those above.
        checklist: Option<Vec<ChecklistVerdictInput>>,
    }

    /// Approves a claim: associations start, the consent window runs, partner and customer are told.
    ClaimApproveInput {
        /// Words for the partner; 10 000 characters at most.
        comment: Option<String>,
    }

    /// Rejects a claim.
    ClaimRejectInput {
        /// Why: INSUFFICIENT_POE, MISSING_CUSTOMER_CONSENT_ON_POE, MISSING_PRODUCTS or POE_UNAVAILABLE.
        reason: RejectionReason,
        /// Why, in words. Required; 10 000 characters at most.
        comment: String,
        /// What is missing, product by product.
        findings: Option<Vec<FindingInput>>,
        /// The checklist as the reviewer ticked it: each item that is not met becomes a finding of its kind, after those above.
        checklist: Option<Vec<ChecklistVerdictInput>>,
    }

    /// Assigns a claim to a reviewer, or releases it.
    ClaimAssignInput {
        /// The reviewer or lead; none releases the claim.
        assignee_id: Option<ID>,
    }

    /// Comments on a claim. Partner and reviewers read it.
    CommentAddInput {
        /// The text. Required; 10 000 characters at most.
        body: String,
    }

    /// Writes an internal note of reviewers on a claim. Partners and customers never learn of it.
    NoteAddInput {
        /// The text. Required; 10 000 characters at most.
        body: String,
    }

    /// Answers the assessment of a claim that was sent for it.
    AssessmentAnswerInput {
        /// Whether the claim is eligible for incentives.
        eligible: bool,
        /// Why not; required when not eligible, 10 000 characters at most.
        reason: Option<String>,
    }
}

fn finding(input: FindingInput) -> Result<Finding, Failure> {
    let product = input.product_id.map(|id| decode(&id, "input.findings.productId")).transpose()?;
    Ok(Finding { kind: input.kind.into(), product, words: input.words })
}

fn ticked(input: ChecklistVerdictInput) -> Option<Result<Finding, Failure>> {
    let product = input.product_id.map(|id| decode(&id, "input.checklist.productId")).transpose();
    (!input.is_met).then(|| Ok(missed(input.requirement.into(), product?, input.words)))
}

/// What is given as findings, and what the checklist misses.
fn findings(inputs: Option<Vec<FindingInput>>, checklist: Option<Vec<ChecklistVerdictInput>>) -> Result<Vec<Finding>, Failure> {
    let given = bounded(inputs, "input.findings")?.into_iter().map(finding);
    given.chain(bounded(checklist, "input.checklist")?.into_iter().filter_map(ticked)).collect()
}

becomes! {
    ClaimStartReviewInput => |_input| Command::StartReview;
    ClaimRequestActionInput => |input| Command::RequestAction { comment: input.comment, findings: findings(input.findings, input.checklist)? };
    ClaimApproveInput => |input| Command::Approve { comment: input.comment };
    ClaimRejectInput => |input| Command::Reject {
        reason: input.reason.into(),
        comment: input.comment,
        findings: findings(input.findings, input.checklist)?,
    };
    ClaimAssignInput => |input| Command::Assign {
        to: input.assignee_id.map(|id| decode(&id, "input.assigneeId")).transpose()?,
    };
    CommentAddInput => |input| Command::Comment { id: CommentId::fresh(), body: input.body };
    NoteAddInput => |input| Command::AddNote { id: NoteId::fresh(), body: input.body };
    AssessmentAnswerInput => |input| Command::AnswerAssessment { eligible: input.eligible, reason: input.reason };
}
