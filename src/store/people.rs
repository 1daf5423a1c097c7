//! People: as others see them, and as authentication finds them.

use std::collections::BTreeSet;

use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

use super::database::Database;
use super::errors::StoreError;
use super::record::{Record, code, fetch, record, records};
use super::scope;
use super::sql::Sql;
use crate::auth::viewer::{PersonRecord, Viewer};
use crate::domain::actor::Role;
use crate::domain::details::MpnId;
use crate::domain::ids::{OrganizationId, PersonId};

/// Reviewers that a list for assigning holds.
pub const MAX_REVIEWERS: i64 = 500;

/// A person as others see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Who.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The organization.
    pub organization: Option<OrganizationId>,
    /// Whether they may still act.
    pub is_active: bool,
}

/// A person as authentication finds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// What the tables say of them.
    pub record: PersonRecord,
    /// Whether they may still act; otherwise a token of theirs is refused.
    pub is_active: bool,
}

record! {
    /// The columns of `people` that others see.
    PersonColumns {
        id: Uuid = SqlUuid,
        name: String = Text,
        role: String = Text,
        organization_id: Option<Uuid> = Nullable<SqlUuid>,
        is_active: bool = Bool,
    }
}

/// The people with these identities whom the viewer may know of, in no order.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn by_ids(database: &Database, viewer: &Viewer, ids: &[PersonId]) -> Result<Vec<PersonRow>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let sql = scope::people(viewer, PersonColumns::columns("p.")).push(" AND p.id = ANY(");
    rows(database, sql.bind::<Array<SqlUuid>, _>(ids).push(")")).await
}

/// The active reviewers and leads, by name, up to [`MAX_REVIEWERS`]; none unless a lead asks, who alone assigns.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn reviewers(database: &Database, viewer: &Viewer) -> Result<Vec<PersonRow>, StoreError> {
    if viewer.role() != Role::ReviewLead {
        return Ok(Vec::new());
    }
    let sql =
        scope::people(viewer, PersonColumns::columns("p.")).push(" AND p.role IN ('REVIEWER', 'REVIEW_LEAD') AND p.is_active");
    rows(database, sql.push(" ORDER BY p.name, p.id LIMIT ").bind::<BigInt, _>(MAX_REVIEWERS)).await
}

async fn rows(database: &Database, sql: Sql<'static>) -> Result<Vec<PersonRow>, StoreError> {
    let found = records::<PersonColumns>(database, sql).await?;
    let row = |record: PersonColumns| {
        Ok(PersonRow {
            id: PersonId(record.id),
            name: record.name,
            role: code(&record.role, Role::from_code)?,
            organization: record.organization_id.map(OrganizationId),
            is_active: record.is_active,
        })
    };
    found.into_iter().map(row).collect()
}

type Identified = (Uuid, String, String, String, Option<Uuid>, bool, String, String, bool, Vec<String>);
type IdentifiedSql = (SqlUuid, Text, Text, Text, Nullable<SqlUuid>, Bool, Text, Text, Bool, Array<Text>);

/// The person whom this issuer calls by this subject. Without a viewer: this is how a viewer comes to be.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn by_subject(database: &Database, issuer: &str, subject: &str) -> Result<Option<KnownPerson>, StoreError> {
    let sql = Sql::new(
        "SELECT p.id, p.name, p.email, p.role, p.organization_id, p.is_limited, p.locale, p.time_zone, p.is_active, \
         ARRAY(SELECT l.mpn_id FROM person_locations l WHERE l.person_id = p.id) FROM people p WHERE p.issuer = ",
    );
    let sql = sql.bind::<Text, _>(issuer.to_owned()).push(" AND p.subject = ").bind::<Text, _>(subject.to_owned());
    fetch::<IdentifiedSql, Identified>(database, sql).await?.pop().map(known).transpose()
}

fn known(found: Identified) -> Result<KnownPerson, StoreError> {
    let (id, name, email, role, organization, is_limited, locale, time_zone, is_active, locations) = found;
    let locations = locations.iter().map(|text| code(text, MpnId::parse)).collect::<Result<BTreeSet<_>, _>>()?;
    let record = PersonRecord {
        id: PersonId(id),
        name,
        email,
        role: code(&role, Role::from_code)?,
        organization: organization.map(OrganizationId),
        locations: is_limited.then_some(locations),
        locale,
        time_zone,
    };
    Ok(KnownPerson { record, is_active })
}
