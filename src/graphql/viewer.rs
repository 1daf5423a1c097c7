//! Who asks.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::association::TenantAssociation;
use super::claim::Claim;
use super::claims::{ClaimsArgs, Whose, list};
use super::connection::Connection;
use super::context::AskExt;
use super::enums::{ClaimStatus, Role};
use super::inputs::{ClaimFilterInput, ClaimOrderInput};
use super::organization::{Location, Organization};
use super::person::Person;
use super::scalars::{Cursor, DateTime, EmailAddress};
use super::settings::ViewerSettings;
use crate::app::PersonSettings;
use crate::domain::command::CommandKind;
use crate::store::claims;

/// Who asks.
pub struct Viewer;

/// Who asks: a person, or a customer's contact by consent link.
#[Object]
impl Viewer {
    /// The role.
    async fn role(&self, ctx: &Context<'_>) -> Result<Role> {
        Ok(ctx.ask()?.viewer.role().into())
    }

    /// The name; null for a customer.
    async fn name<'a>(&self, ctx: &Context<'a>) -> Result<Option<&'a str>> {
        Ok(ctx.ask()?.viewer.person().map(|person| person.name.as_str()))
    }

    /// The e-mail address.
    async fn email(&self, ctx: &Context<'_>) -> Result<Option<EmailAddress>> {
        let viewer = &ctx.ask()?.viewer;
        let person = viewer.person().map(|person| &person.email);
        let email = person.or_else(|| viewer.customer().map(|link| &link.email));
        Ok(email.filter(|text| !text.is_empty()).map(|text| EmailAddress(text.clone())))
    }

    /// The viewer as others see them; null for a customer.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        let found = async {
            let Some(id) = ctx.ask()?.viewer.person().map(|person| person.id) else { return Ok(None) };
            Person::load(ctx, id).await
        };
        found.await.transpose()
    }

    /// The organization the viewer belongs to.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        let found = async {
            let Some(id) = ctx.ask()?.viewer.person().and_then(|person| person.organization) else { return Ok(None) };
            Organization::load(ctx, id).await
        };
        found.await.transpose()
    }

    /// The partner locations that the viewer may claim for and whose claims they see; empty for all but partners.
    async fn locations(&self, ctx: &Context<'_>) -> Result<Vec<Location>> {
        let ask = ctx.ask()?;
        let own = ask.viewer.person().filter(|person| person.role.is_partner()).and_then(|person| person.organization);
        match own {
            Some(id) => Location::of_organization(ctx, id).await,
            None => Ok(Vec::new()),
        }
    }

    /// The language in which prose is written for the viewer (BCP 47); null while none was chosen.
    async fn locale<'a>(&self, ctx: &Context<'a>) -> Result<Option<&'a str>> {
        Ok(ctx.ask()?.viewer.locale())
    }

    /// The viewer's time zone (IANA name); null for a customer.
    async fn time_zone<'a>(&self, ctx: &Context<'a>) -> Result<Option<&'a str>> {
        Ok(ctx.ask()?.viewer.person().map(|person| person.time_zone.as_str()))
    }

    /// What the viewer has chosen: language, time zone, notices; null for a customer.
    async fn settings(&self, ctx: &Context<'_>) -> Result<Option<ViewerSettings>> {
        Ok(ctx.ask()?.viewer.person().map(|person| PersonSettings::of(person).into()))
    }

    /// When the credential ends; null when it ends with the consent link.
    async fn expires_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        Ok(ctx.ask()?.viewer.expires_at().map(DateTime))
    }

    /// Whether the viewer's role creates claims.
    async fn may_create_claims(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.ask()?.viewer.role().may(CommandKind::Create))
    }

    /// The viewer's claims: for reviewers and leads those assigned to them, for all others those they may read.
    #[allow(clippy::too_many_arguments)]
    async fn claims(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which claims.")] filter: Option<ClaimFilterInput>,
        #[graphql(desc = "In which order; unless said, what changed last comes first.")] order_by: Option<ClaimOrderInput>,
        #[graphql(desc = "Items from the beginning: 0 to 100, 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "Items from the end: 0 to 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<Cursor>,
    ) -> Option<Result<Connection<Claim>>> {
        let args = ClaimsArgs { filter, order_by, page: (first, after, last, before) };
        Some(Box::pin(list(ctx, args, Whose::Mine)).await)
    }

    /// How many of the claims that the viewer may read stand where; statuses in which none stands are left out.
    async fn claim_counts(&self, ctx: &Context<'_>) -> Result<Vec<ClaimCount>> {
        let ask = ctx.ask()?;
        let counts =
            Box::pin(claims::counts_by_status(ask.app.database(), &ask.viewer)).await.map_err(|cause| ask.failed(&cause))?;
        let count = |(status, count): &(_, i64)| ClaimCount {
            status: ClaimStatus::from(*status),
            count: i32::try_from(*count).unwrap_or(i32::MAX),
        };
        Ok(counts.iter().map(count).collect())
    }

    /// The claim that a customer's consent link opens; null for everybody else.
    async fn consent_claim(&self, ctx: &Context<'_>) -> Option<Result<Claim>> {
        let found = async {
            let Some(id) = ctx.ask()?.viewer.customer().map(|link| link.claim) else { return Ok(None) };
            Claim::load(ctx, id).await
        };
        found.await.transpose()
    }

    /// Who is associated with the customer's tenant: partner, product and dates. Empty for all but customers.
    async fn tenant_associations(&self, ctx: &Context<'_>) -> Result<Vec<TenantAssociation>> {
        let ask = ctx.ask()?;
        let rows = ask.loaded(ask.loaders().tenant_associations().await)?;
        Ok(rows.iter().cloned().map(TenantAssociation).collect())
    }
}

/// How many claims stand somewhere.
#[derive(SimpleObject)]
pub struct ClaimCount {
    /// Where.
    status: ClaimStatus,
    /// How many.
    count: i32,
}
