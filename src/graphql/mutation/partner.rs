//! What partners and customers do.

use async_graphql::{Context, Result};

use super::changes;
use crate::app::UploadError;
use crate::domain::refusal::{Code, Segment};
use crate::graphql::change::create;
use crate::graphql::context::AskExt;
use crate::graphql::inputs::{ClaimCreateInput, PoeUploadCreateInput};
use crate::graphql::payload::{ClaimCreate, Payload, PoeUploadCreatePayload};
use crate::graphql::user_error::UserError;

/// The group of what partners and customers do.
#[derive(Default)]
pub struct PartnerMutations;

changes! {
    PartnerMutations {
        /// Changes fields of a claim; after submission those that its policy leaves open. The clocks go on.
        claim_update(ClaimUpdateInput) -> ClaimUpdate;

        /// Adds, replaces and removes products of a claim, all or nothing.
        claim_update_products(ClaimUpdateProductsInput) -> ClaimUpdateProducts;

        /// Submits a claim for review, or tries it without doing it. Partner admins only.
        claim_submit(ClaimSubmitInput) -> ClaimSubmit;

        /// Resubmits a claim after a request for action, in time, and after something changed. Partner admins only.
        claim_resubmit(ClaimResubmitInput) -> ClaimResubmit;

        /// Drops a claim that was never submitted.
        claim_cancel(ClaimCancelInput) -> ClaimCancel;

        /// Asks for the rejection of the own claim, between submission and decision. Partner admins only.
        claim_withdraw(ClaimWithdrawInput) -> ClaimWithdraw;

        /// Ends the associations of an approved claim. Partner admins only.
        claim_disassociate(ClaimDisassociateInput) -> ClaimDisassociate;

        /// Disputes a rejection, once, while it can be. Partner admins only.
        claim_dispute(ClaimDisputeInput) -> ClaimDispute;

        /// Attaches an uploaded document to a claim as proof of execution.
        poe_attach(PoeAttachInput) -> PoeAttach;

        /// Comments on a claim, in every status from submission on.
        comment_add(CommentAddInput) -> CommentAdd;

        /// Declines the association, as the customer, by consent link.
        consent_decline(ConsentDeclineInput) -> ConsentDecline;
    }

    /// Creates a claim in EDITING for a partner location of the viewer's own.
    async fn claim_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The claim's first fields and products.")] input: ClaimCreateInput,
    ) -> Option<Result<Payload<ClaimCreate>>> {
        Some(create(ctx, input).await)
    }

    /// Prepares an upload: send the bytes to its URL, then attach it with `poeAttach`. 25 MiB at most; pdf, docx, xlsx, pptx, doc,
    /// xls, ppt, rtf, csv, txt, msg, eml, png, jpg or tiff, by content.
    async fn poe_upload_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: PoeUploadCreateInput,
    ) -> Option<Result<PoeUploadCreatePayload>> {
        Some(upload_create(ctx, &input.file_name).await)
    }
}

async fn upload_create(ctx: &Context<'_>, file_name: &str) -> Result<PoeUploadCreatePayload> {
    let ask = ctx.ask()?;
    let (code, path) = match ask.app.upload_create(&ask.viewer, file_name).await {
        Ok(ticket) => return Ok(PoeUploadCreatePayload { upload: Some(ticket.into()), user_errors: Vec::new() }),
        Err(UploadError::App(cause)) => return Err(ask.failed(&cause)),
        Err(UploadError::Forbidden) => (Code::Forbidden, Vec::new()),
        Err(UploadError::TooMany) => (Code::PoeLimitReached, Vec::new()),
        Err(_) => (Code::InvalidFormat, vec![Segment::Name("fileName")]),
    };
    Ok(PoeUploadCreatePayload { upload: None, user_errors: vec![UserError::plain(ctx, code, path)?] })
}
