//! Taking in what operators keep: organizations, people, catalogue, calendar, directory. Doing it twice changes nothing more.
//!
//! Nothing is deleted but holidays, which a list replaces (whole, or for the years that it speaks of): whoever left becomes inactive, whatever ended gets an end date.

mod directory;
mod organizations;
mod programme;

pub use self::directory::{SubscriptionRecord, TenantRecord, subscription, tenant};
pub use self::organizations::{LocationRecord, PersonImport, location, organization, person};
pub use self::programme::{calendar, catalogue_entry, holidays};
