//! Consent links: of each only the hash of its token is stored.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::database::{Conn, Database};
use super::errors::StoreError;
use super::schema::consent_links;
use super::sql::Sql;
use super::transaction::Writes;
use crate::auth::viewer::LinkRecord;
use crate::domain::claim::Claim;
use crate::domain::details::Contact;
use crate::domain::ids::{ClaimId, ConsentLinkId, TenantId};

/// Which contact of a claim a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkContact {
    /// The customer's contact.
    Customer,
    /// The customer's technical contact.
    Technical,
}

impl LinkContact {
    fn code(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER",
            Self::Technical => "TECHNICAL",
        }
    }
}

/// A link about to be stored.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Identity.
    pub id: ConsentLinkId,
    /// The claim it opens.
    pub claim: ClaimId,
    /// Whose link it is.
    pub contact: LinkContact,
    /// The address it goes to.
    pub email: String,
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Stores a link.
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

/// The link whose token has this hash, unless it is void.
///
/// # Errors
/// What the database says.
pub async fn by_token_hash(database: &Database, token_hash: &[u8; 32]) -> Result<Option<LinkRecord>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = SqlUuid)]
        claim_id: Uuid,
        #[diesel(sql_type = SqlUuid)]
        tenant_id: Uuid,
        #[diesel(sql_type = Text)]
        email: String,
    }
    let mut conn = database.read().await?;
    let rows: Vec<Row> = Sql::new(
        "SELECT l.id, l.claim_id, c.tenant_id, l.email FROM consent_links l JOIN claims c ON c.id = l.claim_id
         WHERE l.voided_at IS NULL AND c.tenant_id IS NOT NULL AND l.token_hash = ",
    )
    .bind::<Bytea, _>(token_hash.to_vec())
    .load(&mut conn)
    .await?;
    Ok(rows.into_iter().next().map(|row| LinkRecord {
        id: ConsentLinkId(row.id),
        claim: ClaimId(row.claim_id),
        tenant: TenantId(row.tenant_id),
        email: row.email,
    }))
}

/// Whether the link is there and not void.
///
/// # Errors
/// What the database says.
pub async fn is_valid(database: &Database, id: ConsentLinkId) -> Result<bool, StoreError> {
    let mut conn = database.read().await?;
    let valid = consent_links::table.find(id.0).filter(consent_links::voided_at.is_null());
    Ok(valid.count().get_result::<i64>(&mut conn).await? == 1)
}

/// Voids the claim's links that go to an address which is no longer that contact's.
pub fn void_moved(writes: &mut Writes, claim: &Claim, at: DateTime<Utc>) {
    let address = |contact: &Option<Contact>| {
        contact.as_ref().and_then(|contact| contact.email.as_ref()).map(|email| email.as_str().to_owned())
    };
    let sql = Sql::new("UPDATE consent_links SET voided_at = ")
        .bind::<Timestamptz, _>(at)
        .push(" WHERE voided_at IS NULL AND claim_id = ")
        .bind::<SqlUuid, _>(claim.id.0)
        .push(" AND email IS DISTINCT FROM CASE contact WHEN 'CUSTOMER' THEN ")
        .bind::<Nullable<Text>, _>(address(&claim.details.customer_contact))
        .push(" ELSE ")
        .bind::<Nullable<Text>, _>(address(&claim.details.technical_contact))
        .push(" END");
    writes.push(sql);
}
