//! Consent links: only the hash of a link's token is stored.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::database::{Conn, Database};
use super::errors::StoreError;
use super::schema::{claims, consent_links};
use crate::auth::viewer::LinkRecord;
use crate::domain::claim::Claim;
use crate::domain::details::Contact;
use crate::domain::ids::{ClaimId, ConsentLinkId, TenantId};

/// Whose link it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkContact {
    /// The customer's contact.
    Customer,
    /// The customer's technical contact.
    Technical,
}

impl LinkContact {
    const fn code(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER",
            Self::Technical => "TECHNICAL",
        }
    }
}

/// A link that is to be.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Identity.
    pub id: ConsentLinkId,
    /// The claim it opens.
    pub claim: ClaimId,
    /// Whose it is.
    pub contact: LinkContact,
    /// The address it goes to.
    pub email: String,
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Remembers a link.
///
/// # Errors
/// What the database says.
pub async fn insert(conn: &mut Conn, link: &NewLink) -> Result<(), StoreError> {
    diesel::insert_into(consent_links::table)
        .values((
            consent_links::id.eq(link.id.0),
            consent_links::claim_id.eq(link.claim.0),
            consent_links::contact.eq(link.contact.code()),
            consent_links::email.eq(&link.email),
            consent_links::token_hash.eq(link.token_hash.as_slice()),
            consent_links::created_at.eq(link.created_at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The link with this token, unless it is void. Without a viewer: this is how a customer becomes one.
///
/// # Errors
/// What the database says.
pub async fn by_token_hash(database: &Database, token_hash: &[u8; 32]) -> Result<Option<LinkRecord>, StoreError> {
    let mut conn = database.read().await?;
    let row: Option<(Uuid, Uuid, Option<Uuid>, String)> = consent_links::table
        .inner_join(claims::table)
        .filter(consent_links::token_hash.eq(token_hash.as_slice()))
        .filter(consent_links::voided_at.is_null())
        .select((consent_links::id, consent_links::claim_id, claims::tenant_id, consent_links::email))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row.and_then(|(id, claim, tenant, email)| {
        Some(LinkRecord { id: ConsentLinkId(id), claim: ClaimId(claim), tenant: TenantId(tenant?), email })
    }))
}

/// Whether the link is still valid.
///
/// # Errors
/// What the database says.
pub async fn is_valid(database: &Database, id: ConsentLinkId) -> Result<bool, StoreError> {
    let mut conn = database.read().await?;
    let valid = consent_links::table.find(id.0).filter(consent_links::voided_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(valid)).get_result(&mut conn).await?)
}

/// Voids the claim's links that went to an address which its contact has no longer.
///
/// # Errors
/// What the database says.
pub async fn void_moved(conn: &mut Conn, claim: &Claim, at: DateTime<Utc>) -> Result<(), StoreError> {
    let contacts = [
        (LinkContact::Customer, claim.details.customer_contact.as_ref()),
        (LinkContact::Technical, claim.details.technical_contact.as_ref()),
    ];
    for (contact, person) in contacts {
        let address = |person: &Contact| person.email.as_ref().map(ToString::to_string);
        let current = person.and_then(address).unwrap_or_default();
        let moved = consent_links::table
            .filter(consent_links::claim_id.eq(claim.id.0))
            .filter(consent_links::contact.eq(contact.code()))
            .filter(consent_links::email.ne(current))
            .filter(consent_links::voided_at.is_null());
        diesel::update(moved).set(consent_links::voided_at.eq(at)).execute(conn).await?;
    }
    Ok(())
}
