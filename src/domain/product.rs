//! Products, areas, activities, and the key that only one partner can hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;

use super::closed::closed_list;
use super::ids::{ProductLineId, SubscriptionId, TenantId};

closed_list! {
    /// The solution area of a claim.
    Area {
        /// Business Applications: products with a subscription.
        BusinessApplications = "BUSINESS_APPLICATIONS",
        /// Microsoft 365: workloads of a tenant.
        Microsoft365 = "MICROSOFT_365",
    }
}

closed_list! {
    /// How the partner influences the customer.
    Activity {
        /// Pre-sales work (Business Applications).
        Presales = "PRESALES",
        /// Usage work.
        Usage = "USAGE",
        /// Association of revenue alone; not paid (Business Applications).
        RevenueAssociation = "REVENUE_ASSOCIATION",
    }
}

impl Area {
    /// Whether claims in this area may name the activity at all.
    #[must_use]
    pub fn admits(self, activity: Activity) -> bool {
        self == Self::BusinessApplications || activity == Activity::Usage
    }

    /// Whether each product line of this area names a subscription.
    #[must_use]
    pub fn needs_subscription(self) -> bool {
        self == Self::BusinessApplications
    }
}

/// The code of a catalogue entry, such as `EXCHANGE_ONLINE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductCode(pub String);

impl fmt::Display for ProductCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A product that can be claimed while it is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// Its code; never reused.
    pub code: ProductCode,
    /// The area it belongs to.
    pub area: Area,
    /// Its name in the programme's words.
    pub name: String,
    /// First day (UTC) on which it can be claimed.
    pub valid_from: NaiveDate,
    /// First day (UTC) on which it can no longer be claimed; `None` means no end is known.
    pub valid_until: Option<NaiveDate>,
}

impl CatalogueEntry {
    /// Whether the product can be claimed in `area` on `day`.
    #[must_use]
    pub fn is_eligible(&self, area: Area, day: NaiveDate) -> bool {
        self.area == area && self.valid_from <= day && self.valid_until.is_none_or(|end| day < end)
    }
}

/// The catalogue, by code: data with validity dates, not code.
pub type Catalogue = BTreeMap<ProductCode, CatalogueEntry>;

/// One claimed line: a workload (Microsoft 365) or a product with its subscription (Business Applications).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductLine {
    /// Identity of the line.
    pub id: ProductLineId,
    /// The catalogue entry.
    pub product: ProductCode,
    /// The subscription, for Business Applications.
    pub subscription: Option<SubscriptionId>,
}

/// What only one partner of record can hold.
///
/// (tenant, workload, activity) for Microsoft 365, (tenant, subscription, product, activity) for Business Applications.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The customer's tenant.
    pub tenant: TenantId,
    /// The subscription, for Business Applications.
    pub subscription: Option<SubscriptionId>,
    /// The workload or product.
    pub product: ProductCode,
    /// The activity.
    pub activity: Activity,
}

impl Key {
    /// The one text form of the key: what the database indexes and locks.
    #[must_use]
    pub fn to_text(&self) -> String {
        let subscription = self.subscription.map_or_else(|| "-".to_owned(), |id| id.to_string());
        format!("{}/{}/{}/{}", self.tenant, subscription, self.product, self.activity)
    }
}

/// The keys that these lines and activities claim on a tenant, each once, in order.
#[must_use]
pub fn keys(tenant: TenantId, lines: &[ProductLine], activities: &BTreeSet<Activity>) -> BTreeSet<Key> {
    lines
        .iter()
        .flat_map(|line| {
            activities.iter().map(|&activity| Key {
                tenant,
                subscription: line.subscription,
                product: line.product.clone(),
                activity,
            })
        })
        .collect()
}
