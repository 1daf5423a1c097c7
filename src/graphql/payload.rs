//! What mutations answer: a type per mutation, so that each can grow, of one shape.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::{Context, Object, ObjectType, Result, SimpleObject, TypeName, connection::EmptyFields};

use super::claim::Claim;
use super::comment::{Comment, Note};
use super::context::AskExt;
use super::document::PoeDocument;
use super::user_error::{UserError, Warning};
use crate::app::{Outcome, Written};
use crate::domain::ids::{ClaimId, CommentId, DocumentId, NoteId};

/// A mutation on a claim, as a type: its payload's name, and what its payload has beside the claim.
pub trait Mutation: Send + Sync {
    /// The name of the payload.
    const PAYLOAD: &'static str;
    /// What it has beside the claim.
    type Made: ObjectType + Made;
}

/// What a mutation made, beside changing the claim.
pub trait Made: Sized + Send + Sync {
    /// What the outcome says was made: as it was written, or loaded by its identity.
    fn of(ctx: &Context<'_>, outcome: &Outcome) -> impl Future<Output = Result<Self>> + Send;
}

impl Made for EmptyFields {
    async fn of(_ctx: &Context<'_>, _outcome: &Outcome) -> Result<Self> {
        Ok(Self)
    }
}

macro_rules! made {
    ($($(#[$doc:meta])* $name:ident { $(#[$fdoc:meta])* $field:ident : $node:ident = $id:ident $(as $written:ident)? })+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            $(#[$fdoc])*
            $field: Option<$node>,
        }

        impl Made for $name {
            async fn of(ctx: &Context<'_>, outcome: &Outcome) -> Result<Self> {
                let $field = match (&outcome.written, outcome.created) {
                    $((Some(Written::$written(row)), _) => Some($node(Arc::clone(row))),)?
                    (_, Some(id)) => $node::load(ctx, $id(id)).await?,
                    (_, None) => None,
                };
                Ok(Self { $field })
            }
        }
    )+};
}

made! {
    /// The comment that was made.
    MadeComment {
        /// The comment that was made; null when the mutation was refused.
        comment: Comment = CommentId as Comment
    }
    /// The internal note that was made.
    MadeNote {
        /// The note that was made; null when the mutation was refused.
        note: Note = NoteId
    }
    /// The document that was attached.
    MadeDocument {
        /// The document that was attached; null when the mutation was refused.
        document: PoeDocument = DocumentId as Document
    }
}

macro_rules! mutations {
    ($($name:ident = $payload:literal $(makes $made:ty)?),+ $(,)?) => {$(
        #[doc = concat!("What `", $payload, "` belongs to.")]
        pub struct $name;

        impl Mutation for $name {
            const PAYLOAD: &'static str = $payload;
            type Made = mutations!(@ $($made)?);
        }
    )+};
    (@) => { EmptyFields };
    (@ $made:ty) => { $made };
}

mutations! {
    ClaimCreate = "ClaimCreatePayload",
    ClaimUpdate = "ClaimUpdatePayload",
    ClaimUpdateProducts = "ClaimUpdateProductsPayload",
    ClaimSubmit = "ClaimSubmitPayload",
    ClaimResubmit = "ClaimResubmitPayload",
    ClaimCancel = "ClaimCancelPayload",
    ClaimWithdraw = "ClaimWithdrawPayload",
    ClaimDisassociate = "ClaimDisassociatePayload",
    ClaimDispute = "ClaimDisputePayload",
    ClaimStartReview = "ClaimStartReviewPayload",
    ClaimRequestAction = "ClaimRequestActionPayload",
    ClaimApprove = "ClaimApprovePayload",
    ClaimReject = "ClaimRejectPayload",
    ClaimAssign = "ClaimAssignPayload",
    ConsentDecline = "ConsentDeclinePayload",
    AssessmentAnswer = "AssessmentAnswerPayload",
    CommentAdd = "CommentAddPayload" makes MadeComment,
    NoteAdd = "NoteAddPayload" makes MadeNote,
    PoeAttach = "PoeAttachPayload" makes MadeDocument,
}

/// What came of a mutation.
pub struct Payload<M: Mutation> {
    claim: Option<ClaimId>,
    user_errors: Vec<UserError>,
    warnings: Vec<Warning>,
    replayed: bool,
    made: M::Made,
    mutation: PhantomData<M>,
}

impl<M: Mutation> Payload<M> {
    /// The payload of an outcome.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn of(ctx: &Context<'_>, outcome: Outcome) -> Result<Self> {
        let mut user_errors = Vec::new();
        for violation in outcome.refusal.iter().flat_map(|refusal| &refusal.violations) {
            user_errors.push(UserError::of(ctx, violation, outcome.claim).await?);
        }
        let warnings = outcome.warnings.iter().map(|warning| Warning::of(ctx, warning)).collect::<Result<_>>()?;
        let made = M::Made::of(ctx, &outcome).await?;
        Ok(Self { claim: outcome.claim, user_errors, warnings, replayed: outcome.replayed, made, mutation: PhantomData })
    }
}

impl<M: Mutation> TypeName for Payload<M> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(M::PAYLOAD)
    }
}

/// What came of the mutation of the same name. If there are `userErrors`, nothing was done.
#[Object(name_type)]
impl<M: Mutation> Payload<M> {
    /// The claim as it is now, also when the mutation was refused; null if there is none that the viewer may see.
    async fn claim(&self, ctx: &Context<'_>) -> Option<Result<Claim>> {
        Claim::load(ctx, self.claim?).await.transpose()
    }

    /// Everything that is wrong; empty when the mutation was done.
    async fn user_errors(&self) -> &[UserError] {
        &self.user_errors
    }

    /// What does not block, but should be known.
    async fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Whether this is the stored answer to an earlier mutation with the same idempotency key.
    async fn replayed(&self) -> bool {
        self.replayed
    }

    #[graphql(flatten)]
    async fn made(&self) -> &M::Made {
        &self.made
    }
}

/// Gives what a command answered to whoever asked.
///
/// # Errors
/// Our own failures.
pub async fn answer<M: Mutation>(ctx: &Context<'_>, outcome: Outcome) -> Result<Payload<M>> {
    ctx.ask()?.loaded_so_far().forget();
    Payload::of(ctx, outcome).await
}
