//! The claim's own fields.

use async_graphql::{Context, Description, ID, Object, Result};

use super::Handle;
use super::facts::StatusFacts;
use crate::domain::details;
use crate::graphql::context::AskExt;
use crate::graphql::enums::{Activity, AssessmentState, ClaimStatus, ConsentState, SolutionArea};
use crate::graphql::id;
use crate::graphql::organization::{Location, Organization};
use crate::graphql::person::Person;
use crate::graphql::programme::Policy;
use crate::graphql::scalars::{DateTime, EmailAddress, Uuid};

/// The group of the claim's own fields.
#[derive(Clone)]
pub struct ClaimFields(pub Handle);

#[Object]
impl ClaimFields {
    /// Its id. People quote the number, not the id.
    async fn id(&self) -> ID {
        id::encode(self.0.row.id)
    }

    /// The number people quote, `CPOR-` and at least six digits.
    async fn number(&self) -> String {
        self.0.row.number.to_string()
    }

    /// Where the claim stands.
    async fn status(&self) -> ClaimStatus {
        self.0.row.status.into()
    }

    /// What the status means: on whom the claim waits, whether anything can follow, which deadline comes next.
    async fn status_facts(&self) -> StatusFacts {
        StatusFacts(self.0.row.clone())
    }

    /// Counts the changes of the claim's state (not comments, not notices): what `expectedVersion` compares.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// The partner's own words for the claim. Hidden from customers.
    async fn name(&self) -> Option<&str> {
        self.0.row.details.name.as_deref()
    }

    /// The partner organization.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        Organization::load(ctx, self.0.row.organization).await.transpose()
    }

    /// The MPN id of the partner location.
    async fn location_id(&self) -> &str {
        self.0.row.details.location.as_str()
    }

    /// The partner location.
    async fn location(&self, ctx: &Context<'_>) -> Option<Result<Location>> {
        Location::load(ctx, self.0.row.details.location.clone()).await.transpose()
    }

    /// The customer's tenant id.
    async fn tenant_id(&self) -> Option<Uuid> {
        self.0.row.details.tenant.map(|id| Uuid(id.0))
    }

    /// The customer's domain.
    async fn customer_domain(&self) -> Option<&str> {
        self.0.row.details.customer_domain.as_ref().map(details::Domain::as_str)
    }

    /// The customer's name.
    async fn customer_name(&self) -> Option<&str> {
        self.0.row.details.customer_name.as_deref()
    }

    /// The solution area.
    async fn area(&self) -> Option<SolutionArea> {
        self.0.row.details.area.map(Into::into)
    }

    /// The activities.
    async fn activities(&self) -> Vec<Activity> {
        self.0.row.details.activities.iter().copied().map(Into::into).collect()
    }

    /// The customer's contact, who gets the consent link.
    async fn customer_contact(&self) -> Option<Contact> {
        self.0.row.details.customer_contact.clone().map(Contact)
    }

    /// The customer's technical contact, for Business Applications.
    async fn technical_contact(&self) -> Option<Contact> {
        self.0.row.details.technical_contact.clone().map(Contact)
    }

    /// The partner's contact. Hidden from customers.
    async fn partner_contact(&self) -> Option<PartnerContact> {
        self.0.row.details.partner_contact.clone().map(PartnerContact)
    }

    /// The partner's own reference. Hidden from customers.
    async fn external_reference(&self) -> Option<&str> {
        self.0.row.details.external_reference.as_deref()
    }

    /// The partner's own tags. Hidden from customers.
    async fn tags(&self) -> Vec<&str> {
        self.0.row.details.tags.iter().map(String::as_str).collect()
    }

    /// When the claim was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.row.created_at)
    }

    /// When its state last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.row.updated_at)
    }

    /// When it was first submitted.
    async fn submitted_at(&self) -> Option<DateTime> {
        self.0.row.submitted_at.map(DateTime)
    }

    /// When it was last approved or rejected.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.row.decided_at.map(DateTime)
    }

    /// The policy under which it was first submitted, and which it keeps; null before.
    async fn policy(&self, ctx: &Context<'_>) -> Option<Result<Policy>> {
        let version = self.0.row.policy.as_deref()?;
        let found = async {
            let ask = ctx.ask()?;
            let policies = ask.loaded(ask.loaders().policies().await)?;
            Ok(policies.iter().find(|row| row.policy.version == version).map(Policy::from))
        };
        found.await.transpose()
    }

    /// The reviewer to whom it is assigned. Hidden from customers.
    async fn assignee(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        Person::load(ctx, self.0.row.assignee?).await.transpose()
    }

    /// The customer's consent window; null before the first approval.
    async fn consent(&self) -> Option<ConsentState> {
        self.0.row.consent.map(Into::into)
    }

    /// The incentive-eligibility evaluation that follows consent; null before the first approval. Hidden from customers.
    async fn assessment(&self) -> Option<AssessmentState> {
        self.0.row.assessment.map(Into::into)
    }

    /// When the claim was sent for assessment; kept when the assessment is withdrawn. Hidden from customers.
    async fn assessment_sent_at(&self) -> Option<DateTime> {
        self.0.row.assessment_sent_at.map(DateTime)
    }

    /// Why the claim is not eligible for incentives. Hidden from customers.
    async fn assessment_reason(&self) -> Option<&str> {
        self.0.row.assessment_reason.as_deref()
    }
}

/// A contact of the customer. In a draft, parts may still be missing.
#[derive(Description)]
pub struct Contact(details::Contact);

#[Object(use_type_description)]
impl Contact {
    /// The name.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The title.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// The e-mail address.
    async fn email(&self) -> Option<EmailAddress> {
        self.0.email.as_ref().map(|email| EmailAddress(email.to_string()))
    }
}

/// The partner's contact. In a draft, parts may still be missing.
#[derive(Description)]
pub struct PartnerContact(details::Contact);

#[Object(use_type_description)]
impl PartnerContact {
    /// The name.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The e-mail address.
    async fn email(&self) -> Option<EmailAddress> {
        self.0.email.as_ref().map(|email| EmailAddress(email.to_string()))
    }
}
