//! Organizations, their locations, people.

use std::collections::BTreeSet;

use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::database::Conn;
use super::super::errors::StoreError;
use super::super::sql::Sql;
use crate::domain::actor::Role;
use crate::domain::details::MpnId;
use crate::domain::ids::{OrganizationId, PersonId};

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Puts an organization, known by its slug, under this name. Returns its identity, which it keeps.
///
/// # Errors
/// What the database says.
pub async fn organization(conn: &mut Conn, slug: &str, name: &str) -> Result<OrganizationId, StoreError> {
    let row: IdRow = Sql::new("INSERT INTO organizations (id, slug, name) VALUES (")
        .bind::<SqlUuid, _>(OrganizationId::fresh().0)
        .push(", ")
        .bind::<Text, _>(slug)
        .push(", ")
        .bind::<Text, _>(name)
        .push(") ON CONFLICT (slug) DO UPDATE SET name = excluded.name RETURNING id")
        .get_result(conn)
        .await?;
    Ok(OrganizationId(row.id))
}

/// A location of an organization.
#[derive(Clone, Debug)]
pub struct LocationRecord {
    /// Its MPN id, by which it is known.
    pub id: MpnId,
    /// The organization.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its country, two capitals (ISO 3166-1 alpha-2).
    pub country: String,
}

/// Puts a location in place.
///
/// # Errors
/// [`StoreError::Corrupt`] if it belongs to another organization: claims name it, so it cannot move.
pub async fn location(conn: &mut Conn, location: &LocationRecord) -> Result<(), StoreError> {
    let written = Sql::new("INSERT INTO locations (mpn_id, organization_id, name, country) VALUES (")
        .bind::<Text, _>(location.id.as_str())
        .push(", ")
        .bind::<SqlUuid, _>(location.organization.0)
        .push(", ")
        .bind::<Text, _>(&location.name)
        .push(", ")
        .bind::<Text, _>(&location.country)
        .push(
            ") ON CONFLICT (mpn_id) DO UPDATE SET name = excluded.name, country = excluded.country
             WHERE locations.organization_id = excluded.organization_id",
        )
        .execute(conn)
        .await?;
    if written == 1 {
        Ok(())
    } else {
        Err(StoreError::corrupt(format!("location {} belongs to another organization", location.id)))
    }
}

/// A person, or the account of a service.
#[derive(Clone, Debug)]
pub struct PersonImport {
    /// Who says who they are.
    pub issuer: String,
    /// How the issuer calls them; known by both together.
    pub subject: String,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The role.
    pub role: Role,
    /// The organization; partners have one.
    pub organization: Option<OrganizationId>,
    /// The locations the role is limited to; `None` means no limit.
    pub locations: Option<BTreeSet<MpnId>>,
    /// The language for prose, `en` or `pl`.
    pub locale: String,
    /// The time zone (IANA name).
    pub time_zone: String,
    /// Whether they may still act.
    pub is_active: bool,
}

/// Puts a person in place, with exactly these locations. Returns their identity, which they keep, as they keep language and time zone:
/// those are theirs to choose once they are here.
///
/// # Errors
/// What the database says, for example of a partner without an organization, or of another organization's location.
pub async fn person(conn: &mut Conn, person: &PersonImport) -> Result<PersonId, StoreError> {
    // First, since a person who changes the organization may not keep the old one's locations for a moment.
    Sql::new("DELETE FROM person_locations USING people WHERE people.id = person_id AND issuer = ")
        .bind::<Text, _>(&person.issuer)
        .push(" AND subject = ")
        .bind::<Text, _>(&person.subject)
        .execute(conn)
        .await?;
    let row: IdRow = Sql::new(
        "INSERT INTO people (id, issuer, subject, name, email, role, organization_id, is_limited, locale, time_zone, is_active) VALUES (",
    )
    .bind::<SqlUuid, _>(PersonId::fresh().0)
    .push(", ")
    .bind::<Text, _>(&person.issuer)
    .push(", ")
    .bind::<Text, _>(&person.subject)
    .push(", ")
    .bind::<Text, _>(&person.name)
    .push(", ")
    .bind::<Text, _>(&person.email)
    .push(", ")
    .bind::<Text, _>(person.role.code())
    .push(", ")
    .bind::<Nullable<SqlUuid>, _>(person.organization.map(|organization| organization.0))
    .push(", ")
    .bind::<Bool, _>(person.locations.is_some())
    .push(", ")
    .bind::<Text, _>(&person.locale)
    .push(", ")
    .bind::<Text, _>(&person.time_zone)
    .push(", ")
    .bind::<Bool, _>(person.is_active)
    .push(
        ") ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name, email = excluded.email, role = excluded.role,
         organization_id = excluded.organization_id, is_limited = excluded.is_limited, is_active = excluded.is_active RETURNING id",
    )
    .get_result(conn)
    .await?;
    if let (Some(organization), Some(locations)) = (person.organization, &person.locations) {
        Sql::new("INSERT INTO person_locations (person_id, organization_id, mpn_id) SELECT ")
            .bind::<SqlUuid, _>(row.id)
            .push(", ")
            .bind::<SqlUuid, _>(organization.0)
            .push(", unnest(")
            .bind::<Array<Text>, _>(locations.iter().map(MpnId::as_str).collect::<Vec<_>>())
            .push(")")
            .execute(conn)
            .await?;
    }
    Ok(PersonId(row.id))
}
