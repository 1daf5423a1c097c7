//! What an import file holds, read and checked.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::actor::Role;
use crate::domain::calendar::Calendar;
use crate::domain::details::{Domain, MpnId};
use crate::domain::ids::{SubscriptionId, TenantId};
use crate::domain::product::{CatalogueEntry, ProductCode};

/// An import file. Sections that are absent are empty and change nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportFile {
    /// Partner organizations, with their locations and people.
    pub organizations: Vec<OrganizationEntry>,
    /// People without an organization.
    pub people: Vec<PersonEntry>,
    /// Products.
    pub catalogue: Vec<CatalogueEntry>,
    /// The business calendar.
    pub calendar: Option<CalendarEntry>,
    /// Customers' tenants, as known from outside.
    pub tenants: Vec<TenantEntry>,
}

/// A partner organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationEntry {
    /// Its natural key: short, lower case.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its locations.
    pub locations: Vec<LocationEntry>,
    /// Its people.
    pub people: Vec<PersonEntry>,
}

/// A partner location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocationEntry {
    /// Its natural key.
    pub mpn_id: MpnId,
    /// Its name.
    pub name: String,
    /// Its country (ISO 3166-1, two capital letters).
    pub country: String,
}

/// A person, or an account that is no person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonEntry {
    /// Who vouches for the person: the issuer of the tokens.
    pub issuer: String,
    /// Who the issuer says it is. Issuer and subject are the natural key.
    pub subject: String,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The role.
    pub role: Role,
    /// The locations the role is limited to; `None` means no limit.
    pub locations: Option<BTreeSet<MpnId>>,
    /// The language, `en` or `pl`.
    pub locale: String,
    /// The time zone (IANA name).
    pub time_zone: String,
    /// Whether the person is let in.
    pub is_active: bool,
}

/// A business calendar, with names for its holidays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEntry {
    /// Time zone, weekend and holidays.
    pub calendar: Calendar,
    /// What the holidays are called.
    pub names: Vec<(NaiveDate, String)>,
}

/// A customer's tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantEntry {
    /// Its id.
    pub id: TenantId,
    /// The customer's name.
    pub name: String,
    /// Its domains, the first one the customer's main one.
    pub domains: Vec<Domain>,
    /// The workloads and products it has.
    pub products: Vec<ProductCode>,
    /// Its subscriptions.
    pub subscriptions: Vec<SubscriptionEntry>,
}

/// A subscription of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriptionEntry {
    /// Its id.
    pub id: SubscriptionId,
    /// Whether it was bought through a cloud solution provider.
    pub is_csp: bool,
    /// Whether it is provisioned.
    pub is_provisioned: bool,
    /// Whether it is active.
    pub is_active: bool,
}
