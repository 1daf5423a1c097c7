//! Partner organizations and their locations.

use std::collections::HashMap;

use diesel::pg::Pg;
use diesel::prelude::{Queryable, Selectable};
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use uuid::Uuid;

use super::database::Database;
use super::errors::StoreError;
use super::record::{Record, records};
use super::schema::{locations, organizations};
use super::scope;
use super::words::word;
use crate::auth::viewer::Viewer;
use crate::domain::details::MpnId;
use crate::domain::ids::OrganizationId;

/// A partner organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationRow {
    /// Identity.
    pub id: OrganizationId,
    /// The short name that operators use.
    pub slug: String,
    /// The name.
    pub name: String,
}

/// A partner location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocationRow {
    /// Its MPN id.
    pub mpn_id: MpnId,
    /// The organization.
    pub organization: OrganizationId,
    /// The name.
    pub name: String,
    /// The country (ISO 3166-1, two letters).
    pub country: String,
}

/// The columns of `organizations`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = organizations, check_for_backend(Pg))]
pub(super) struct OrganizationRecord {
    id: Uuid,
    slug: String,
    name: String,
}

/// The columns of `locations`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = locations, check_for_backend(Pg))]
pub(super) struct LocationRecord {
    mpn_id: String,
    organization_id: Uuid,
    name: String,
    country: String,
}

/// The organizations with these identities that the viewer may know of, in no order.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn by_ids(database: &Database, viewer: &Viewer, ids: &[OrganizationId]) -> Result<Vec<OrganizationRow>, StoreError> {
    let sql = scope::organizations(viewer, OrganizationRecord::columns()).push(" AND organizations.id = ANY(");
    let found = records::<OrganizationRecord>(database.by_key(), sql.bind::<Array<SqlUuid>, _>(uuids(ids)).push(")")).await?;
    let row =
        |record: OrganizationRecord| OrganizationRow { id: OrganizationId(record.id), slug: record.slug, name: record.name };
    Ok(found.into_iter().map(row).collect())
}

/// The locations of each of these organizations that the viewer may know of, by MPN id.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn locations(
    database: &Database,
    viewer: &Viewer,
    ids: &[OrganizationId],
) -> Result<HashMap<OrganizationId, Vec<LocationRow>>, StoreError> {
    let sql = scope::locations(viewer, LocationRecord::columns()).push(" AND locations.organization_id = ANY(");
    let sql = sql.bind::<Array<SqlUuid>, _>(uuids(ids)).push(") ORDER BY locations.mpn_id");
    let mut lists: HashMap<OrganizationId, Vec<LocationRow>> = HashMap::new();
    for record in records::<LocationRecord>(database.by_key(), sql).await? {
        let row = location(record)?;
        lists.entry(row.organization).or_default().push(row);
    }
    Ok(lists)
}

/// The locations with these MPN ids that the viewer may know of, in no order.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn locations_by_id(database: &Database, viewer: &Viewer, ids: &[MpnId]) -> Result<Vec<LocationRow>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.as_str().to_owned()).collect();
    let sql = scope::locations(viewer, LocationRecord::columns()).push(" AND locations.mpn_id = ANY(");
    let found = records::<LocationRecord>(database.by_key(), sql.bind::<Array<Text>, _>(ids).push(")")).await?;
    found.into_iter().map(location).collect()
}

fn location(record: LocationRecord) -> Result<LocationRow, StoreError> {
    Ok(LocationRow {
        mpn_id: word(&record.mpn_id, MpnId::parse)?,
        organization: OrganizationId(record.organization_id),
        name: record.name,
        country: record.country,
    })
}

fn uuids(ids: &[OrganizationId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}
