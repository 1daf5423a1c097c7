//! The people. Anna works for Northwind, whose claims the tests tell of.

use std::collections::BTreeSet;

use cpor::domain::actor::{Actor, PersonActor, Role};
use cpor::domain::details::MpnId;
use cpor::domain::facts::AssigneeFacts;
use cpor::domain::ids::{ClaimId, OrganizationId, PersonId};
use uuid::Uuid;

/// Northwind's claim in every story.
pub const CLAIM: ClaimId = ClaimId(Uuid::from_u128(0xC1A1));
/// The partner whose claims the tests tell of.
pub const NORTHWIND: OrganizationId = OrganizationId(Uuid::from_u128(0x0A));
/// Another partner.
pub const FABRIKAM: OrganizationId = OrganizationId(Uuid::from_u128(0x0B));

/// The reviewer who does most of the work.
pub const RITA: PersonId = PersonId(Uuid::from_u128(0x21));
/// Another reviewer.
pub const ROLF: PersonId = PersonId(Uuid::from_u128(0x22));
/// A reviewer who belongs to Northwind.
pub const NORA: PersonId = PersonId(Uuid::from_u128(0x23));
/// The review lead.
pub const LENA: PersonId = PersonId(Uuid::from_u128(0x24));

fn someone(id: PersonId, role: Role, organization: Option<OrganizationId>) -> Actor {
    Actor::Person(PersonActor { id, role, organization, locations: None })
}

fn person(id: u128, role: Role, organization: Option<OrganizationId>) -> Actor {
    someone(PersonId(Uuid::from_u128(id)), role, organization)
}

/// Anna, incentives admin of Northwind.
pub fn anna() -> Actor {
    person(0x11, Role::IncentivesAdmin, Some(NORTHWIND))
}

/// Ulrich, incentives user of Northwind.
pub fn ulrich() -> Actor {
    person(0x14, Role::IncentivesUser, Some(NORTHWIND))
}

/// Lotte, incentives admin of Northwind for its second location alone.
pub fn lotte() -> Actor {
    let id = PersonId(Uuid::from_u128(0x15));
    let locations = Some(BTreeSet::from([MpnId::parse("7654321").unwrap()]));
    Actor::Person(PersonActor { id, role: Role::IncentivesAdmin, organization: Some(NORTHWIND), locations })
}

/// Rita, reviewer.
pub fn rita() -> Actor {
    someone(RITA, Role::Reviewer, None)
}

/// Rolf, reviewer.
pub fn rolf() -> Actor {
    someone(ROLF, Role::Reviewer, None)
}

/// Lena, review lead.
pub fn lena() -> Actor {
    someone(LENA, Role::ReviewLead, None)
}

/// Sam, the eligibility system's account.
pub fn sam() -> Actor {
    person(0x31, Role::ServiceAccount, None)
}

/// Carla, Contoso's contact, with the consent link of the claim.
pub fn carla() -> Actor {
    Actor::Customer { claim: CLAIM }
}

/// Everybody there is, with the words a table calls them by.
pub fn everybody() -> Vec<(&'static str, Actor)> {
    vec![
        ("Ulrich user", ulrich()),
        ("Anna incentives-admin", anna()),
        ("Gina global-admin", person(0x12, Role::GlobalAdmin, Some(NORTHWIND))),
        ("Bela billing-admin", person(0x13, Role::BillingAdmin, Some(NORTHWIND))),
        ("Lotte admin-elsewhere", lotte()),
        ("Fred user-of-Fabrikam", person(0x16, Role::IncentivesUser, Some(FABRIKAM))),
        ("Fay admin-of-Fabrikam", person(0x17, Role::GlobalAdmin, Some(FABRIKAM))),
        ("Rita reviewer", rita()),
        ("Rolf reviewer", rolf()),
        ("Nora reviewer-of-Northwind", someone(NORA, Role::Reviewer, Some(NORTHWIND))),
        ("Lena lead", lena()),
        ("Levi lead", person(0x25, Role::ReviewLead, None)),
        ("Lars lead-of-Northwind", person(0x26, Role::ReviewLead, Some(NORTHWIND))),
        ("Ada auditor", person(0x32, Role::Auditor, None)),
        ("Sam service-account", sam()),
        ("Otto operator", person(0x33, Role::Operator, None)),
        ("Carla customer", carla()),
        ("Cleo customer-of-another-claim", Actor::Customer { claim: ClaimId(Uuid::from_u128(0xC1A2)) }),
    ]
}

/// What an assignment would find out about this person.
pub fn as_assignee(id: PersonId) -> Option<AssigneeFacts> {
    let people = everybody().into_iter().filter_map(|(_, actor)| actor.person().cloned());
    people
        .filter(|person| person.id == id)
        .map(|person| AssigneeFacts { person: id, role: person.role, organization: person.organization })
        .next()
}
