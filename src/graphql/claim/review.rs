//! What helps a review: the checklist of the proof of execution, and what changed since the last one.

use std::sync::Arc;

use async_graphql::{Context, Description, Error, Object, Result, SimpleObject};
use futures_util::future::try_join_all;
use futures_util::try_join;

use super::Handle;
use crate::domain::changes::{self, Changes, DocumentChange, changes, last_review, since};
use crate::domain::checklist::{ChecklistItem, checklist};
use crate::domain::ids::{ClaimId, DocumentId};
use crate::graphql::comment::Comment;
use crate::graphql::context::AskExt;
use crate::graphql::document::PoeDocument;
use crate::graphql::enums::{FindingKind, PoeItemState, PoeRequirement};
use crate::graphql::history::{FieldChange, ProductChange};
use crate::graphql::product::ClaimProduct;
use crate::messages::Words;
use crate::store::errors::StoreError;
use crate::store::history::HistoryRow;
use crate::store::page::{MAX_PAGE_ROWS, Page};

/// The group of fields for a review.
#[derive(Clone)]
pub struct ClaimReview(pub Handle);

#[Object]
impl ClaimReview {
    /// What a reviewer checks in the proof of execution, as far as it can be told before anybody reads it: for the partner before submitting,
    /// and for the reviewer to tick off (`claimRequestAction(input: { checklist })`). Empty for customers.
    async fn poe_checklist(&self, ctx: &Context<'_>) -> Result<Vec<PoeChecklistItem>> {
        let ask = ctx.ask()?;
        if !ask.viewer.reads_whole() {
            return Ok(Vec::new());
        }
        let row = &self.0.row;
        // A claim has fewer documents and products than a page holds.
        let whole = Page { limit: MAX_PAGE_ROWS, ..Page::default() };
        let loaders = ask.loaders();
        let documents = ask.loaded(loaders.documents(row.id, whole).await)?;
        let products = ask.loaded(loaders.products(row.id, whole).await)?;
        let calendar = ask.loaded(loaders.calendar().await)?;
        let lines: Vec<_> = products.items.iter().map(|item| item.row.line.clone()).collect();
        let documents = documents.items.iter().map(|item| &item.row.document);
        let items = checklist(documents, &lines, calendar.date_of(row.submitted_at.unwrap_or_else(|| ask.now())));
        Ok(items.into_iter().map(|item| PoeChecklistItem { claim: row.id, item }).collect())
    }

    /// The version at which the latest review ended: by a request for more, or by a reviewer's decision. Null before any did, and for
    /// customers.
    async fn last_review_version(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        let history = self.history(ctx).await?;
        Ok(last_review(entries(ctx, &history)?))
    }

    /// What changed since a version of the claim, folded: the values of then against those of now, and what was said. Null for customers.
    async fn changes_since(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version (`Claim.version`) from which on; 1 is the claim as it was created.")] version: i32,
    ) -> Result<Option<ClaimDifference>> {
        if !ctx.ask()?.viewer.reads_whole() {
            return Ok(None);
        }
        let history = self.history(ctx).await?;
        Ok(Some(self.changes(entries(ctx, &history)?.into_iter(), version)))
    }

    /// What changed since the latest review ended, for whoever goes on: `changesSince(version: lastReviewVersion)`. Null before any review
    /// ended, and for customers.
    async fn changes_since_last_review(&self, ctx: &Context<'_>) -> Result<Option<ClaimDifference>> {
        let history = self.history(ctx).await?;
        let entries = entries(ctx, &history)?;
        Ok(last_review(entries.iter().copied()).map(|version| self.changes(entries.iter().copied(), version)))
    }
}

impl ClaimReview {
    /// The whole history; empty for those who may not read it.
    async fn history(&self, ctx: &Context<'_>) -> Result<Arc<Vec<HistoryRow>>> {
        let ask = ctx.ask()?;
        ask.loaded(ask.loaders().whole_history(self.0.row.id).await)
    }

    fn changes<'a>(&self, entries: impl Iterator<Item = changes::Entry<'a>>, version: i32) -> ClaimDifference {
        let changes = changes(since(entries, version));
        ClaimDifference { from: version, to: self.0.row.version, changes }
    }
}

/// The events of a history, each with the version after it.
fn entries<'a>(ctx: &Context<'_>, history: &'a [HistoryRow]) -> Result<Vec<changes::Entry<'a>>> {
    let read = |row: &'a HistoryRow| Ok((row.version, row.event()?));
    let entries: Result<_, StoreError> = history.iter().map(read).collect();
    entries.map_err(|cause| ctx.ask().map_or_else(|error| error, |ask| ask.failed(&cause)))
}

/// What the proof of execution must show, and how far it is.
#[derive(Description)]
pub struct PoeChecklistItem {
    claim: ClaimId,
    item: ChecklistItem,
}

#[Object(use_type_description)]
impl PoeChecklistItem {
    /// What must be shown.
    async fn requirement(&self) -> PoeRequirement {
        self.item.requirement.into()
    }

    /// The claimed product concerned; null means the whole claim.
    async fn product(&self, ctx: &Context<'_>) -> Option<Result<ClaimProduct>> {
        let found = ClaimProduct::of_claim(ctx, self.claim, self.item.product).await;
        found.map(|mut lines| lines.pop()).transpose()
    }

    /// How far it is.
    async fn state(&self) -> PoeItemState {
        self.item.state.into()
    }

    /// What a reviewer misses where it is not met.
    async fn finding(&self) -> FindingKind {
        self.item.requirement.finding().into()
    }

    /// What the partner does to meet it, in words.
    async fn remedy(&self, ctx: &Context<'_>) -> Result<&'static str> {
        Ok(self.item.requirement.words(ctx.ask()?.language))
    }

    /// Whether the claim cannot be submitted because of it. Everything else that is missing is for the reviewer to judge.
    async fn blocks_submission(&self) -> bool {
        self.item.blocks_submission()
    }
}

/// What changed on a claim between two versions: nothing of what came and went between.
#[derive(Description)]
pub struct ClaimDifference {
    from: i32,
    to: i32,
    changes: Changes,
}

#[Object(use_type_description)]
impl ClaimDifference {
    /// The version from which on.
    async fn from_version(&self) -> i32 {
        self.from
    }

    /// The version up to which: the claim's own.
    async fn to_version(&self) -> i32 {
        self.to
    }

    /// Whether nothing changed and nothing was said.
    async fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Fields with another value than before.
    async fn fields(&self) -> Vec<FieldChange> {
        self.changes.fields.iter().map(FieldChange::of).collect()
    }

    /// Products that came, went or took another's place.
    async fn products(&self) -> Vec<ProductChange> {
        self.changes.products.iter().map(ProductChange::between).collect()
    }

    /// Documents that came and are current.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<AddedDocument>> {
        let loaded = async |id: Option<DocumentId>| match id {
            Some(id) => PoeDocument::load(ctx, id).await,
            None => Ok(None),
        };
        // Asked together, so that they are loaded together.
        let pairs = self.changes.documents.iter().map(async |DocumentChange { document, supersedes }| {
            let (document, supersedes) = try_join!(loaded(Some(*document)), loaded(*supersedes))?;
            Ok::<_, Error>(document.map(|document| AddedDocument { document, supersedes }))
        });
        Ok(try_join_all(pairs).await?.into_iter().flatten().collect())
    }

    /// What was said, the oldest first: by partner and reviewers.
    async fn comments(&self, ctx: &Context<'_>) -> Result<Vec<Comment>> {
        let found = try_join_all(self.changes.comments.iter().map(|id| Comment::load(ctx, *id))).await?;
        Ok(found.into_iter().flatten().collect())
    }
}

/// A document that came.
#[derive(SimpleObject)]
pub struct AddedDocument {
    /// The document.
    document: PoeDocument,
    /// The one from before whose place it took, if any.
    supersedes: Option<PoeDocument>,
}
