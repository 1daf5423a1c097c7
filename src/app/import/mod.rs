//! Import files: what operators keep in a file (organizations, people, locations, catalogue, calendar, directory), taken in as a whole.
//!
//! A file is a JSON object whose sections are all optional. Natural keys say what is meant (an organization's slug, a location's MPN id,
//! a person's issuer and subject, a product's code, a tenant's id): importing again changes nothing, a changed name is updated, and what a
//! file does not mention stays as it is. `src/app/demo/people.json` is an example of every section.
//!
//! A file may also be an iCalendar of holidays: it is the truth for the years that it speaks of, and leaves time zone, weekend and all
//! other years as they are.

mod check;
mod entries;
mod fields;
mod ical;
mod read;

use std::fmt;

pub use entries::{CalendarEntry, ImportFile, LocationEntry, OrganizationEntry, PersonEntry, SubscriptionEntry, TenantEntry};
pub use fields::Problem;

use crate::domain::ids::OrganizationId;
use crate::store::database::Database;
use crate::store::errors::StoreError;
use crate::store::transaction::Transaction;
use crate::store::{facts, import as store};

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is wrong: everything that is, each with where.
    #[error("{}", lines(.0))]
    Invalid(Vec<Problem>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// What a file held, and is now in place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Organizations.
    pub organizations: usize,
    /// Locations.
    pub locations: usize,
    /// People, of organizations and without.
    pub people: usize,
    /// Catalogue entries.
    pub products: usize,
    /// Holidays.
    pub holidays: usize,
    /// Tenants of the directory.
    pub tenants: usize,
    /// Subscriptions of the directory.
    pub subscriptions: usize,
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { organizations, locations, people, products, holidays, tenants, subscriptions } = self;
        write!(
            f,
            "in place: {organizations} organizations, {locations} locations, {people} people, {products} products, \
             {holidays} holidays, {tenants} tenants, {subscriptions} subscriptions"
        )
    }
}

impl ImportFile {
    /// Reads a file. Strict: a field that is not known is a problem.
    ///
    /// # Errors
    /// [`ImportError::Invalid`] with everything that is wrong.
    pub fn parse(json: &str) -> Result<Self, ImportError> {
        read::read(json).map_err(ImportError::Invalid)
    }

    fn report(&self) -> ImportReport {
        ImportReport {
            organizations: self.organizations.len(),
            locations: self.organizations.iter().map(|one| one.locations.len()).sum(),
            people: self.organizations.iter().map(|one| one.people.len()).sum::<usize>() + self.people.len(),
            products: self.catalogue.len(),
            holidays: self.calendar.as_ref().map_or(0, |entry| entry.calendar.holidays.len()),
            tenants: self.tenants.len(),
            subscriptions: self.tenants.iter().map(|one| one.subscriptions.len()).sum(),
        }
    }
}

/// Takes in a file, all of it or nothing.
///
/// # Errors
/// [`ImportError::Invalid`] if the file is wrong by itself or contradicts what is in place; else what the database says.
pub async fn import(database: &Database, text: &str) -> Result<ImportReport, ImportError> {
    if ical::is_calendar(text) {
        return import_holidays(database, text).await;
    }
    let file = ImportFile::parse(text)?;
    let mut tx = database.begin().await?;
    write(&mut tx, &file).await?;
    tx.commit().await?;
    Ok(file.report())
}

async fn import_holidays(database: &Database, text: &str) -> Result<ImportReport, ImportError> {
    let holidays = ical::read(text).map_err(ImportError::Invalid)?;
    let mut tx = database.begin().await?;
    store::holidays(&mut tx, &holidays).await?;
    tx.commit().await?;
    Ok(ImportReport { holidays: holidays.len(), ..ImportReport::default() })
}

async fn write(tx: &mut Transaction, file: &ImportFile) -> Result<(), ImportError> {
    for entry in &file.catalogue {
        store::catalogue_entry(tx, entry).await?;
    }
    for (index, entry) in file.organizations.iter().enumerate() {
        write_organization(tx, entry, &format!("organizations[{index}]")).await?;
    }
    for entry in &file.people {
        store::person(tx, &person(entry, None)).await?;
    }
    if let Some(entry) = &file.calendar {
        store::calendar(tx, &entry.calendar, &entry.names).await?;
    }
    known_products(tx, file).await?;
    for (index, entry) in file.tenants.iter().enumerate() {
        write_tenant(tx, entry).await.map_err(|error| clash(error, &format!("directory.tenants[{index}]")))?;
    }
    Ok(())
}

async fn write_organization(tx: &mut Transaction, entry: &OrganizationEntry, path: &str) -> Result<(), ImportError> {
    let organization = store::organization(tx, &entry.slug, &entry.name).await?;
    for (index, LocationEntry { mpn_id, name, country }) in entry.locations.iter().enumerate() {
        let (id, name, country) = (mpn_id.clone(), name.clone(), country.clone());
        let location = store::LocationRecord { id, organization, name, country };
        store::location(tx, &location).await.map_err(|error| clash(error, &format!("{path}.locations[{index}]")))?;
    }
    for entry in &entry.people {
        store::person(tx, &person(entry, Some(organization))).await?;
    }
    Ok(())
}

fn person(entry: &PersonEntry, organization: Option<OrganizationId>) -> store::PersonImport {
    let PersonEntry { issuer, subject, name, email, role, locations, locale, time_zone, is_active } = entry.clone();
    store::PersonImport { issuer, subject, name, email, role, organization, locations, locale, time_zone, is_active }
}

/// The directory speaks of products that the catalogue has.
async fn known_products(tx: &mut Transaction, file: &ImportFile) -> Result<(), ImportError> {
    let catalogue = facts::catalogue(tx).await?;
    let tenants = file.tenants.iter().enumerate();
    let products = tenants.flat_map(|(index, tenant)| tenant.products.iter().map(move |code| (index, code)));
    let unknown = products.filter(|(_, code)| !catalogue.contains_key(*code));
    let problems: Vec<Problem> = unknown
        .map(|(index, code)| Problem {
            path: format!("directory.tenants[{index}].products"),
            text: format!("{code} is not in the catalogue"),
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(ImportError::Invalid(problems)) }
}

async fn write_tenant(tx: &mut Transaction, entry: &TenantEntry) -> Result<(), StoreError> {
    let TenantEntry { id, name, domains, products, subscriptions } = entry;
    let (domains, products) = (domains.iter().cloned().collect(), products.iter().cloned().collect());
    store::tenant(tx, &store::TenantRecord { id: *id, name: name.clone(), domains, products }).await?;
    for SubscriptionEntry { id: subscription, is_csp, is_provisioned, is_active } in subscriptions.iter().copied() {
        let record = store::SubscriptionRecord { id: subscription, tenant: *id, is_csp, is_provisioned, is_active };
        store::subscription(tx, &record).await?;
    }
    Ok(())
}

/// What contradicts the rows in place is the file's problem, told with where; the rest is ours.
fn clash(error: StoreError, path: &str) -> ImportError {
    let text = match &error {
        StoreError::Corrupt(text) => text.clone(),
        StoreError::Duplicate { constraint } => format!("is in place elsewhere ({constraint})"),
        _ => return error.into(),
    };
    ImportError::Invalid(vec![Problem { path: path.to_owned(), text }])
}

#[cfg(test)]
mod tests;
