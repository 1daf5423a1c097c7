//! The world around the claim: Northwind's locations, the catalogue, an upload that waits, policy and calendar.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use cpor::domain::calendar::Calendar;
use cpor::domain::command::{ContactInput, DetailsInput, ProductInput};
use cpor::domain::details::MpnId;
use cpor::domain::facts::{Facts, Rules};
use cpor::domain::ids::{ProductLineId, SubscriptionId, TenantId, UploadId};
use cpor::domain::poe::FileFacts;
use cpor::domain::policy::Policy;
use cpor::domain::product::{Activity, Area, CatalogueEntry, Key, ProductCode};
use uuid::Uuid;

/// Contoso's tenant.
pub const CONTOSO: &str = "5b1f3c1e-6d2a-4c38-9f4e-2f4c1d6a7b80";
/// Contoso's subscription of Sales.
pub const SUBSCRIPTION: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
/// The upload that waits to be attached; the domain hears of unused uploads alone.
pub const UPLOAD: UploadId = UploadId(Uuid::from_u128(0xF11E));

/// What is known from outside, and the rules in force.
#[derive(Clone, Debug)]
pub struct World {
    pub facts: Facts,
    pub policy: Policy,
    pub calendar: Calendar,
}

impl Default for World {
    fn default() -> Self {
        let locations = ["1234567", "7654321"].map(|id| MpnId::parse(id).unwrap());
        let file = FileFacts {
            name: "statement-of-work.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size_bytes: 48_213,
            sha256: [7; 32],
        };
        let facts = Facts {
            locations: locations.into(),
            catalogue: catalogue().into_iter().map(|entry| (entry.code.clone(), entry)).collect(),
            uploads: [(UPLOAD, file)].into(),
            ..Facts::default()
        };
        Self { facts, policy: Policy::of_2020(), calendar: Calendar::default() }
    }
}

impl World {
    /// The rules as deciding takes them.
    pub fn rules(&self) -> Rules<'_> {
        Rules { policy: &self.policy, calendar: &self.calendar }
    }
}

fn catalogue() -> Vec<CatalogueEntry> {
    use Area::{BusinessApplications, Microsoft365};
    let entry = |code: &str, area, valid_until| CatalogueEntry {
        code: ProductCode(code.to_owned()),
        area,
        name: code.to_lowercase(),
        valid_from: day("2005-01-01"),
        valid_until,
    };
    vec![
        entry("EXCHANGE_ONLINE", Microsoft365, None),
        entry("TEAMS", Microsoft365, None),
        entry("INTUNE", Microsoft365, None),
        entry("YAMMER", Microsoft365, Some(day("2021-09-13"))),
        entry("SALES", BusinessApplications, None),
        entry("FINANCE", BusinessApplications, None),
    ]
}

/// A date, `2021-09-13`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant in UTC, `2021-09-13 10:00`, or with seconds.
pub fn utc(text: &str) -> DateTime<Utc> {
    let read = |form| NaiveDateTime::parse_from_str(text, form);
    read("%Y-%m-%d %H:%M").or_else(|_| read("%Y-%m-%d %H:%M:%S%.f")).unwrap().and_utc()
}

/// A product line's identity.
pub fn line(n: u128) -> ProductLineId {
    ProductLineId(Uuid::from_u128(0x1100 + n))
}

/// A product as a client writes it.
pub fn product(n: u128, code: &str) -> ProductInput {
    ProductInput { id: line(n), product: code.to_owned(), subscription_id: None }
}

/// A Business Applications product as a client writes it.
pub fn subscribed(n: u128, code: &str) -> ProductInput {
    ProductInput { subscription_id: Some(SUBSCRIPTION.to_owned()), ..product(n, code) }
}

/// A contact as a client writes it.
pub fn contact(name: &str, email: &str) -> ContactInput {
    ContactInput { name: Some(name.to_owned()), title: Some("IT manager".to_owned()), email: Some(email.to_owned()) }
}

/// Fields that leave nothing to ask for: Microsoft 365 for Contoso.
pub fn faultless() -> DetailsInput {
    let set = |text: &str| Some(Some(text.to_owned()));
    DetailsInput {
        name: set("Contoso moves its mail"),
        location: Some("1234567".to_owned()),
        tenant_id: set(CONTOSO),
        customer_domain: set("contoso.com"),
        customer_name: set("Contoso"),
        area: Some(Some(Area::Microsoft365)),
        activities: Some(BTreeSet::from([Activity::Usage])),
        customer_contact: Some(Some(contact("Carla Contoso", "carla@contoso.com"))),
        technical_contact: None,
        partner_contact: Some(Some(contact("Anna Northwind", "anna@northwind.example"))),
        external_reference: set("NW-77"),
        tags: Some(vec!["mail".to_owned()]),
    }
}

/// The same for Business Applications.
pub fn faultless_business() -> DetailsInput {
    DetailsInput {
        area: Some(Some(Area::BusinessApplications)),
        activities: Some(BTreeSet::from([Activity::Presales, Activity::Usage])),
        technical_contact: Some(Some(contact("Theo Contoso", "theo@contoso.com"))),
        ..faultless()
    }
}

/// The key of a workload on Contoso's tenant.
pub fn key_of(code: &str) -> Key {
    Key { tenant: tenant(), subscription: None, product: ProductCode(code.to_owned()), activity: Activity::Usage }
}

/// Contoso's tenant id.
pub fn tenant() -> TenantId {
    TenantId(CONTOSO.parse().unwrap())
}

/// The id of Contoso's subscription.
pub fn subscription() -> SubscriptionId {
    SubscriptionId(SUBSCRIPTION.parse().unwrap())
}
