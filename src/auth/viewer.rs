//! The viewer: whoever asks, with what they may see. No query without one.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::actor::{Actor, PersonActor, Role};
use crate::domain::claim::Claim;
use crate::domain::details::MpnId;
use crate::domain::ids::{ClaimId, ConsentLinkId, OrganizationId, PersonId, TenantId};
use crate::domain::preferences::OptionalNotice;

/// What the tables say of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// Who.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The role.
    pub role: Role,
    /// The organization.
    pub organization: Option<OrganizationId>,
    /// The locations the role is limited to; `None` means no limit.
    pub locations: Option<BTreeSet<MpnId>>,
    /// The language for prose, `en` or `pl`.
    pub locale: String,
    /// The time zone (IANA name).
    pub time_zone: String,
    /// The optional notices that the person does not want.
    pub muted: BTreeSet<OptionalNotice>,
}

impl PersonRecord {
    /// Whether both are the same person with the same rights; what people choose for themselves does not count.
    #[must_use]
    pub fn has_rights_of(&self, other: &Self) -> bool {
        let rights = |person: &Self| (person.id, person.role, person.organization, person.locations.clone());
        rights(self) == rights(other)
    }
}

/// What the tables say of a consent link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRecord {
    /// The link.
    pub id: ConsentLinkId,
    /// The claim it opens.
    pub claim: ClaimId,
    /// The customer's tenant.
    pub tenant: TenantId,
    /// The contact's e-mail address.
    pub email: String,
}

/// Who asks. Made only by authentication, from a verified token or a consent link, and never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    identity: Identity,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Identity {
    Person(PersonRecord),
    Customer(LinkRecord),
}

/// The claims a viewer may read (`domain.md`, section 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimScope {
    /// None.
    Nothing,
    /// All.
    All,
    /// All but those of the reviewer's own organization.
    AllBut(OrganizationId),
    /// Those of the own organization, perhaps of some locations only.
    Organization {
        /// The organization.
        id: OrganizationId,
        /// The locations; `None` means all.
        locations: Option<BTreeSet<MpnId>>,
    },
    /// Those that were sent for assessment.
    Assessed,
    /// One, redacted, by consent link.
    Customer {
        /// Which.
        claim: ClaimId,
    },
}

/// What must be known of a claim to tell whether a viewer may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimOwner {
    /// The claim.
    pub id: ClaimId,
    /// Its organization.
    pub organization: OrganizationId,
    /// Its location.
    pub location: MpnId,
    /// Whether it was sent for assessment.
    pub is_assessed: bool,
}

impl ClaimOwner {
    /// Of a claim.
    #[must_use]
    pub fn of(claim: &Claim) -> Self {
        Self {
            id: claim.id,
            organization: claim.organization,
            location: claim.details.location.clone(),
            is_assessed: claim.assessment_sent_at.is_some(),
        }
    }
}

impl ClaimScope {
    /// Whether the scope holds the claim: the same rule as the store's SQL, for what is already in memory.
    #[must_use]
    pub fn admits(&self, claim: &ClaimOwner) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::AllBut(own) => claim.organization != *own,
            Self::Organization { id, locations } => {
                claim.organization == *id && locations.as_ref().is_none_or(|some| some.contains(&claim.location))
            }
            Self::Assessed => claim.is_assessed,
            Self::Customer { claim: own } => claim.id == *own,
        }
    }
}

impl Viewer {
    /// The viewer of a person whose token was verified.
    pub(crate) fn of_person(record: PersonRecord, expires_at: DateTime<Utc>) -> Self {
        Self { identity: Identity::Person(record), expires_at: Some(expires_at) }
    }

    /// The viewer of a customer whose consent link was found.
    pub(crate) fn of_customer(record: LinkRecord) -> Self {
        Self { identity: Identity::Customer(record), expires_at: None }
    }

    /// When the credential ends; `None` means with the link.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    /// The person, unless a customer asks.
    #[must_use]
    pub fn person(&self) -> Option<&PersonRecord> {
        match &self.identity {
            Identity::Person(record) => Some(record),
            Identity::Customer(_) => None,
        }
    }

    /// The consent link, if a customer asks.
    #[must_use]
    pub fn customer(&self) -> Option<&LinkRecord> {
        match &self.identity {
            Identity::Person(_) => None,
            Identity::Customer(record) => Some(record),
        }
    }

    /// What limits, idempotency keys and logs are counted by: the person's or the link's identity.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match &self.identity {
            Identity::Person(record) => record.id.0,
            Identity::Customer(record) => record.id.0,
        }
    }

    /// The language for prose that the viewer chose; customers have none stored.
    #[must_use]
    pub fn locale(&self) -> Option<&str> {
        self.person().map(|record| record.locale.as_str())
    }

    /// The role in which the viewer asks.
    #[must_use]
    pub fn role(&self) -> Role {
        self.person().map_or(Role::Customer, |record| record.role)
    }

    /// The viewer as the actor of a command.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.identity {
            Identity::Person(record) => Actor::Person(PersonActor {
                id: record.id,
                role: record.role,
                organization: record.organization,
                locations: record.locations.clone(),
            }),
            Identity::Customer(record) => Actor::Customer { claim: record.claim },
        }
    }

    /// The claims the viewer may read.
    #[must_use]
    pub fn scope(&self) -> ClaimScope {
        let record = match &self.identity {
            Identity::Person(record) => record,
            Identity::Customer(link) => return ClaimScope::Customer { claim: link.claim },
        };
        match (record.role, record.organization) {
            (Role::ReviewLead | Role::Auditor, _) | (Role::Reviewer, None) => ClaimScope::All,
            (Role::Reviewer, Some(own)) => ClaimScope::AllBut(own),
            (Role::ServiceAccount, _) => ClaimScope::Assessed,
            (role, Some(id)) if role.is_partner() => ClaimScope::Organization { id, locations: record.locations.clone() },
            _ => ClaimScope::Nothing,
        }
    }

    /// Whether the viewer may read the reviewers' internal notes (of claims in the scope).
    #[must_use]
    pub fn reads_notes(&self) -> bool {
        matches!(self.role(), Role::Reviewer | Role::ReviewLead | Role::Auditor)
    }

    /// Whether the viewer sees claims whole; a customer sees them redacted, without history, documents and comments.
    #[must_use]
    pub fn reads_whole(&self) -> bool {
        !matches!(self.role(), Role::Customer | Role::ServiceAccount)
    }
}
