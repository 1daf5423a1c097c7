//! The columns of a claim's own fields.

use std::collections::BTreeSet;

use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

use super::errors::StoreError;
use super::schema::claims;
use super::words::{maybe_word, word};
use crate::domain::details::{Contact, Details, Domain, EmailAddress, MpnId};
use crate::domain::ids::TenantId;
use crate::domain::product::{Activity, Area};

/// The fields that the partner fills in. A contact without any part is no contact.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = claims, check_for_backend(Pg), treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct DetailsRow {
    pub name: Option<String>,
    pub location: String,
    pub tenant_id: Option<Uuid>,
    pub customer_domain: Option<String>,
    pub customer_name: Option<String>,
    pub area: Option<String>,
    pub activities: Vec<String>,
    pub customer_contact_name: Option<String>,
    pub customer_contact_title: Option<String>,
    pub customer_contact_email: Option<String>,
    pub technical_contact_name: Option<String>,
    pub technical_contact_title: Option<String>,
    pub technical_contact_email: Option<String>,
    pub partner_contact_name: Option<String>,
    pub partner_contact_email: Option<String>,
    pub external_reference: Option<String>,
    pub tags: Vec<String>,
}

impl DetailsRow {
    pub fn of(details: &Details) -> Self {
        let customer = details.customer_contact.clone().unwrap_or_default();
        let technical = details.technical_contact.clone().unwrap_or_default();
        let partner = details.partner_contact.clone().unwrap_or_default();
        let text = |email: Option<EmailAddress>| email.map(|email| email.as_str().to_owned());
        Self {
            name: details.name.clone(),
            location: details.location.as_str().to_owned(),
            tenant_id: details.tenant.map(|tenant| tenant.0),
            customer_domain: details.customer_domain.as_ref().map(|domain| domain.as_str().to_owned()),
            customer_name: details.customer_name.clone(),
            area: details.area.map(|area| area.code().to_owned()),
            activities: details.activities.iter().map(|activity| activity.code().to_owned()).collect(),
            customer_contact_name: customer.name,
            customer_contact_title: customer.title,
            customer_contact_email: text(customer.email),
            technical_contact_name: technical.name,
            technical_contact_title: technical.title,
            technical_contact_email: text(technical.email),
            partner_contact_name: partner.name,
            partner_contact_email: text(partner.email),
            external_reference: details.external_reference.clone(),
            tags: details.tags.iter().cloned().collect(),
        }
    }

    pub fn into_details(self) -> Result<Details, StoreError> {
        let activities: Result<BTreeSet<_>, _> =
            self.activities.iter().map(|activity| word(activity, Activity::from_code)).collect();
        Ok(Details {
            name: self.name,
            location: word(&self.location, MpnId::parse)?,
            tenant: self.tenant_id.map(TenantId),
            customer_domain: maybe_word(self.customer_domain.as_deref(), Domain::parse)?,
            customer_name: self.customer_name,
            area: maybe_word(self.area.as_deref(), Area::from_code)?,
            activities: activities?,
            customer_contact: contact(self.customer_contact_name, self.customer_contact_title, self.customer_contact_email)?,
            technical_contact: contact(self.technical_contact_name, self.technical_contact_title, self.technical_contact_email)?,
            partner_contact: contact(self.partner_contact_name, None, self.partner_contact_email)?,
            external_reference: self.external_reference,
            tags: self.tags.into_iter().collect(),
        })
    }
}

fn contact(name: Option<String>, title: Option<String>, email: Option<String>) -> Result<Option<Contact>, StoreError> {
    let email = maybe_word(email.as_deref(), EmailAddress::parse)?;
    let contact = Contact { name, title, email };
    Ok((contact != Contact::default()).then_some(contact))
}
