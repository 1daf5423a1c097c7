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
use super::schema::{catalogue, locations, people};
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
use crate::domain::product::{Area, Catalogue, CatalogueEntry, ProductCode};

use self::directory::Directory;
use self::keys::{KeyUses, Known};

pub use self::keys::lock_keys;
pub use self::programme::{Programme, programme};

/// Whether the database answers.
///
/// # Errors
/// If it does not.
pub async fn ping(database: &Database) -> Result<(), StoreError> {
    let mut conn = database.read().await?;
    Sql::new("SELECT 1").execute(&mut conn).await?;
    Ok(())
}

/// The facts for a command on one claim.
///
/// # Errors
/// What the database says.
pub async fn load(conn: &mut Conn, claim: &Claim, stakes: &Stakes, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let stakes = stakes.clone();
    Ok(load_many(conn, &[(claim, stakes)], now).await?.pop().unwrap_or_default())
}

/// The facts for many claims, in their order, in a constant number of statements and one round trip.
///
/// # Errors
/// What the database says.
pub async fn load_many(conn: &mut Conn, asked: &[(&Claim, Stakes)], now: DateTime<Utc>) -> Result<Vec<Facts>, StoreError> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let conn: &AsyncPgConnection = conn;
    let organizations: BTreeSet<OrganizationId> = asked.iter().map(|(claim, _)| claim.organization).collect();
    let tenants: BTreeSet<TenantId> = asked.iter().filter_map(|(claim, _)| claim.details.tenant).collect();
    let stakes = || asked.iter().map(|(_, stakes)| stakes);
    let keys = stakes().flat_map(|stakes| stakes.keys.iter().cloned()).collect();
    let subscriptions = stakes().flat_map(|stakes| stakes.subscriptions.iter().copied()).collect();
    let named_uploads: Vec<UploadId> = stakes().flat_map(|stakes| stakes.uploads.iter().copied()).collect();
    let named_people: Vec<PersonId> = stakes().filter_map(|stakes| stakes.assignee).collect();
    let (locations, catalogue, uses, directory, uploads, infected, people) = try_join!(
        locations_of(conn, &organizations),
        catalogue_of(conn),
        keys::uses_of(conn, &keys),
        directory::of(conn, &tenants, &subscriptions),
        uploads::usable(conn, &named_uploads, now),
        scans::infected(conn, &named_uploads),
        people_of(conn, &named_people),
    )?;
    let known = Pieces { locations, catalogue, uses, directory, uploads, infected, people };
    Ok(asked.iter().map(|(claim, stakes)| known.facts_of(claim, stakes)).collect())
}

/// The facts for the creation of a claim by a person of this organization.
///
/// # Errors
/// What the database says.
pub async fn load_for_creation(
    conn: &mut Conn,
    organization: Option<OrganizationId>,
    stakes: &Stakes,
) -> Result<Facts, StoreError> {
    let conn: &AsyncPgConnection = conn;
    let organizations: BTreeSet<OrganizationId> = organization.into_iter().collect();
    let no_tenants = BTreeSet::new();
    let (mut locations, catalogue, directory) = try_join!(
        locations_of(conn, &organizations),
        catalogue_of(conn),
        directory::of(conn, &no_tenants, &stakes.subscriptions),
    )?;
    Ok(Facts {
        locations: organization.and_then(|id| locations.remove(&id)).unwrap_or_default(),
        catalogue,
        directory: directory.map(|directory| directory.facts_of(None, &stakes.subscriptions)),
        ..Facts::default()
    })
}

/// What was loaded for all claims together.
struct Pieces {
    locations: HashMap<OrganizationId, BTreeSet<MpnId>>,
    catalogue: Catalogue,
    uses: KeyUses,
    directory: Option<Directory>,
    uploads: Vec<(UploadId, OrganizationId, FileFacts)>,
    infected: Vec<UploadId>,
    people: HashMap<PersonId, AssigneeFacts>,
}

impl Pieces {
    fn facts_of(&self, claim: &Claim, stakes: &Stakes) -> Facts {
        let Known { own_claims, held_keys, competing_keys } = self.uses.known_to(claim, &stakes.keys);
        let own = |(id, organization, _): &&(UploadId, OrganizationId, FileFacts)| {
            *organization == claim.organization && stakes.uploads.contains(id)
        };
        let uploads: BTreeMap<UploadId, FileFacts> =
            self.uploads.iter().filter(own).map(|(id, _, file)| (*id, file.clone())).collect();
        Facts {
            locations: self.locations.get(&claim.organization).cloned().unwrap_or_default(),
            catalogue: self.catalogue.clone(),
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

async fn catalogue_of(mut conn: &AsyncPgConnection) -> Result<Catalogue, StoreError> {
    type Row = (String, String, String, chrono::NaiveDate, Option<chrono::NaiveDate>);
    let columns = (catalogue::code, catalogue::area, catalogue::name, catalogue::valid_from, catalogue::valid_until);
    let rows: Vec<Row> = catalogue::table.select(columns).load(&mut conn).await?;
    let entry = |(code, area, name, valid_from, valid_until): Row| {
        let code = ProductCode(code);
        let area = word(&area, Area::from_code)?;
        Ok((code.clone(), CatalogueEntry { code, area, name, valid_from, valid_until }))
    };
    rows.into_iter().map(entry).collect()
}

/// People who may be assigned: whoever is no longer active is nobody.
async fn people_of(mut conn: &AsyncPgConnection, ids: &[PersonId]) -> Result<HashMap<PersonId, AssigneeFacts>, StoreError> {
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
