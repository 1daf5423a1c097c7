//! The claim's own fields: typed, each with the form it must have.

use std::collections::BTreeSet;
use std::fmt;

use super::closed::closed_list;
use super::ids::TenantId;
use super::product::{Activity, Area};

/// The longest text a field may hold, in characters.
pub const MAX_TEXT_CHARS: usize = 200;
/// The longest comment, justification or description, in characters.
pub const MAX_PROSE_CHARS: usize = 10_000;
/// Tags a claim may have.
pub const MAX_TAGS: usize = 20;

macro_rules! text_form {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text_form! {
    /// A partner location's MPN id: one to twelve digits.
    MpnId,
    /// A DNS domain name, lower case, at least two labels.
    Domain,
    /// An e-mail address, `local@domain`.
    EmailAddress,
}

impl MpnId {
    /// Reads an id; blanks around it are ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let form = (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        form.then(|| Self(text.to_owned()))
    }
}

impl Domain {
    /// Reads a domain name; letter case and blanks around it are ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let labels: Vec<&str> = text.split('.').collect();
        (text.len() <= 253 && labels.len() >= 2 && labels.iter().all(|label| is_label(label))).then_some(Self(text))
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl EmailAddress {
    /// Reads an address; blanks around it are ignored, the domain is put in lower case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.trim().rsplit_once('@')?;
        let domain = Domain::parse(domain)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-.".contains(c);
        let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
        ((1..=64).contains(&local.len()) && local.chars().all(plain) && !dots).then(|| Self(format!("{local}@{domain}")))
    }

    /// The domain of the address.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// A person to talk to. In a draft, parts may still be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The name.
    pub name: Option<String>,
    /// The title; customers' contacts have one, partners' do not.
    pub title: Option<String>,
    /// The e-mail address.
    pub email: Option<EmailAddress>,
}

closed_list! {
    /// The fields of a claim (`domain.md`, section 5).
    Field {
        /// The partner's own words for the claim.
        Name = "NAME",
        /// The partner location (MPN id).
        Location = "LOCATION",
        /// The customer's tenant id.
        TenantId = "TENANT_ID",
        /// The customer's domain.
        CustomerDomain = "CUSTOMER_DOMAIN",
        /// The customer's name.
        CustomerName = "CUSTOMER_NAME",
        /// The solution area.
        Area = "AREA",
        /// The activities.
        Activities = "ACTIVITIES",
        /// The products.
        Products = "PRODUCTS",
        /// The customer's contact.
        CustomerContact = "CUSTOMER_CONTACT",
        /// The customer's technical contact.
        TechnicalContact = "TECHNICAL_CONTACT",
        /// The partner's contact.
        PartnerContact = "PARTNER_CONTACT",
        /// The documents of proof of execution.
        Documents = "DOCUMENTS",
        /// The partner's own reference.
        ExternalReference = "EXTERNAL_REFERENCE",
        /// The partner's tags.
        Tags = "TAGS",
    }
}

impl Field {
    /// The name of the field in the API: where violations point.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Location => "location",
            Self::TenantId => "tenantId",
            Self::CustomerDomain => "customerDomain",
            Self::CustomerName => "customerName",
            Self::Area => "area",
            Self::Activities => "activities",
            Self::Products => "products",
            Self::CustomerContact => "customerContact",
            Self::TechnicalContact => "technicalContact",
            Self::PartnerContact => "partnerContact",
            Self::Documents => "documents",
            Self::ExternalReference => "externalReference",
            Self::Tags => "tags",
        }
    }

    /// Whether the field can be edited after submission at all; the others are fixed by it.
    #[must_use]
    pub fn is_editable_after_submission(self) -> bool {
        use Field::{CustomerContact, Documents, ExternalReference, Location, PartnerContact, Products, Tags, TechnicalContact};
        matches!(
            self,
            Location | Products | CustomerContact | TechnicalContact | PartnerContact | Documents | ExternalReference | Tags
        )
    }
}

/// The fields of a claim, products and documents apart. All but the location may be missing while EDITING.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// The partner's own words for the claim.
    pub name: Option<String>,
    /// The partner location.
    pub location: MpnId,
    /// The customer's tenant.
    pub tenant: Option<TenantId>,
    /// The customer's domain.
    pub customer_domain: Option<Domain>,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// The solution area.
    pub area: Option<Area>,
    /// The activities.
    pub activities: BTreeSet<Activity>,
    /// The customer's contact.
    pub customer_contact: Option<Contact>,
    /// The customer's technical contact.
    pub technical_contact: Option<Contact>,
    /// The partner's contact.
    pub partner_contact: Option<Contact>,
    /// The partner's own reference.
    pub external_reference: Option<String>,
    /// The partner's tags.
    pub tags: BTreeSet<String>,
}

/// One field's old and new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed<T> {
    /// Before.
    pub old: T,
    /// After.
    pub new: T,
}

/// A change of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldChange {
    /// Of the name.
    Name(Changed<Option<String>>),
    /// Of the location.
    Location(Changed<MpnId>),
    /// Of the tenant.
    Tenant(Changed<Option<TenantId>>),
    /// Of the customer's domain.
    CustomerDomain(Changed<Option<Domain>>),
    /// Of the customer's name.
    CustomerName(Changed<Option<String>>),
    /// Of the area.
    Area(Changed<Option<Area>>),
    /// Of the activities.
    Activities(Changed<BTreeSet<Activity>>),
    /// Of the customer's contact.
    CustomerContact(Changed<Option<Contact>>),
    /// Of the technical contact.
    TechnicalContact(Changed<Option<Contact>>),
    /// Of the partner's contact.
    PartnerContact(Changed<Option<Contact>>),
    /// Of the external reference.
    ExternalReference(Changed<Option<String>>),
    /// Of the tags.
    Tags(Changed<BTreeSet<String>>),
}

impl FieldChange {
    /// The field that changes.
    #[must_use]
    pub fn field(&self) -> Field {
        match self {
            Self::Name(_) => Field::Name,
            Self::Location(_) => Field::Location,
            Self::Tenant(_) => Field::TenantId,
            Self::CustomerDomain(_) => Field::CustomerDomain,
            Self::CustomerName(_) => Field::CustomerName,
            Self::Area(_) => Field::Area,
            Self::Activities(_) => Field::Activities,
            Self::CustomerContact(_) => Field::CustomerContact,
            Self::TechnicalContact(_) => Field::TechnicalContact,
            Self::PartnerContact(_) => Field::PartnerContact,
            Self::ExternalReference(_) => Field::ExternalReference,
            Self::Tags(_) => Field::Tags,
        }
    }

    /// Puts the new value in place.
    pub fn apply(&self, details: &mut Details) {
        match self {
            Self::Name(c) => details.name.clone_from(&c.new),
            Self::Location(c) => details.location.clone_from(&c.new),
            Self::Tenant(c) => details.tenant = c.new,
            Self::CustomerDomain(c) => details.customer_domain.clone_from(&c.new),
            Self::CustomerName(c) => details.customer_name.clone_from(&c.new),
            Self::Area(c) => details.area = c.new,
            Self::Activities(c) => details.activities.clone_from(&c.new),
            Self::CustomerContact(c) => details.customer_contact.clone_from(&c.new),
            Self::TechnicalContact(c) => details.technical_contact.clone_from(&c.new),
            Self::PartnerContact(c) => details.partner_contact.clone_from(&c.new),
            Self::ExternalReference(c) => details.external_reference.clone_from(&c.new),
            Self::Tags(c) => details.tags.clone_from(&c.new),
        }
    }
}
