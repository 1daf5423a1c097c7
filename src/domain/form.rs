//! Reading what the client wrote: each value takes its form or becomes a violation with its path.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::command::{ContactInput, DetailsInput, Patch, ProductInput};
use super::details::{
    Changed, Contact, Details, Domain, EmailAddress, Field, FieldChange, MAX_PROSE_CHARS, MAX_TAGS, MAX_TEXT_CHARS, MpnId,
};
use super::facts::Facts;
use super::ids::{SubscriptionId, TenantId};
use super::product::{ProductCode, ProductLine};
use super::refusal::{Code, Detail, Path, Segment, Violation};

/// Collects violations while values take their form.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub violations: Vec<Violation>,
}

pub(super) fn name(name: &'static str) -> Path {
    vec![Segment::Name(name)]
}

pub(super) fn under(outer: &'static str, inner: &'static str) -> Path {
    vec![Segment::Name(outer), Segment::Name(inner)]
}

pub(super) fn item(list: &'static str, index: usize) -> Path {
    vec![Segment::Name(list), Segment::Index(index)]
}

pub(super) fn item_field(list: &'static str, index: usize, field: &'static str) -> Path {
    vec![Segment::Name(list), Segment::Index(index), Segment::Name(field)]
}

impl Reader {
    pub fn refuse(&mut self, code: Code, path: Path) {
        self.violations.push(Violation::new(code, path));
    }

    /// A text without its surrounding blanks; blank means absent. PostgreSQL takes no NUL, and no name needs one.
    fn bounded(&mut self, text: Option<&str>, limit: usize, path: Path) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        if text.contains('\0') {
            self.refuse(Code::InvalidFormat, path);
        } else if text.chars().count() > limit {
            self.violations.push(Violation::new(Code::TooLong, path).with(Detail::Limit(limit)));
        }
        Some(text.to_owned())
    }

    /// A one-line text.
    pub fn text(&mut self, text: Option<&str>, path: Path) -> Option<String> {
        self.bounded(text, MAX_TEXT_CHARS, path)
    }

    /// Prose: a comment, justification or description.
    pub fn prose(&mut self, text: Option<&str>, path: Path) -> Option<String> {
        self.bounded(text, MAX_PROSE_CHARS, path)
    }

    /// Prose that must be there.
    pub fn required_prose(&mut self, text: Option<&str>, path: Path) -> String {
        let prose = self.prose(text, path.clone());
        if prose.is_none() {
            self.refuse(Code::RequiredFieldMissing, path);
        }
        prose.unwrap_or_default()
    }

    fn parsed<T>(&mut self, text: Option<&str>, parse: impl Fn(&str) -> Option<T>, path: Path) -> Option<T> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let value = parse(text);
        if value.is_none() {
            self.refuse(Code::InvalidFormat, path);
        }
        value
    }

    fn contact(&mut self, input: Option<&ContactInput>, outer: &'static str, titled: bool) -> Option<Contact> {
        let input = input?;
        let contact = Contact {
            name: self.text(input.name.as_deref(), under(outer, "name")),
            title: if titled { self.text(input.title.as_deref(), under(outer, "title")) } else { None },
            email: self.parsed(input.email.as_deref(), EmailAddress::parse, under(outer, "email")),
        };
        // A contact without any part is no contact.
        Some(contact).filter(|contact| *contact != Contact::default())
    }

    /// A location: well-formed, or a violation. It cannot be cleared, so a blank one has no form either.
    pub fn location(&mut self, text: &str) -> Option<MpnId> {
        let location = MpnId::parse(text);
        if location.is_none() {
            self.refuse(Code::InvalidFormat, name(Field::Location.path()));
        }
        location
    }

    fn tags(&mut self, tags: &[String]) -> BTreeSet<String> {
        let path = Field::Tags.path();
        if tags.len() > MAX_TAGS {
            self.violations.push(Violation::new(Code::TooLong, name(path)).with(Detail::Limit(MAX_TAGS)));
        }
        tags.iter().take(MAX_TAGS).enumerate().filter_map(|(index, tag)| self.text(Some(tag), item(path, index))).collect()
    }

    /// The changes that an input makes to the details; equal values change nothing.
    pub fn changes(&mut self, input: &DetailsInput, old: &Details) -> Vec<FieldChange> {
        let mut changes = Vec::new();
        macro_rules! changed {
            ($variant:ident, $field:ident, $new:expr) => {
                let new = $new;
                if new != old.$field {
                    changes.push(FieldChange::$variant(Changed { old: old.$field.clone(), new }));
                }
            };
        }
        if let Some(patch) = &input.name {
            changed!(Name, name, self.text(patch.as_deref(), name(Field::Name.path())));
        }
        if let Some(location) = input.location.as_deref().and_then(|text| self.location(text)) {
            changed!(Location, location, location);
        }
        if let Some(patch) = &input.tenant_id {
            changed!(Tenant, tenant, self.parsed(patch.as_deref(), guid, name(Field::TenantId.path())).map(TenantId));
        }
        if let Some(patch) = &input.customer_domain {
            changed!(
                CustomerDomain,
                customer_domain,
                self.parsed(patch.as_deref(), Domain::parse, name(Field::CustomerDomain.path()))
            );
        }
        if let Some(patch) = &input.customer_name {
            changed!(CustomerName, customer_name, self.text(patch.as_deref(), name(Field::CustomerName.path())));
        }
        if let Some(patch) = input.area {
            changed!(Area, area, patch);
        }
        if let Some(activities) = &input.activities {
            changed!(Activities, activities, activities.clone());
        }
        if let Some(patch) = contact_patch(&input.customer_contact) {
            changed!(CustomerContact, customer_contact, self.contact(patch, Field::CustomerContact.path(), true));
        }
        if let Some(patch) = contact_patch(&input.technical_contact) {
            changed!(TechnicalContact, technical_contact, self.contact(patch, Field::TechnicalContact.path(), true));
        }
        if let Some(patch) = contact_patch(&input.partner_contact) {
            changed!(PartnerContact, partner_contact, self.contact(patch, Field::PartnerContact.path(), false));
        }
        if let Some(patch) = &input.external_reference {
            changed!(ExternalReference, external_reference, self.text(patch.as_deref(), name(Field::ExternalReference.path())));
        }
        if let Some(tags) = &input.tags {
            changed!(Tags, tags, self.tags(tags));
        }
        changes
    }

    /// A product line. The product must stand in the catalogue; whether it can be claimed is checked at submission.
    pub fn line(&mut self, input: &ProductInput, facts: &Facts, list: &'static str, index: usize) -> Option<ProductLine> {
        let product = ProductCode(input.product.trim().to_owned());
        let subscription =
            self.parsed(input.subscription_id.as_deref(), guid, item_field(list, index, "subscriptionId")).map(SubscriptionId);
        if !facts.catalogue.contains_key(&product) {
            self.refuse(Code::ProductNotEligible, item_field(list, index, "product"));
            return None;
        }
        Some(ProductLine { id: input.id, product, subscription })
    }
}

fn contact_patch(patch: &Patch<ContactInput>) -> Option<Option<&ContactInput>> {
    patch.as_ref().map(Option::as_ref)
}

/// A GUID in its usual form, with hyphens; braces and other forms are not taken.
pub(super) fn guid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten().filter(|id| !id.is_nil())
}
