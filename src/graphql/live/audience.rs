//! For whom an answer is made: all who would get the very same one.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::auth::viewer::Viewer;
use crate::domain::actor::Role;
use crate::domain::details::MpnId;
use crate::domain::ids::OrganizationId;
use crate::graphql::context::Asker;
use crate::messages::Language;

/// Whoever reads with the same rights, in the same language; one viewer alone, where more than that could make a difference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Audience {
    /// By its code.
    role: &'static str,
    organization: Option<OrganizationId>,
    locations: Option<BTreeSet<MpnId>>,
    language: Language,
    alone: Option<Uuid>,
}

impl Audience {
    /// The audience of whoever asks for a selection that depends on rights alone, or on who asks.
    pub(super) fn of(asker: &Asker, is_shared: bool) -> Self {
        let (viewer, person) = (&asker.viewer, asker.viewer.person());
        Self {
            role: viewer.role().code(),
            organization: person.and_then(|person| person.organization),
            locations: person.and_then(|person| person.locations.clone()),
            language: asker.language,
            alone: (!is_shared || !is_of_a_kind(viewer)).then(|| viewer.id()),
        }
    }
}

/// Whether another viewer of the same role, organization and locations sees exactly the same. Not so where people see themselves without
/// seeing their likes: customers, the eligibility system, and partners of no organization.
fn is_of_a_kind(viewer: &Viewer) -> bool {
    match viewer.role() {
        Role::Reviewer | Role::ReviewLead | Role::Auditor => true,
        role => role.is_partner() && viewer.person().is_some_and(|person| person.organization.is_some()),
    }
}
