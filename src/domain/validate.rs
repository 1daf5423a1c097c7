//! What a claim must be to be submitted (`domain.md`, section 6). All that is wrong is told at once.

use std::collections::BTreeSet;

use super::claim::Claim;
use super::decide::Case;
use super::details::{Contact, Details, Field};
use super::facts::{DirectoryFacts, SubscriptionFacts};
use super::form::{item, item_field, name, under};
use super::product::{Activity, Area, ProductLine, keys};
use super::refusal::{Code, Detail, Violation, Warning};

/// The most product lines a claim may have.
pub const MAX_PRODUCTS: usize = 50;

/// Checks a candidate: the claim as it would be after the command.
pub(super) struct Validation<'a> {
    case: &'a Case<'a>,
    details: &'a Details,
    products: &'a [ProductLine],
    violations: Vec<Violation>,
}

impl<'a> Validation<'a> {
    /// Everything that stands in the way of this candidate being under way; proof of execution and attestation apart.
    pub fn of(case: &'a Case<'a>, details: &'a Details, products: &'a [ProductLine]) -> Vec<Violation> {
        let mut validation = Self { case, details, products, violations: Vec::new() };
        validation.required_fields();
        validation.activities();
        validation.lines();
        validation.own_claims();
        if let Some(directory) = &case.facts.directory {
            validation.directory(directory);
        }
        validation.violations
    }

    fn refuse(&mut self, code: Code, path: super::refusal::Path) {
        self.violations.push(Violation::new(code, path));
    }

    fn require(&mut self, present: bool, path: super::refusal::Path) {
        if !present {
            self.refuse(Code::RequiredFieldMissing, path);
        }
    }

    fn required_fields(&mut self) {
        let details = self.details;
        self.require(details.name.is_some(), name(Field::Name.path()));
        if !self.case.may_claim_for(&details.location) {
            self.refuse(Code::PartnerLocationForbidden, name(Field::Location.path()));
        }
        self.require(details.tenant.is_some(), name(Field::TenantId.path()));
        self.require(details.customer_name.is_some(), name(Field::CustomerName.path()));
        self.require(details.area.is_some(), name(Field::Area.path()));
        self.require(!details.activities.is_empty(), name(Field::Activities.path()));
        self.contact(details.customer_contact.as_ref(), Field::CustomerContact, true);
        if details.area == Some(Area::BusinessApplications) {
            self.contact(details.technical_contact.as_ref(), Field::TechnicalContact, false);
        }
        self.contact(details.partner_contact.as_ref(), Field::PartnerContact, false);
        self.require(!self.products.is_empty(), name(Field::Products.path()));
    }

    fn contact(&mut self, contact: Option<&Contact>, field: Field, titled: bool) {
        let Some(contact) = contact else { return self.require(false, name(field.path())) };
        self.require(contact.name.is_some(), under(field.path(), "name"));
        self.require(contact.title.is_some() || !titled, under(field.path(), "title"));
        self.require(contact.email.is_some(), under(field.path(), "email"));
    }

    fn activities(&mut self) {
        let Some(area) = self.details.area else { return };
        let activities = &self.details.activities;
        if !activities.iter().all(|activity| area.admits(*activity)) {
            self.refuse(Code::ActivityNotInArea, name(Field::Activities.path()));
        } else if activities.contains(&Activity::RevenueAssociation) && activities.len() > 1 {
            self.refuse(Code::ActivityCombinationInvalid, name(Field::Activities.path()));
        }
    }

    fn lines(&mut self) {
        let Some(area) = self.details.area else { return };
        let today = self.case.now.date_naive();
        let list = Field::Products.path();
        for (index, line) in self.products.iter().enumerate() {
            let eligible = self.case.facts.catalogue.get(&line.product).is_some_and(|entry| entry.is_eligible(area, today));
            if !eligible {
                self.refuse(Code::ProductNotEligible, item_field(list, index, "product"));
            }
            match (area.needs_subscription(), line.subscription) {
                (true, None) => self.refuse(Code::SubscriptionRequired, item_field(list, index, "subscriptionId")),
                (false, Some(_)) => self.refuse(Code::InvalidFormat, item_field(list, index, "subscriptionId")),
                _ => {}
            }
        }
    }

    fn own_claims(&mut self) {
        let Some(tenant) = self.details.tenant else { return };
        for (index, line) in self.products.iter().enumerate() {
            let mine = keys(tenant, std::slice::from_ref(line), &self.details.activities);
            if let Some(number) = mine.iter().find_map(|key| self.case.facts.own_claims.get(key)) {
                let path = item(Field::Products.path(), index);
                self.violations.push(Violation::new(Code::AlreadyClaimedByYou, path).with(Detail::Claim(*number)));
            }
        }
    }

    fn directory(&mut self, directory: &DirectoryFacts) {
        let list = Field::Products.path();
        if let (Some(tenant), Some(domain)) = (&directory.tenant, &self.details.customer_domain)
            && !tenant.domains.contains(domain)
        {
            self.refuse(Code::DomainTenantMismatch, name(Field::CustomerDomain.path()));
        }
        for (index, line) in self.products.iter().enumerate() {
            if let Some(id) = line.subscription {
                if let Some(code) = self.subscription_code(directory.subscriptions.get(&id)) {
                    self.refuse(code, item_field(list, index, "subscriptionId"));
                }
            } else if directory.tenant.as_ref().is_some_and(|tenant| !tenant.products.contains(&line.product)) {
                self.refuse(Code::ProductNotOnTenant, item_field(list, index, "product"));
            }
        }
    }

    fn subscription_code(&self, known: Option<&SubscriptionFacts>) -> Option<Code> {
        let Some(known) = known else { return Some(Code::SubscriptionNotProvisioned) };
        if Some(known.tenant) != self.details.tenant {
            Some(Code::SubscriptionWrongTenant)
        } else if known.is_csp {
            Some(Code::SubscriptionIsCsp)
        } else if !known.is_provisioned {
            Some(Code::SubscriptionNotProvisioned)
        } else if !known.is_active {
            Some(Code::SubscriptionInactive)
        } else {
            None
        }
    }
}

/// A line that stands twice: the same product with the same subscription. Checked in drafts, too.
pub(super) fn duplicate_lines(products: &[ProductLine]) -> Vec<Violation> {
    let mut seen = BTreeSet::new();
    let doubled = products.iter().enumerate().filter(|(_, line)| !seen.insert((&line.product, line.subscription)));
    let mut violations: Vec<Violation> =
        doubled.map(|(index, _)| Violation::new(Code::DuplicateProduct, item(Field::Products.path(), index))).collect();
    if products.len() > MAX_PRODUCTS {
        violations.push(Violation::new(Code::TooLong, name(Field::Products.path())).with(Detail::Limit(MAX_PRODUCTS)));
    }
    violations
}

/// What does not block but should be known: told beside a submission.
pub(super) fn warnings(case: &Case<'_>, claim: &Claim) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let list = Field::Products.path();
    let Some(tenant) = claim.details.tenant else { return warnings };
    for (index, line) in claim.products.iter().enumerate() {
        let mine = keys(tenant, std::slice::from_ref(line), &claim.details.activities);
        let wanted = |key| case.facts.competing_keys.contains(key) || case.facts.held_keys.contains(key);
        if mine.iter().any(wanted) {
            warnings.push(Warning { code: Code::CompetingClaim, path: item(list, index) });
        }
    }
    let contact = claim.details.customer_contact.as_ref().and_then(|contact| contact.email.as_ref());
    if let (Some(email), Some(domain)) = (contact, &claim.details.customer_domain)
        && !is_within(email.domain(), domain.as_str())
    {
        warnings.push(Warning { code: Code::ContactDomainMismatch, path: under(Field::CustomerContact.path(), "email") });
    }
    warnings
}

fn is_within(domain: &str, parent: &str) -> bool {
    domain == parent || domain.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
}
