//! What reviewers, leads and the eligibility system do.

use super::changes;

/// The group of what reviewers, leads and the eligibility system do.
#[derive(Default)]
pub struct ReviewMutations;

changes! {
    ReviewMutations {
        /// Starts the review of a submitted claim; takes it if it is unassigned. Reviewers and leads.
        claim_start_review(ClaimStartReviewInput) -> ClaimStartReview;

        /// Asks the partner for more, while a review or a dispute runs. The assignee only.
        claim_request_action(ClaimRequestActionInput) -> ClaimRequestAction;

        /// Approves a claim under review or in dispute: associations start, the consent window runs. The assignee only.
        claim_approve(ClaimApproveInput) -> ClaimApprove;

        /// Rejects a claim under review or in dispute. The assignee only.
        claim_reject(ClaimRejectInput) -> ClaimReject;

        /// Assigns a claim to a reviewer, or releases it, without a change of status. Leads only.
        claim_assign(ClaimAssignInput) -> ClaimAssign;

        /// Writes an internal note on a claim. Reviewers and leads.
        note_add(NoteAddInput) -> NoteAdd;

        /// Answers the assessment of a claim. The eligibility system only.
        assessment_answer(AssessmentAnswerInput) -> AssessmentAnswer;
    }
}
