//! What a consent link opens: the association it is about, and how the customer can answer.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::App;
use super::outcome::{AppError, Options, Outcome};
use crate::auth::viewer::Viewer;
use crate::domain::clock::{Clock, ClockKind};
use crate::domain::command::Command;
use crate::domain::ids::SubscriptionId;
use crate::domain::product::{Activity, Catalogue, ProductCode};
use crate::domain::status::{AssociationState, Consent, EndReason};
use crate::store::associations::{AssociationRow, TenantAssociationRow};
use crate::store::loaders::Loaders;

/// What a customer's contact is shown. Days are those of the programme's calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentView {
    /// The claim's number, as people quote it.
    pub number: String,
    /// The partner organization's name.
    pub partner: String,
    /// The partner's location: its name, and its MPN id.
    pub location: Option<(String, String)>,
    /// The customer's name, as the claim has it.
    pub customer: String,
    /// The customer's tenant.
    pub tenant: String,
    /// What the partner is associated with, product by product.
    pub products: Vec<ConsentProduct>,
    /// Where the association stands.
    pub standing: Standing,
    /// The time zone in which days are counted (IANA name).
    pub zone: String,
    /// Who else is associated with the tenant, the oldest first.
    pub others: Vec<OtherPartner>,
}

/// A product that the partner is associated with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentProduct {
    /// Its name.
    pub name: String,
    /// The subscription, for Business Applications.
    pub subscription: Option<SubscriptionId>,
    /// The activities.
    pub activities: Vec<Activity>,
    /// The day on which it began.
    pub since: NaiveDate,
}

/// Where an association stands for the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The consent window runs.
    Open {
        /// Its last day.
        last_day: NaiveDate,
    },
    /// The window is over and the association lives; it can be declined still.
    Lasting,
    /// The customer declined.
    Declined {
        /// When.
        on: NaiveDate,
    },
    /// It ended otherwise.
    Ended {
        /// When.
        on: NaiveDate,
    },
}

impl Standing {
    /// Whether there is something to decline.
    #[must_use]
    pub fn can_decline(self) -> bool {
        matches!(self, Self::Open { .. } | Self::Lasting)
    }
}

/// Another association with the customer's tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherPartner {
    /// The partner's name.
    pub partner: String,
    /// The product's name.
    pub product: String,
    /// The day on which it began.
    pub since: NaiveDate,
}

impl App {
    /// What the link of this viewer shows; `None` if it opens nothing: nobody's link, or a claim that was never approved.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn consent_view(&self, viewer: &Arc<Viewer>) -> Result<Option<ConsentView>, AppError> {
        let Some(link) = viewer.customer() else { return Ok(None) };
        let load = Loaders::new(self.database().clone(), Arc::clone(viewer));
        let (claim, associations, clocks) =
            tokio::try_join!(load.claim(link.claim, Arc::default()), load.associations(link.claim), load.clocks(link.claim))?;
        let Some(claim) = claim.filter(|_| !associations.is_empty()) else { return Ok(None) };
        let (partner, location, others) = tokio::try_join!(
            load.organization(claim.organization),
            load.location(claim.details.location.clone()),
            load.tenant_associations()
        )?;
        let (catalogue, calendar) = tokio::try_join!(load.catalogue(), load.calendar())?;
        let Some(partner) = partner else { return Ok(None) };
        let days = Days(calendar.time_zone);
        Ok(Some(ConsentView {
            number: claim.number.to_string(),
            partner: partner.name.clone(),
            location: location.map(|location| (location.name.clone(), location.mpn_id.as_str().to_owned())),
            customer: claim.details.customer_name.clone().unwrap_or_default(),
            tenant: link.tenant.to_string(),
            products: products(&associations, &catalogue, days),
            standing: standing(claim.consent, &associations, &clocks, self.now(), days),
            zone: calendar.time_zone.name().to_owned(),
            others: elsewhere(&others, &associations, &catalogue, days),
        }))
    }

    /// Declines the association that the link of this viewer is about; `None` if it is nobody's link.
    ///
    /// # Errors
    /// Our own failures only; a refusal is in the outcome.
    pub async fn consent_decline(&self, viewer: &Arc<Viewer>, reason: Option<String>) -> Result<Option<Outcome>, AppError> {
        let Some(link) = viewer.customer() else { return Ok(None) };
        let outcome = self.execute(viewer, link.claim, Command::Decline { reason }, Options::default()).await?;
        Ok(Some(outcome).filter(|outcome| outcome.claim.is_some()))
    }
}

/// Turns instants into days of the calendar's zone.
#[derive(Clone, Copy)]
struct Days(Tz);

impl Days {
    fn of(self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.0).date_naive()
    }

    /// The last whole day before an exclusive end.
    fn last_before(self, end: DateTime<Utc>) -> NaiveDate {
        self.of(end - TimeDelta::microseconds(1))
    }
}

fn product_name(catalogue: &Catalogue, code: &ProductCode) -> String {
    catalogue.get(code).map_or_else(|| code.to_string(), |entry| entry.name.clone())
}

/// The associations of other claims, one for a partner's product, however many activities.
fn elsewhere(all: &[TenantAssociationRow], own: &[AssociationRow], catalogue: &Catalogue, days: Days) -> Vec<OtherPartner> {
    let others = all.iter().filter(|other| !own.iter().any(|own| own.association.id == other.id));
    let mut shown = Vec::new();
    for TenantAssociationRow { partner, product, started_at, .. } in others {
        let other =
            OtherPartner { partner: partner.clone(), product: product_name(catalogue, product), since: days.of(*started_at) };
        if !shown.contains(&other) {
            shown.push(other);
        }
    }
    shown
}

/// The associations by product and subscription, in the order in which they come.
fn products(rows: &[AssociationRow], catalogue: &Catalogue, days: Days) -> Vec<ConsentProduct> {
    let mut products: Vec<ConsentProduct> = Vec::new();
    for AssociationRow { association, .. } in rows {
        let name = product_name(catalogue, &association.product);
        let same = products.iter_mut().find(|one| one.name == name && one.subscription == association.subscription);
        match same {
            Some(product) => product.activities.push(association.activity),
            None => products.push(ConsentProduct {
                name,
                subscription: association.subscription,
                activities: vec![association.activity],
                since: days.of(association.started_at),
            }),
        }
    }
    products
}

/// Where the association stands now, also if nobody has recorded the end of the window yet.
fn standing(consent: Option<Consent>, rows: &[AssociationRow], clocks: &[Clock], now: DateTime<Utc>, days: Days) -> Standing {
    let associations = || rows.iter().map(|row| &row.association);
    if associations().any(|association| association.state != AssociationState::Ended) {
        let window = clocks.iter().find(|clock| clock.kind == ClockKind::Consent).and_then(Clock::expires_at);
        return match window.filter(|end| consent == Some(Consent::Open) && now < *end) {
            Some(end) => Standing::Open { last_day: days.last_before(end) },
            None => Standing::Lasting,
        };
    }
    let on = days.of(associations().filter_map(|association| association.ended_at).max().unwrap_or(now));
    match associations().any(|association| association.end_reason == Some(EndReason::CustomerDeclined)) {
        true => Standing::Declined { on },
        false => Standing::Ended { on },
    }
}
