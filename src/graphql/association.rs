//! Associations: what an approval creates, one per product and activity, grouped by product.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, Result};

use super::context::AskExt;
use super::enums::{Activity, AssociationEndReason, AssociationState};
use super::id;
use super::organization::Organization;
use super::programme::CatalogueEntry;
use super::scalars::{DateTime, Uuid};
use crate::domain::ids::AssociationId;
use crate::domain::product::ProductCode;
use crate::store::associations::{AssociationRow, TenantAssociationRow};

/// What an approval created: the partner is partner of record of the customer for a product and an activity.
#[derive(Description, Clone)]
pub struct Association(pub Arc<AssociationRow>);

#[Object(use_type_description)]
impl Association {
    /// Its id.
    pub async fn id(&self) -> ID {
        id::encode(self.0.association.id)
    }

    /// The catalogue code of the product.
    async fn code(&self) -> &str {
        &self.0.association.product.0
    }

    /// The product.
    async fn product(&self, ctx: &Context<'_>) -> Option<Result<CatalogueEntry>> {
        CatalogueEntry::load(ctx, &self.0.association.product).await.transpose()
    }

    /// The subscription, for Business Applications.
    async fn subscription_id(&self) -> Option<Uuid> {
        self.0.association.subscription.map(|id| Uuid(id.0))
    }

    /// The customer's tenant.
    async fn tenant_id(&self) -> Uuid {
        Uuid(self.0.tenant.0)
    }

    /// The partner, if the viewer may know of it.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        Organization::load(ctx, self.0.organization).await.transpose()
    }

    /// The activity.
    async fn activity(&self) -> Activity {
        self.0.association.activity.into()
    }

    /// Pending, active or ended.
    async fn state(&self) -> AssociationState {
        self.0.association.state.into()
    }

    /// When it started.
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.association.started_at)
    }

    /// When it ended.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.association.ended_at.map(DateTime)
    }

    /// Why it ended.
    async fn end_reason(&self) -> Option<AssociationEndReason> {
        self.0.association.end_reason.map(Into::into)
    }
}

impl Association {
    /// The association, if the viewer may read it.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn load(ctx: &Context<'_>, id: AssociationId) -> Result<Option<Self>> {
        let ask = ctx.ask()?;
        let found = ask.loaded(ask.loaders().association(id).await)?;
        Ok(found.map(Self))
    }
}

/// The associations of one product of a claim: one per activity and approval.
#[derive(Description, Clone)]
pub struct ProductAssociations {
    product: ProductCode,
    associations: Vec<Association>,
}

#[Object(use_type_description)]
impl ProductAssociations {
    /// The catalogue code of the product.
    async fn code(&self) -> &str {
        &self.product.0
    }

    /// The product.
    async fn product(&self, ctx: &Context<'_>) -> Option<Result<CatalogueEntry>> {
        CatalogueEntry::load(ctx, &self.product).await.transpose()
    }

    /// The subscription, for Business Applications.
    async fn subscription_id(&self) -> Option<Uuid> {
        let first = self.associations.first()?;
        first.0.association.subscription.map(|id| Uuid(id.0))
    }

    /// The associations, the oldest first.
    async fn associations(&self) -> &[Association] {
        &self.associations
    }
}

impl ProductAssociations {
    /// Groups the associations of a claim by product and subscription, in the order of their first.
    #[must_use]
    pub fn group(rows: &[AssociationRow]) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for row in rows {
            let association = Association(Arc::new(row.clone()));
            let same = |group: &&mut Self| {
                let first = group.associations.first().map(|first| first.0.association.subscription);
                group.product == row.association.product && first == Some(row.association.subscription)
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.associations.push(association),
                None => groups.push(Self { product: row.association.product.clone(), associations: vec![association] }),
            }
        }
        groups
    }
}

/// What a customer sees of an association on the own tenant: partner, product and dates.
#[derive(Description, Clone)]
pub struct TenantAssociation(pub TenantAssociationRow);

#[Object(use_type_description)]
impl TenantAssociation {
    /// The partner's name.
    async fn partner(&self) -> &str {
        &self.0.partner
    }

    /// The catalogue code of the product.
    async fn code(&self) -> &str {
        &self.0.product.0
    }

    /// The product.
    async fn product(&self, ctx: &Context<'_>) -> Option<Result<CatalogueEntry>> {
        CatalogueEntry::load(ctx, &self.0.product).await.transpose()
    }

    /// When it started.
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.started_at)
    }
}
