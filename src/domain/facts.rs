//! What must be known from outside the claim to decide, loaded under the claim's lock.

use std::collections::{BTreeMap, BTreeSet};

use super::actor::Role;
use super::calendar::Calendar;
use super::details::{Domain, MpnId};
use super::ids::{ClaimNumber, OrganizationId, PersonId, SubscriptionId, TenantId, UploadId};
use super::poe::FileFacts;
use super::policy::Policy;
use super::product::{Catalogue, Key, ProductCode};

/// Facts from outside the claim.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The locations of the claim's organization.
    pub locations: BTreeSet<MpnId>,
    /// The catalogue.
    pub catalogue: Catalogue,
    /// Keys on which the same organization has another claim in SUBMITTED to DISPUTED, or with a living association.
    pub own_claims: BTreeMap<Key, ClaimNumber>,
    /// Keys with a living association of another organization.
    pub held_keys: BTreeSet<Key>,
    /// Keys on which another organization has a claim in SUBMITTED to DISPUTED.
    pub competing_keys: BTreeSet<Key>,
    /// Whether an arbitration about a key of the claim is open.
    pub arbitration_open: bool,
    /// What a directory knows, when one is configured.
    pub directory: Option<DirectoryFacts>,
    /// Uploads of the actor's organization that are complete and not yet attached.
    pub uploads: BTreeMap<UploadId, FileFacts>,
    /// Uploads in which the virus scanner found something after they were taken.
    pub infected: BTreeSet<UploadId>,
    /// The person whom an assignment names, if there is such a person.
    pub assignee: Option<AssigneeFacts>,
}

/// Who is to be assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssigneeFacts {
    /// Who.
    pub person: PersonId,
    /// Their role.
    pub role: Role,
    /// The organization they belong to.
    pub organization: Option<OrganizationId>,
}

/// What a directory knows about the claim's tenant and subscriptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryFacts {
    /// The tenant's domains and workloads; `None` means the directory does not know the tenant.
    pub tenant: Option<TenantFacts>,
    /// The subscriptions that the claim names, as far as the directory knows them.
    pub subscriptions: BTreeMap<SubscriptionId, SubscriptionFacts>,
}

/// A tenant in the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TenantFacts {
    /// Its domains.
    pub domains: BTreeSet<Domain>,
    /// The workloads and products it has.
    pub products: BTreeSet<ProductCode>,
}

/// A subscription in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionFacts {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Whether it was bought through a cloud solution provider.
    pub is_csp: bool,
    /// Whether it is provisioned.
    pub is_provisioned: bool,
    /// Whether it is active.
    pub is_active: bool,
}

/// The numbers and days by which to decide.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The claim's policy; before its first submission, the one in force.
    pub policy: &'a Policy,
    /// The business calendar.
    pub calendar: &'a Calendar,
}
