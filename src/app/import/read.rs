//! The sections of an import file, from JSON.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::Value;
use uuid::Uuid;

use super::entries::{CalendarEntry, ImportFile, LocationEntry, OrganizationEntry, PersonEntry, SubscriptionEntry, TenantEntry};
use super::fields::{Fields, Problem, Problems};
use crate::domain::actor::Role;
use crate::domain::calendar::Calendar;
use crate::domain::details::{Domain, EmailAddress, MpnId};
use crate::domain::ids::{SubscriptionId, TenantId};
use crate::domain::preferences::LOCALES;
use crate::domain::product::{Area, CatalogueEntry, ProductCode};

/// Days that a calendar's weekend may have, at most.
const MAX_WEEKEND_DAYS: usize = 6;

/// Reads a file; everything that is wrong at once.
pub(super) fn read(json: &str) -> Result<ImportFile, Vec<Problem>> {
    let value: Value = serde_json::from_str(json)
        .map_err(|error| vec![Problem { path: String::new(), text: format!("is not JSON: {error}") }])?;
    let mut problems = Problems::default();
    let file = Fields::of(&mut problems, &value, "").map(sections);
    if let Some(file) = &file {
        super::check::check(file, &mut problems);
    }
    match file {
        Some(file) if problems.0.is_empty() => Ok(file),
        _ => Err(problems.0),
    }
}

fn sections(mut fields: Fields<'_, '_>) -> ImportFile {
    let organizations = fields.objects("organizations", organization);
    let people = fields.objects("people", person);
    let catalogue = fields.objects("catalogue", product);
    let calendar = fields.object("calendar", calendar).flatten();
    let tenants = fields.object("directory", directory).unwrap_or_default();
    fields.end();
    ImportFile { organizations, people, catalogue, calendar, tenants }
}

fn organization(mut fields: Fields<'_, '_>) -> Option<OrganizationEntry> {
    let slug = fields.parsed("slug", "lower-case letters, digits and hyphens", slug);
    let name = fields.text("name").map(str::to_owned);
    let locations = fields.objects("locations", location);
    let people = fields.objects("people", person);
    fields.end();
    Some(OrganizationEntry { slug: slug?, name: name?, locations, people })
}

fn slug(text: &str) -> Option<String> {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    plain.then(|| text.to_owned())
}

fn location(mut fields: Fields<'_, '_>) -> Option<LocationEntry> {
    let mpn_id = fields.parsed("mpnId", "an MPN id of one to twelve digits", MpnId::parse);
    let name = fields.text("name").map(str::to_owned);
    let country = fields.parsed("country", "a country code of two capital letters", |text| {
        (text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())).then(|| text.to_owned())
    });
    fields.end();
    Some(LocationEntry { mpn_id: mpn_id?, name: name?, country: country? })
}

fn person(mut fields: Fields<'_, '_>) -> Option<PersonEntry> {
    let issuer = fields.text("issuer").map(str::to_owned);
    let subject = fields.text("subject").map(str::to_owned);
    let name = fields.text("name").map(str::to_owned);
    let email = fields.parsed("email", "an e-mail address", EmailAddress::parse);
    let role = fields.parsed("role", "a role such as INCENTIVES_ADMIN or REVIEWER", |text| {
        Role::from_code(text).filter(|role| *role != Role::Customer)
    });
    let is_limited = fields.has("locations");
    let locations: BTreeSet<MpnId> =
        fields.texts("locations", "an MPN id of one to twelve digits", MpnId::parse).into_iter().collect();
    let locale = fields.parsed_or("locale", "en or pl", |text| LOCALES.contains(&text).then(|| text.to_owned()), "en".to_owned());
    let time_zone = fields.parsed_or("timeZone", "an IANA time zone", |text| text.parse::<Tz>().ok(), Tz::UTC);
    let is_active = fields.flag("isActive", true);
    fields.end();
    Some(PersonEntry {
        issuer: issuer?,
        subject: subject?,
        name: name?,
        email: email?.as_str().to_owned(),
        role: role?,
        locations: is_limited.then_some(locations),
        locale: locale?,
        time_zone: time_zone?.name().to_owned(),
        is_active,
    })
}

fn product_code(text: &str) -> Option<ProductCode> {
    let plain = text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    ((1..=60).contains(&text.len()) && plain).then(|| ProductCode(text.to_owned()))
}

fn date(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

fn product(mut fields: Fields<'_, '_>) -> Option<CatalogueEntry> {
    let code = fields.parsed("code", "a code of capitals, digits and underscores", product_code);
    let area = fields.parsed("area", "BUSINESS_APPLICATIONS or MICROSOFT_365", Area::from_code);
    let name = fields.text("name").map(str::to_owned);
    let valid_from = fields.parsed("validFrom", "a date", date);
    let valid_until = fields.parsed_or("validUntil", "a date", |text| date(text).map(Some), None);
    fields.end();
    Some(CatalogueEntry { code: code?, area: area?, name: name?, valid_from: valid_from?, valid_until: valid_until? })
}

fn calendar(mut fields: Fields<'_, '_>) -> Option<CalendarEntry> {
    let time_zone = fields.parsed("timeZone", "an IANA time zone", |text| text.parse::<Tz>().ok());
    let form = "a day of the week from 1 (Monday) to 7";
    let day = |number| u8::try_from(number).ok().filter(|day| (1..=7).contains(day));
    let weekend: BTreeSet<u8> = fields.numbers("weekend", form, day).into_iter().collect();
    if weekend.len() > MAX_WEEKEND_DAYS {
        fields.refuse("weekend", "must leave a day to work on");
    }
    let names = fields.objects("holidays", |mut fields| {
        let day = fields.parsed("day", "a date", date);
        let name = fields.text("name").map(str::to_owned);
        fields.end();
        Some((day?, name?))
    });
    fields.end();
    let calendar = Calendar { time_zone: time_zone?, weekend, holidays: names.iter().map(|(day, _)| *day).collect() };
    Some(CalendarEntry { calendar, names })
}

fn directory(mut fields: Fields<'_, '_>) -> Vec<TenantEntry> {
    let tenants = fields.objects("tenants", tenant);
    fields.end();
    tenants
}

fn guid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten().filter(|id| !id.is_nil())
}

fn tenant(mut fields: Fields<'_, '_>) -> Option<TenantEntry> {
    let id = fields.parsed("id", "a GUID", guid).map(TenantId);
    let name = fields.text("name").map(str::to_owned);
    let domains = fields.texts("domains", "a domain name", Domain::parse);
    let products = fields.texts("products", "a product code", product_code);
    let subscriptions = fields.objects("subscriptions", |mut fields| {
        let id = fields.parsed("id", "a GUID", guid).map(SubscriptionId);
        let is_csp = fields.flag("isCsp", false);
        let is_provisioned = fields.flag("isProvisioned", true);
        let is_active = fields.flag("isActive", true);
        fields.end();
        Some(SubscriptionEntry { id: id?, is_csp, is_provisioned, is_active })
    });
    fields.end();
    Some(TenantEntry { id: id?, name: name?, domains, products, subscriptions })
}
