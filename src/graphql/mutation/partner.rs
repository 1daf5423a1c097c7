//! What partners and customers do.

use async_graphql::{Context, Result};

use super::changes;
use crate::graphql::change::create;
use crate::graphql::context::AskExt;
use crate::graphql::id::decode;
use crate::graphql::inputs::{ClaimCreateInput, PoeUploadCompleteInput, PoeUploadCreateInput};
use crate::graphql::payload::{ClaimCreate, Payload};
use crate::graphql::upload::{PoeUploadCompletePayload, PoeUploadCreatePayload, PoeUploadStatus, told};

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
        Some(upload_create(ctx, input).await)
    }

    /// Takes in what was sent to an upload's `direct` address: reads it, judges it, and keeps it. Only then it can be attached.
    async fn poe_upload_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The upload.")] input: PoeUploadCompleteInput,
    ) -> Option<Result<PoeUploadCompletePayload>> {
        Some(upload_complete(ctx, &input).await)
    }
}

async fn upload_create(ctx: &Context<'_>, input: PoeUploadCreateInput) -> Result<PoeUploadCreatePayload> {
    let ask = ctx.ask()?;
    let created = match input.direct.unwrap_or(false) {
        true => ask.app.upload_create_direct(&ask.viewer, &input.file_name).await,
        false => ask.app.upload_create(&ask.viewer, &input.file_name).await,
    };
    Ok(match created {
        Ok(ticket) => PoeUploadCreatePayload { upload: Some(ticket.into()), user_errors: Vec::new() },
        Err(error) => PoeUploadCreatePayload { upload: None, user_errors: told(ctx, error)? },
    })
}

async fn upload_complete(ctx: &Context<'_>, input: &PoeUploadCompleteInput) -> Result<PoeUploadCompletePayload> {
    let ask = ctx.ask()?;
    let id = decode(&input.upload_id, "uploadId")?;
    Ok(match ask.app.upload_complete(&ask.viewer, id).await {
        Ok(row) => PoeUploadCompletePayload { upload: Some(PoeUploadStatus(row)), user_errors: Vec::new() },
        Err(error) => PoeUploadCompletePayload { upload: None, user_errors: told(ctx, error)? },
    })
}
