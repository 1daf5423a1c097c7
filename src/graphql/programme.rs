//! The programme as data: catalogue, policies, calendar.

use std::sync::Arc;

use async_graphql::{Context, Description, Object, Result, SimpleObject};

use super::context::AskExt;
use super::enums::{Activity, SolutionArea, Weekday};
use super::scalars::Date;
use crate::domain::calendar::Calendar as Days;
use crate::domain::product::{Activity as Does, CatalogueEntry as Entry, ProductCode};
use crate::store::programme::PolicyRow;

/// A product that can be claimed while it is valid: a Microsoft 365 workload or a Business Applications product.
#[derive(Description, Clone)]
pub struct CatalogueEntry(pub Entry);

#[Object(use_type_description)]
impl CatalogueEntry {
    /// Its code, such as `EXCHANGE_ONLINE`; never reused.
    async fn code(&self) -> &str {
        &self.0.code.0
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The solution area it belongs to.
    async fn area(&self) -> SolutionArea {
        self.0.area.into()
    }

    /// The activities that can be claimed for it.
    async fn activities(&self) -> Vec<Activity> {
        Does::ALL.iter().filter(|activity| self.0.area.admits(**activity)).map(|activity| (*activity).into()).collect()
    }

    /// Whether a claim of it names a subscription.
    async fn needs_subscription(&self) -> bool {
        self.0.area.needs_subscription()
    }

    /// The first day (UTC) on which it can be claimed.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// The first day (UTC) on which it can no longer be claimed; null while no end is known.
    async fn valid_until(&self) -> Option<Date> {
        self.0.valid_until.map(Date)
    }
}

impl CatalogueEntry {
    /// The entry with this code.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn load(ctx: &Context<'_>, code: &ProductCode) -> Result<Option<Self>> {
        let ask = ctx.ask()?;
        let catalogue = ask.loaded(ask.loaders().catalogue().await)?;
        Ok(catalogue.get(code).cloned().map(Self))
    }

    /// The entries of an area that can be claimed on a day, by area and name; none given means all.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn list(ctx: &Context<'_>, area: Option<SolutionArea>, on: Option<Date>) -> Result<Vec<Self>> {
        let ask = ctx.ask()?;
        let catalogue = ask.loaded(ask.loaders().catalogue().await)?;
        let asked = |entry: &&Entry| {
            area.is_none_or(|area| entry.area == area.into()) && on.is_none_or(|day| entry.is_eligible(entry.area, day.0))
        };
        let mut entries: Vec<_> = catalogue.values().filter(asked).cloned().collect();
        entries.sort_by(|a, b| (a.area, &a.name).cmp(&(b.area, &b.name)));
        Ok(entries.into_iter().map(Self).collect())
    }
}

/// The versioned set of numbers of the programme. A claim keeps the policy under which it was first submitted. BD: business days.
#[derive(SimpleObject, Clone)]
pub struct Policy {
    /// Its name, such as `2020`.
    version: String,
    /// Whether first submissions come under it now.
    is_in_force: bool,
    /// Length of the pick-up clock, BD.
    pick_up_business_days: i32,
    /// Length of the review clock, BD.
    review_business_days: i32,
    /// Length of the total-decision clock, BD of the reviewers' own time.
    decision_business_days: i32,
    /// Length of the partner-response clock, BD.
    partner_response_business_days: i32,
    /// Length of the customer's consent window, calendar days.
    consent_days: i32,
    /// Length of the window for disputing a rejection, calendar days.
    dispute_filing_days: i32,
    /// Length of the dispute-decision clock, BD.
    dispute_decision_business_days: i32,
    /// Whether fields stay editable in SUBMITTED; otherwise only in PARTNER_ACTION_REQUIRED.
    edits_when_submitted: bool,
    /// Age at which a proof of execution is too old, calendar months before the first submission.
    poe_max_age_months: i32,
}

impl From<&PolicyRow> for Policy {
    fn from(row: &PolicyRow) -> Self {
        let policy = &row.policy;
        Self {
            version: policy.version.clone(),
            is_in_force: row.is_in_force,
            pick_up_business_days: policy.pick_up_bd.into(),
            review_business_days: policy.review_bd.into(),
            decision_business_days: policy.decision_bd.into(),
            partner_response_business_days: policy.partner_response_bd.into(),
            consent_days: policy.consent_days.into(),
            dispute_filing_days: policy.dispute_filing_days.into(),
            dispute_decision_business_days: policy.dispute_decision_bd.into(),
            edits_when_submitted: policy.edits_when_submitted,
            poe_max_age_months: policy.poe_max_age_months.into(),
        }
    }
}

impl Policy {
    /// All policies, by version.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn list(ctx: &Context<'_>) -> Result<Vec<Self>> {
        let ask = ctx.ask()?;
        let rows = ask.loaded(ask.loaders().policies().await)?;
        Ok(rows.iter().map(Self::from).collect())
    }
}

/// The business calendar: the zone in which days begin and end, and the days on which nobody works.
#[derive(Description, Clone)]
pub struct Calendar(Arc<Days>);

#[Object(use_type_description)]
impl Calendar {
    /// The time zone (IANA name).
    async fn time_zone(&self) -> &str {
        self.0.time_zone.name()
    }

    /// The days of the week on which nobody works.
    async fn weekend(&self) -> Vec<Weekday> {
        self.0.weekend.iter().filter_map(|number| Weekday::of_number(*number)).collect()
    }

    /// The dates on which nobody works.
    async fn holidays(&self) -> Vec<Date> {
        self.0.holidays.iter().copied().map(Date).collect()
    }
}

impl Calendar {
    /// The calendar.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn load(ctx: &Context<'_>) -> Result<Self> {
        let ask = ctx.ask()?;
        Ok(Self(ask.loaded(ask.loaders().calendar().await)?))
    }
}
