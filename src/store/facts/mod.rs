//! What must be known from outside a claim to decide, for one claim or for a page of them in the same number of statements.

mod directory;
mod keys;
mod programme;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::try_join;
use uuid::Uuid;

use super::database::{Conn, Database};
use super::errors::StoreError;
use super::schema::{locations, people};
use super::sql::Sql;
use super::words::word;
use super::{scans, uploads};
use crate::domain::Stakes;
use crate::domain::actor::Role;
use crate::domain::claim::Claim;
use crate::domain::details::MpnId;
use crate::domain::facts::{AssigneeFacts, Facts};
use crate::domain::ids::{OrganizationId, PersonId, TenantId, UploadId};
use crate::domain::poe::FileFacts;
use crate::domain::product::Catalogue;

use self::directory::Directory;
use self::keys::{KeyUses, Known};

pub use self::keys::lock_keys;
pub use self::programme::{KeptProgramme, Programme, catalogue, programme, programme_of};

/// Whether the database answers.
///
/// # Errors
/// If it does not.
pub async fn ping(database: &Database) -> Result<(), StoreError> {
    let mut conn = database.read().await?;
    Sql::new("SELECT 1").execute(&mut conn).await?;
    Ok(())
}

/// The facts for a command on one claim: those that are at stake, and none if nothing is.
///
/// # Errors
/// What the database says.
pub async fn load(
    conn: &Conn,
    claim: &Claim,
    stakes: &Stakes,
    programme: &Programme,
    now: DateTime<Utc>,
) -> Result<Facts, StoreError> {
    let stakes = stakes.clone();
    Ok(load_many(conn, &[(claim, stakes)], programme, now).await?.pop().unwrap_or_default())
}

/// The facts for many claims, in their order, in a constant number of statements and one round trip.
///
/// # Errors
/// What the database says.
pub async fn load_many(
    conn: &Conn,
    asked: &[(&Claim, Stakes)],
    programme: &Programme,
    now: DateTime<Utc>,
) -> Result<Vec<Facts>, StoreError> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let judged = || asked.iter().filter(|(_, stakes)| stakes.content).map(|(claim, _)| claim);
    let organizations: BTreeSet<OrganizationId> = judged().map(|claim| claim.organization).collect();
    let tenants: BTreeSet<TenantId> = judged().filter_map(|claim| claim.details.tenant).collect();
    let stakes = || asked.iter().map(|(_, stakes)| stakes);
    let keys = stakes().flat_map(|stakes| stakes.keys.iter().cloned()).collect();
    let subscriptions = stakes().flat_map(|stakes| stakes.subscriptions.iter().copied()).collect();
    let named_uploads: Vec<UploadId> = stakes().flat_map(|stakes| stakes.uploads.iter().copied()).collect();
    let named_people: Vec<PersonId> = stakes().filter_map(|stakes| stakes.assignee).collect();
    let (locations, uses, directory, uploads, infected, people) = try_join!(
        locations_of(conn, &organizations),
        keys::uses_of(conn, &keys),
        directory::of(conn, judged().next().is_some(), &tenants, &subscriptions),
        uploads::usable(conn, &named_uploads, now),
        scans::infected(conn, &named_uploads),
        people_of(conn, &named_people),
    )?;
    let known = Pieces { locations, catalogue: &programme.catalogue, uses, directory, uploads, infected, people };
    Ok(asked.iter().map(|(claim, stakes)| known.facts_of(claim, stakes)).collect())
}

/// The facts for the creation of a claim by a person of this organization.
///
/// # Errors
/// What the database says.
pub async fn load_for_creation(
    conn: &Conn,
    organization: Option<OrganizationId>,
    stakes: &Stakes,
    programme: &Programme,
) -> Result<Facts, StoreError> {
    let organizations: BTreeSet<OrganizationId> = organization.into_iter().collect();
    let no_tenants = BTreeSet::new();
    let (mut locations, directory) =
        try_join!(locations_of(conn, &organizations), directory::of(conn, true, &no_tenants, &stakes.subscriptions))?;
    Ok(Facts {
        locations: organization.and_then(|id| locations.remove(&id)).unwrap_or_default(),
        catalogue: programme.catalogue.clone(),
        directory: directory.map(|directory| directory.facts_of(None, &stakes.subscriptions)),
        ..Facts::default()
    })
}

/// What was loaded for all claims together.
struct Pieces<'a> {
    locations: HashMap<OrganizationId, BTreeSet<MpnId>>,
    catalogue: &'a Catalogue,
    uses: KeyUses,
    directory: Option<Directory>,
    uploads: Vec<(UploadId, OrganizationId, FileFacts)>,
    infected: Vec<UploadId>,
    people: HashMap<PersonId, AssigneeFacts>,
}

impl Pieces<'_> {
    fn facts_of(&self, claim: &Claim, stakes: &Stakes) -> Facts {
        let Known { own_claims, held_keys, competing_keys } = self.uses.known_to(claim, &stakes.keys);
        let own = |(id, organization, _): &&(UploadId, OrganizationId, FileFacts)| {
            *organization == claim.organization && stakes.uploads.contains(id)
        };
        let uploads: BTreeMap<UploadId, FileFacts> =
            self.uploads.iter().filter(own).map(|(id, _, file)| (*id, file.clone())).collect();
        Facts {
            locations: self.locations.get(&claim.organization).cloned().unwrap_or_default(),
            catalogue: if stakes.content { self.catalogue.clone() } else { Catalogue::new() },
            own_claims,
            held_keys,
            competing_keys,
            // Without arbitrations nothing can be open.
            arbitration_open: false,
            directory: self.directory.as_ref().map(|known| known.facts_of(claim.details.tenant, &stakes.subscriptions)),
            infected: self.infected.iter().copied().filter(|id| stakes.uploads.contains(id)).collect(),
            uploads,
            assignee: stakes.assignee.and_then(|person| self.people.get(&person).cloned()),
        }
    }
}

async fn locations_of(
    mut conn: &AsyncPgConnection,
    organizations: &BTreeSet<OrganizationId>,
) -> Result<HashMap<OrganizationId, BTreeSet<MpnId>>, StoreError> {
    if organizations.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = organizations.iter().map(|organization| organization.0).collect();
    let rows: Vec<(Uuid, String)> = locations::table
        .filter(locations::organization_id.eq_any(ids))
        .select((locations::organization_id, locations::mpn_id))
        .load(&mut conn)
        .await?;
    let mut found: HashMap<OrganizationId, BTreeSet<MpnId>> = HashMap::new();
    for (organization, location) in rows {
        found.entry(OrganizationId(organization)).or_default().insert(word(&location, MpnId::parse)?);
    }
    Ok(found)
}

/// People who may be assigned: whoever is no longer active is nobody.
async fn people_of(mut conn: &AsyncPgConnection, ids: &[PersonId]) -> Result<HashMap<PersonId, AssigneeFacts>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String, Option<Uuid>)> = people::table
        .filter(people::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .filter(people::is_active)
        .select((people::id, people::role, people::organization_id))
        .load(&mut conn)
        .await?;
    let facts = |(id, role, organization): (Uuid, String, Option<Uuid>)| {
        let (person, organization) = (PersonId(id), organization.map(OrganizationId));
        Ok((person, AssigneeFacts { person, role: word(&role, Role::from_code)?, organization }))
    };
    rows.into_iter().map(facts).collect()
}
