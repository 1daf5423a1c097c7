//! Partner organizations and their locations.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, Result};

use super::context::AskExt;
use super::id;
use crate::domain::details::MpnId;
use crate::domain::ids::OrganizationId;
use crate::store::organizations::{LocationRow, OrganizationRow};

/// A partner organization.
#[derive(Description, Clone)]
pub struct Organization(pub Arc<OrganizationRow>);

#[Object(use_type_description)]
impl Organization {
    /// Its id.
    pub async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The locations that the viewer may know of, by MPN id.
    async fn locations(&self, ctx: &Context<'_>) -> Result<Vec<Location>> {
        Location::of_organization(ctx, self.0.id).await
    }
}

impl Organization {
    /// The organization, if the viewer may know of it.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn load(ctx: &Context<'_>, id: OrganizationId) -> Result<Option<Self>> {
        let ask = ctx.ask()?;
        let found = ask.loaded(ask.loaders().organization(id).await)?;
        Ok(found.map(Self))
    }
}

/// A partner location: where a partner organization works, known by its MPN id.
#[derive(Description, Clone)]
pub struct Location(Arc<LocationRow>);

#[Object(use_type_description)]
impl Location {
    /// The MPN id: one to twelve digits.
    async fn mpn_id(&self) -> &str {
        self.0.mpn_id.as_str()
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The country: ISO 3166-1, two letters.
    async fn country(&self) -> &str {
        &self.0.country
    }
}

impl Location {
    /// The location, if the viewer may know of it.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn load(ctx: &Context<'_>, id: MpnId) -> Result<Option<Self>> {
        let ask = ctx.ask()?;
        let found = ask.loaded(ask.loaders().location(id).await)?;
        Ok(found.map(Self))
    }

    /// The locations of an organization that the viewer may know of, by MPN id.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn of_organization(ctx: &Context<'_>, id: OrganizationId) -> Result<Vec<Self>> {
        let ask = ctx.ask()?;
        let rows = ask.loaded(ask.loaders().locations(id).await)?;
        Ok(rows.iter().cloned().map(|row| Self(Arc::new(row))).collect())
    }
}
