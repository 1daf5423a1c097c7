//! What can be done to a claim, and the fields that can be changed.

use async_graphql::Enum;

/// What somebody does to a claim; each is one mutation.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::command::CommandKind")]
pub enum ClaimAction {
    /// `claimCreate`. About no claim that exists: only `Viewer.mayCreateClaims` tells of it.
    Create,
    /// `claimUpdate`: change fields.
    Update,
    /// `claimUpdateProducts`: add, replace and remove products.
    UpdateProducts,
    /// `poeAttach`: attach a proof of execution.
    AttachDocument,
    /// `commentAdd`: comment.
    Comment,
    /// `claimSubmit`: submit for review.
    Submit,
    /// `claimResubmit`: resubmit after a request for action.
    Resubmit,
    /// `claimCancel`: drop a claim that was never submitted.
    Cancel,
    /// `claimWithdraw`: ask for the rejection of the own claim.
    Withdraw,
    /// `claimDisassociate`: end the association.
    Disassociate,
    /// `claimDispute`: dispute a rejection.
    Dispute,
    /// `claimStartReview`: start the review; takes an unassigned claim.
    StartReview,
    /// `claimRequestAction`: ask the partner for more.
    RequestAction,
    /// `claimApprove`: approve.
    Approve,
    /// `claimReject`: reject.
    Reject,
    /// `claimAssign`: assign to a reviewer, or release.
    Assign,
    /// `noteAdd`: write an internal note of reviewers.
    AddNote,
    /// `consentDecline`: decline the association, as the customer.
    Decline,
    /// `assessmentAnswer`: answer the assessment, as the eligibility system.
    AnswerAssessment,
}

/// The fields of a claim that partners fill in.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::details::Field")]
pub enum ClaimField {
    /// The partner's own words for the claim.
    Name,
    /// The partner location (MPN id).
    Location,
    /// The customer's tenant id.
    TenantId,
    /// The customer's domain.
    CustomerDomain,
    /// The customer's name.
    CustomerName,
    /// The solution area.
    Area,
    /// The activities.
    Activities,
    /// The products.
    Products,
    /// The customer's contact.
    CustomerContact,
    /// The customer's technical contact.
    TechnicalContact,
    /// The partner's contact.
    PartnerContact,
    /// The documents of proof of execution: more can be added, none removed.
    Documents,
    /// The partner's own reference.
    ExternalReference,
    /// The partner's tags.
    Tags,
}
