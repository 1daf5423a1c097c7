//! Who acts, and the one closed list of who may do what (`domain.md`, section 9).

use std::collections::BTreeSet;

use super::closed::closed_list;
use super::command::CommandKind;
use super::details::MpnId;
use super::ids::{ClaimId, OrganizationId, PersonId};

closed_list! {
    /// The role of a person, or of one of the two that are no persons.
    Role {
        /// Prepares claims of the own organization.
        IncentivesUser = "INCENTIVES_USER",
        /// Partner administrator for incentives.
        IncentivesAdmin = "INCENTIVES_ADMIN",
        /// Partner administrator for everything.
        GlobalAdmin = "GLOBAL_ADMIN",
        /// Partner administrator for billing.
        BillingAdmin = "BILLING_ADMIN",
        /// Validates proof of execution.
        Reviewer = "REVIEWER",
        /// A reviewer who also assigns, arbitrates and watches what is overdue.
        ReviewLead = "REVIEW_LEAD",
        /// Reads everything, changes nothing.
        Auditor = "AUDITOR",
        /// The eligibility system's account.
        ServiceAccount = "SERVICE_ACCOUNT",
        /// Keeps organizations, people, catalogue, calendar and policies.
        Operator = "OPERATOR",
        /// A customer contact, by consent link.
        Customer = "CUSTOMER",
    }
}

impl Role {
    /// Whether the role belongs to a partner organization.
    #[must_use]
    pub fn is_partner(self) -> bool {
        self == Self::IncentivesUser || self.is_partner_admin()
    }

    /// Whether the role is one of the three partner administrators, distinct values with equal rights.
    #[must_use]
    pub fn is_partner_admin(self) -> bool {
        matches!(self, Self::IncentivesAdmin | Self::GlobalAdmin | Self::BillingAdmin)
    }

    /// Whether the role reviews claims.
    #[must_use]
    pub fn reviews(self) -> bool {
        matches!(self, Self::Reviewer | Self::ReviewLead)
    }

    /// Whether the role may ever give this command. The whole list of commands × roles stands here and nowhere else.
    #[must_use]
    pub fn may(self, command: CommandKind) -> bool {
        use CommandKind as C;
        match command {
            C::Create | C::Update | C::UpdateProducts | C::AttachDocument | C::Cancel => self.is_partner(),
            C::Submit | C::Resubmit | C::Withdraw | C::Disassociate | C::Dispute => self.is_partner_admin(),
            C::Comment => self.is_partner() || self.reviews(),
            C::StartReview | C::RequestAction | C::Approve | C::Reject | C::AddNote => self.reviews(),
            C::Assign => self == Self::ReviewLead,
            C::Decline => self == Self::Customer,
            C::AnswerAssessment => self == Self::ServiceAccount,
        }
    }
}

/// Who gives a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person, or the service account.
    Person(PersonActor),
    /// A customer contact with a valid consent link for one claim.
    Customer {
        /// The claim that the link opens.
        claim: ClaimId,
    },
}

/// A person as an actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonActor {
    /// Who.
    pub id: PersonId,
    /// The role.
    pub role: Role,
    /// The organization the person belongs to; reviewers may belong to one, too.
    pub organization: Option<OrganizationId>,
    /// The locations the role is limited to; `None` means no limit.
    pub locations: Option<BTreeSet<MpnId>>,
}

impl Actor {
    /// The role in which the actor acts.
    #[must_use]
    pub fn role(&self) -> Role {
        match self {
            Self::Person(person) => person.role,
            Self::Customer { .. } => Role::Customer,
        }
    }

    /// The person, unless a customer acts.
    #[must_use]
    pub fn person(&self) -> Option<&PersonActor> {
        match self {
            Self::Person(person) => Some(person),
            Self::Customer { .. } => None,
        }
    }

    /// How the history names the actor.
    #[must_use]
    pub fn author(&self) -> Author {
        match self {
            Self::Person(person) => Author::Person { id: person.id, role: person.role },
            Self::Customer { .. } => Author::Customer,
        }
    }
}

/// Who the history says did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// A person, in a role.
    Person {
        /// Who.
        id: PersonId,
        /// As which role.
        role: Role,
    },
    /// The customer, by consent link.
    Customer,
    /// A clock that ran out.
    Clock,
}

impl Author {
    /// The person, if it was one.
    #[must_use]
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Person { id, .. } => Some(id),
            Self::Customer | Self::Clock => None,
        }
    }
}
