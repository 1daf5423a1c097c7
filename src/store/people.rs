//! People: as others see them, and as authentication finds them.

use std::collections::BTreeSet;

use diesel::pg::Pg;
use diesel::prelude::{Queryable, Selectable};
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

use super::database::Database;
use super::errors::StoreError;
use super::record::{Record, fetch, records};
use super::schema::people;
use super::scope;
use super::sql::Sql;
use super::words::word;
use crate::auth::viewer::{PersonRecord, Viewer};
use crate::domain::actor::Role;
use crate::domain::details::MpnId;
use crate::domain::ids::{OrganizationId, PersonId};
use crate::domain::preferences::OptionalNotice;

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

/// The columns of `people` that others see.
#[derive(Queryable, Selectable)]
#[diesel(table_name = people, check_for_backend(Pg))]
pub(super) struct PersonColumns {
    id: Uuid,
    name: String,
    role: String,
    organization_id: Option<Uuid>,
    is_active: bool,
}

/// The people with these identities whom the viewer may know of, in no order.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn by_ids(database: &Database, viewer: &Viewer, ids: &[PersonId]) -> Result<Vec<PersonRow>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let sql = scope::people(viewer, PersonColumns::columns()).push(" AND people.id = ANY(");
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
    let sql = scope::people(viewer, PersonColumns::columns())
        .push(" AND people.role IN ('REVIEWER', 'REVIEW_LEAD') AND people.is_active");
    rows(database, sql.push(" ORDER BY people.name, people.id LIMIT ").bind::<BigInt, _>(MAX_REVIEWERS)).await
}

async fn rows(database: &Database, sql: Sql<'static>) -> Result<Vec<PersonRow>, StoreError> {
    records::<PersonColumns>(database.by_key(), sql).await?.into_iter().map(PersonColumns::into_row).collect()
}

impl PersonColumns {
    /// The person in the domain's words.
    pub(super) fn into_row(self) -> Result<PersonRow, StoreError> {
        Ok(PersonRow {
            id: PersonId(self.id),
            name: self.name,
            role: word(&self.role, Role::from_code)?,
            organization: self.organization_id.map(OrganizationId),
            is_active: self.is_active,
        })
    }
}

type Identified = (Uuid, String, String, String, Option<Uuid>, bool, String, String, Vec<String>, Vec<String>);
type IdentifiedSql = (SqlUuid, Text, Text, Text, Nullable<SqlUuid>, Bool, Text, Text, Array<Text>, Array<Text>);

/// The person whom this issuer calls by this subject, unless they may no longer act. Without a viewer: this is how one comes to be.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn by_subject(database: &Database, issuer: &str, subject: &str) -> Result<Option<PersonRecord>, StoreError> {
    let sql = active().push(" AND issuer = ").bind::<Text, _>(issuer.to_owned());
    identified(database, sql.push(" AND subject = ").bind::<Text, _>(subject.to_owned())).await
}

/// What the tables say now of a person, unless they may no longer act. Without a viewer: this tells whether one still holds.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn record(database: &Database, id: PersonId) -> Result<Option<PersonRecord>, StoreError> {
    identified(database, active().push(" AND id = ").bind::<SqlUuid, _>(id.0)).await
}

fn active() -> Sql<'static> {
    Sql::new(
        "SELECT id, name, email, role, organization_id, is_limited, locale, time_zone, muted_notices, \
         ARRAY(SELECT mpn_id FROM person_locations WHERE person_id = people.id) FROM people WHERE is_active",
    )
}

async fn identified(database: &Database, sql: Sql<'static>) -> Result<Option<PersonRecord>, StoreError> {
    fetch::<IdentifiedSql, Identified>(database.by_key(), sql).await?.pop().map(person).transpose()
}

fn person(found: Identified) -> Result<PersonRecord, StoreError> {
    let (id, name, email, role, organization, is_limited, locale, time_zone, muted, locations) = found;
    let locations = locations.iter().map(|text| word(text, MpnId::parse)).collect::<Result<BTreeSet<_>, _>>()?;
    Ok(PersonRecord {
        id: PersonId(id),
        name,
        email,
        role: word(&role, Role::from_code)?,
        organization: organization.map(OrganizationId),
        locations: is_limited.then_some(locations),
        locale,
        time_zone,
        muted: muted.iter().map(|code| word(code, OptionalNotice::from_code)).collect::<Result<_, _>>()?,
    })
}
