//! What approvals created: who is partner of record for what.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::claim_parts::AssociationRow as Stored;
use super::database::Database;
use super::errors::StoreError;
use super::hanging::Hanging;
use super::record::fetch;
use super::scope::{self, Relation};
use super::sql::Sql;
use crate::auth::viewer::Viewer;
use crate::domain::event::Association;
use crate::domain::ids::{AssociationId, ClaimId, OrganizationId, TenantId};
use crate::domain::product::ProductCode;

/// Associations of a tenant that a customer is shown.
pub const MAX_TENANT_ASSOCIATIONS: i64 = 500;

/// An association of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociationRow {
    /// The claim.
    pub claim: ClaimId,
    /// The partner organization.
    pub organization: OrganizationId,
    /// The customer's tenant.
    pub tenant: TenantId,
    /// The association.
    pub association: Association,
}

/// What a customer learns of a living association on the own tenant: partner, product and dates, no claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantAssociationRow {
    /// Identity.
    pub id: AssociationId,
    /// The partner's name.
    pub partner: String,
    /// The product.
    pub product: ProductCode,
    /// When it started.
    pub started_at: DateTime<Utc>,
}

impl Hanging for AssociationRow {
    type Record = Stored;
    const RELATION: Relation = Relation::Associations;
    const ORDER: &'static str = "associations.started_at, associations.product_code, associations.activity, associations.id";

    fn claim(record: &Stored) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: Stored) -> Result<Self, StoreError> {
        Ok(Self {
            claim: ClaimId(record.claim_id),
            organization: OrganizationId(record.organization_id),
            tenant: TenantId(record.tenant_id),
            association: record.into_association()?,
        })
    }
}

/// The living associations on the tenant of the customer who asks, the oldest first, up to [`MAX_TENANT_ASSOCIATIONS`]; none for anybody
/// else.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn of_own_tenant(database: &Database, viewer: &Viewer) -> Result<Vec<TenantAssociationRow>, StoreError> {
    let columns = Sql::new("associations.id, organizations.name, associations.product_code, associations.started_at");
    let Some(sql) = scope::tenant_associations(viewer, columns) else { return Ok(Vec::new()) };
    let sql = sql.push(" ORDER BY associations.started_at, associations.id LIMIT ").bind::<BigInt, _>(MAX_TENANT_ASSOCIATIONS);
    let found =
        fetch::<(SqlUuid, Text, Text, Timestamptz), (Uuid, String, String, DateTime<Utc>)>(database.by_key(), sql).await?;
    let row = |(id, partner, product, started_at)| TenantAssociationRow {
        id: AssociationId(id),
        partner,
        product: ProductCode(product),
        started_at,
    };
    Ok(found.into_iter().map(row).collect())
}
