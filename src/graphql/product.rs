//! The products of a claim.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, Result};

use super::context::AskExt;
use super::id;
use super::programme::CatalogueEntry;
use super::scalars::Uuid;
use crate::domain::ids::{ClaimId, ProductLineId};
use crate::domain::product::ProductLine;
use crate::messages::remedy;
use crate::store::page::{MAX_PAGE_ROWS, Page};

/// One claimed line: a workload (Microsoft 365) or a product with its subscription (Business Applications).
#[derive(Description, Clone)]
pub struct ClaimProduct(pub ProductLine);

#[Object(use_type_description)]
impl ClaimProduct {
    /// Its id within the claim: what findings and documents refer to.
    async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// The code of the catalogue entry.
    async fn code(&self) -> &str {
        &self.0.product.0
    }

    /// The catalogue entry.
    async fn product(&self, ctx: &Context<'_>) -> Option<Result<CatalogueEntry>> {
        CatalogueEntry::load(ctx, &self.0.product).await.transpose()
    }

    /// The subscription, for Business Applications.
    async fn subscription_id(&self) -> Option<Uuid> {
        self.0.subscription.map(|id| Uuid(id.0))
    }
}

impl ClaimProduct {
    /// The claim's lines with these identities, in this order; those that are no longer part of it are left out.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn of_claim(ctx: &Context<'_>, claim: ClaimId, ids: impl IntoIterator<Item = ProductLineId>) -> Result<Vec<Self>> {
        let mut ids = ids.into_iter().peekable();
        if ids.peek().is_none() {
            return Ok(Vec::new());
        }
        // A claim has fewer products than a page holds, so that this one page serves all who ask.
        let whole = Page { limit: MAX_PAGE_ROWS, ..Page::default() };
        let ask = ctx.ask()?;
        let slice = ask.loaded(ask.loaders().products(claim, whole).await)?;
        let find = |id: ProductLineId| slice.items.iter().map(|item| &item.row.line).find(|line| line.id == id);
        Ok(ids.filter_map(find).cloned().map(Self).collect())
    }
}

/// What a reviewer misses, tied to the claim or to one product of it.
#[derive(Description, Clone)]
pub struct Finding {
    claim: ClaimId,
    finding: Arc<crate::domain::reason::Finding>,
}

#[Object(use_type_description)]
impl Finding {
    /// What is missing.
    async fn kind(&self) -> super::enums::FindingKind {
        self.finding.kind.into()
    }

    /// The claimed product concerned; null when it is the whole claim, or the product is no longer part of it.
    async fn product(&self, ctx: &Context<'_>) -> Option<Result<ClaimProduct>> {
        let found = ClaimProduct::of_claim(ctx, self.claim, self.finding.product).await;
        found.map(|mut lines| lines.pop()).transpose()
    }

    /// Whether the whole claim is concerned rather than one product.
    async fn is_about_claim(&self) -> bool {
        self.finding.product.is_none()
    }

    /// What the partner does about it, in words.
    async fn remedy(&self, ctx: &Context<'_>) -> Result<&'static str> {
        Ok(remedy(self.finding.kind, ctx.ask()?.language))
    }

    /// In the reviewer's words.
    async fn words(&self) -> Option<&str> {
        self.finding.words.as_deref()
    }
}

impl Finding {
    /// A finding on a claim.
    #[must_use]
    pub fn new(claim: ClaimId, finding: &crate::domain::reason::Finding) -> Self {
        Self { claim, finding: Arc::new(finding.clone()) }
    }
}
