//! What must agree within an import file: keys stand once, people fit their organizations.

use std::collections::BTreeSet;

use super::entries::{ImportFile, OrganizationEntry, PersonEntry};
use super::fields::Problems;

/// Adds what does not agree.
pub(super) fn check(file: &ImportFile, problems: &mut Problems) {
    let mut once = Once { problems };
    once.each("organizations", "slug", file.organizations.iter().map(|one| one.slug.as_str()));
    let locations = file.organizations.iter().flat_map(|one| &one.locations);
    once.each("organizations", "locations.mpnId", locations.map(|one| one.mpn_id.as_str()));
    let people = file.organizations.iter().flat_map(|one| &one.people).chain(&file.people);
    once.each("people", "issuer and subject", people.map(|one| (one.issuer.as_str(), one.subject.as_str())));
    once.each("catalogue", "code", file.catalogue.iter().map(|one| one.code.0.as_str()));
    once.each("directory.tenants", "id", file.tenants.iter().map(|one| one.id.0));
    once.each("directory.tenants", "domains", file.tenants.iter().flat_map(|one| &one.domains).map(|one| one.as_str()));
    let subscriptions = file.tenants.iter().flat_map(|one| &one.subscriptions);
    once.each("directory.tenants", "subscriptions.id", subscriptions.map(|one| one.id.0));

    for (index, organization) in file.organizations.iter().enumerate() {
        for (number, person) in organization.people.iter().enumerate() {
            member(organization, person, &format!("organizations[{index}].people[{number}]"), problems);
        }
    }
    for (index, person) in file.people.iter().enumerate() {
        outsider(person, &format!("people[{index}]"), problems);
    }
    for (index, entry) in file.catalogue.iter().enumerate() {
        if entry.valid_until.is_some_and(|end| end <= entry.valid_from) {
            problems.add(format!("catalogue[{index}].validUntil"), "must be later than validFrom");
        }
    }
}

fn member(organization: &OrganizationEntry, person: &PersonEntry, path: &str, problems: &mut Problems) {
    if !person.role.is_partner() && !person.role.reviews() {
        problems.add(format!("{path}.role"), format!("{} does not belong to a partner organization", person.role));
    }
    let own: BTreeSet<_> = organization.locations.iter().map(|location| &location.mpn_id).collect();
    for foreign in person.locations.iter().flatten().filter(|location| !own.contains(location)) {
        problems.add(format!("{path}.locations"), format!("{foreign} is no location of {}", organization.slug));
    }
}

fn outsider(person: &PersonEntry, path: &str, problems: &mut Problems) {
    if person.role.is_partner() {
        problems.add(format!("{path}.role"), format!("{} belongs to a partner organization: list the person there", person.role));
    }
    if person.locations.is_some() {
        problems.add(format!("{path}.locations"), "a person without an organization has none");
    }
}

struct Once<'p> {
    problems: &'p mut Problems,
}

impl Once<'_> {
    /// Each key stands once.
    fn each<T: Ord + std::fmt::Debug + Copy>(&mut self, section: &str, what: &str, keys: impl Iterator<Item = T>) {
        let mut seen = BTreeSet::new();
        for key in keys.filter(|key| !seen.insert(*key)).collect::<BTreeSet<T>>() {
            self.problems.add(section, format!("{what} {key:?} stands more than once"));
        }
    }
}
