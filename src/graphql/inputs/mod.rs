//! What mutations take: one input each, turned into the domain's commands word by word. Checking is the domain's.

mod change;
mod details;
mod filter;
mod poe;
mod review;
mod turns;

pub use change::{Change, Head};
pub use details::{
    ClaimCreateInput, ClaimProductInput, ClaimProductReplacement, ClaimUpdateInput, ClaimUpdateProductsInput, ContactInput,
    PartnerContactInput,
};
pub use filter::{ClaimFilterInput, ClaimOrderField, ClaimOrderInput, OrderDirection, TimeRangeInput};
pub use poe::{DisputeDocumentInput, PoeAttachInput, PoeUploadCompleteInput, PoeUploadCreateInput};
pub use review::{
    AssessmentAnswerInput, ClaimApproveInput, ClaimAssignInput, ClaimRejectInput, ClaimRequestActionInput, ClaimStartReviewInput,
    CommentAddInput, FindingInput, NoteAddInput,
};
pub use turns::{
    ClaimCancelInput, ClaimDisassociateInput, ClaimDisputeInput, ClaimResubmitInput, ClaimSubmitInput, ClaimWithdrawInput,
    ConsentDeclineInput,
};
