//! The demo's people as viewers, by what they do: nobody is named in the code.

use std::sync::Arc;

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::DemoError;
use crate::app::App;
use crate::app::import::{ImportFile, LocationEntry, OrganizationEntry, PersonEntry};
use crate::auth::viewer::Viewer;
use crate::domain::actor::Role;
use crate::domain::details::MpnId;
use crate::domain::ids::{OrganizationId, PersonId};

/// When a working day begins, local time.
const OPENING_HOUR: i32 = 8;
/// When the programme's and the customers' working day begins, hours of UTC.
pub(super) const PROGRAMME_OPENS: u16 = 7;

/// A partner organization.
pub(super) struct Partner {
    pub name: String,
    pub organization: Option<OrganizationId>,
    pub admin: Arc<Viewer>,
    pub user: Arc<Viewer>,
    pub locations: Vec<LocationEntry>,
    /// When the working day begins, hours of UTC.
    pub opens: u16,
}

/// Everybody.
pub(super) struct Cast {
    pub partners: Vec<Partner>,
    pub reviewers: Vec<Arc<Viewer>>,
    pub leads: Vec<Arc<Viewer>>,
    pub eligibility: Arc<Viewer>,
}

impl Cast {
    /// Everybody in the file, who must be in place.
    pub async fn of(app: &App, file: &ImportFile, now: DateTime<Utc>) -> Result<Self, DemoError> {
        let mut partners = Vec::new();
        for organization in &file.organizations {
            partners.push(partner(app, organization, now).await?);
        }
        let everybody = || file.organizations.iter().flat_map(|one| &one.people).chain(&file.people);
        let reviewers = all(app, everybody(), Role::Reviewer).await?;
        let leads = all(app, everybody(), Role::ReviewLead).await?;
        let eligibility = all(app, everybody(), Role::ServiceAccount).await?.pop().ok_or(DemoError::Nobody("SERVICE_ACCOUNT"))?;
        if leads.is_empty() {
            return Err(DemoError::Nobody("REVIEW_LEAD"));
        }
        Ok(Self { partners, reviewers, leads, eligibility })
    }

    /// The reviewers without an interest in the partner.
    pub fn reviewers_for(&self, partner: &Partner) -> Vec<Arc<Viewer>> {
        let organization = |viewer: &Viewer| viewer.person().and_then(|person| person.organization);
        self.reviewers.iter().filter(|viewer| organization(viewer) != partner.organization).cloned().collect()
    }
}

impl Partner {
    /// Who prepares claims for a location: the user where the role reaches, the admin elsewhere.
    pub fn preparer(&self, location: &MpnId) -> &Arc<Viewer> {
        let limits = self.user.person().and_then(|person| person.locations.as_ref());
        if limits.is_none_or(|some| some.contains(location)) { &self.user } else { &self.admin }
    }
}

/// Whose identity and name a viewer has; customers have neither.
pub(super) fn identity(viewer: &Viewer) -> Option<PersonId> {
    viewer.person().map(|person| person.id)
}

async fn partner(app: &App, entry: &OrganizationEntry, now: DateTime<Utc>) -> Result<Partner, DemoError> {
    let found = |admin: bool| {
        let fits = move |role: Role| if admin { role.is_partner_admin() } else { role == Role::IncentivesUser };
        entry.people.iter().find(|person| fits(person.role))
    };
    let admin_entry = found(true).ok_or(DemoError::Nobody("partner administrator"))?;
    let admin = viewer(app, admin_entry).await?;
    let user = viewer(app, found(false).ok_or(DemoError::Nobody("INCENTIVES_USER"))?).await?;
    let organization = admin.person().and_then(|person| person.organization);
    let (name, locations) = (entry.name.clone(), entry.locations.clone());
    Ok(Partner { name, organization, admin, user, locations, opens: opens(&admin_entry.time_zone, now) })
}

fn opens(time_zone: &str, now: DateTime<Utc>) -> u16 {
    let zone: Tz = time_zone.parse().unwrap_or(Tz::UTC);
    let east_hours = zone.offset_from_utc_datetime(&now.naive_utc()).fix().local_minus_utc() / 3_600;
    u16::try_from(OPENING_HOUR - east_hours).unwrap_or_default()
}

async fn viewer(app: &App, person: &PersonEntry) -> Result<Arc<Viewer>, DemoError> {
    Ok(app.viewer_of(&person.issuer, &person.subject).await?)
}

async fn all<'a>(app: &App, people: impl Iterator<Item = &'a PersonEntry>, role: Role) -> Result<Vec<Arc<Viewer>>, DemoError> {
    let mut viewers = Vec::new();
    for person in people.filter(|person| person.role == role) {
        viewers.push(viewer(app, person).await?);
    }
    Ok(viewers)
}
