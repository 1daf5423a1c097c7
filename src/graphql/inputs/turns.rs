//! The partner's turns in a claim's life, and the customer's.

use super::change::{Change, Head, becomes, change_inputs};
use super::details::bounded;
use super::poe::DisputeDocumentInput;
use crate::domain::command::Command;
use crate::graphql::enums::PartnerReason;
use crate::graphql::errors::Failure;

change_inputs! {
    /// Submits a claim for review.
    ClaimSubmitInput {
        /// Whether you attest that what the claim says is true. Required.
        attestation_accepted: bool,
        /// Tries the submission without doing it: everything that is wrong is told, nothing changes. Tells nothing of other partners.
        dry_run: Option<bool>,
    }

    /// Resubmits a claim after a request for action.
    ClaimResubmitInput {}

    /// Drops a claim that was never submitted.
    ClaimCancelInput {}

    /// Asks for the rejection of the own claim between submission and decision. The rejection is final.
    ClaimWithdrawInput {
        /// Why.
        reason: PartnerReason,
        /// Why, in words; required with the reason OTHER, 10 000 characters at most.
        comment: Option<String>,
    }

    /// Ends the associations of an approved claim. The claim is rejected, finally, and the customer is told.
    ClaimDisassociateInput {
        /// Why.
        reason: PartnerReason,
        /// Why, in words; required with the reason OTHER, 10 000 characters at most.
        comment: Option<String>,
    }

    /// Disputes a rejection, once, while it can be: with a business justification, new proof of execution, or both.
    ClaimDisputeInput {
        /// The business justification; 10 000 characters at most.
        justification: Option<String>,
        /// New proof of execution.
        documents: Option<Vec<DisputeDocumentInput>>,
    }

    /// Declines the association, as the customer. Possible in the consent window and later.
    ConsentDeclineInput {
        /// Why, if you want to say; 10 000 characters at most.
        reason: Option<String>,
    }
}

impl Change for ClaimSubmitInput {
    fn head(&self) -> Result<Head, Failure> {
        Ok(Head { dry_run: self.dry_run == Some(true), ..self.common()? })
    }

    fn command(self) -> Result<Command, Failure> {
        Ok(Command::Submit { attestation: self.attestation_accepted })
    }
}

becomes! {
    ClaimResubmitInput => |_input| Command::Resubmit;
    ClaimCancelInput => |_input| Command::Cancel;
    ClaimWithdrawInput => |input| Command::Withdraw { reason: input.reason.into(), comment: input.comment };
    ClaimDisassociateInput => |input| Command::Disassociate { reason: input.reason.into(), comment: input.comment };
    ClaimDisputeInput => |input| Command::Dispute {
        justification: input.justification,
        documents: bounded(input.documents, "input.documents")?
            .into_iter()
            .map(DisputeDocumentInput::document)
            .collect::<Result<_, _>>()?,
    };
    ConsentDeclineInput => |input| Command::Decline { reason: input.reason };
}
