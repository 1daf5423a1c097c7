//! What approvals created: who is partner of record for what.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::database::Database;
use super::errors::StoreError;
use super::hanging::Hanging;
use super::record::{code, fetch, maybe_code, record};
use super::scope::{self, Relation};
use super::sql::Sql;
use crate::auth::viewer::Viewer;
use crate::domain::event::Association;
use crate::domain::ids::{AssociationId, ClaimId, OrganizationId, ProductLineId, SubscriptionId, TenantId};
use crate::domain::product::{Activity, ProductCode};
use crate::domain::status::{AssociationState, EndReason};

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

record! {
    /// The columns of `associations`.
    AssociationRecord {
        id: Uuid = SqlUuid,
        claim_id: Uuid = SqlUuid,
        organization_id: Uuid = SqlUuid,
        tenant_id: Uuid = SqlUuid,
        line_id: Uuid = SqlUuid,
        product_code: String = Text,
        subscription_id: Option<Uuid> = Nullable<SqlUuid>,
        activity: String = Text,
        state: String = Text,
        started_at: DateTime<Utc> = Timestamptz,
        ended_at: Option<DateTime<Utc>> = Nullable<Timestamptz>,
        end_reason: Option<String> = Nullable<Text>,
    }
}

impl Hanging for AssociationRow {
    type Record = AssociationRecord;
    const RELATION: Relation = Relation::Associations;
    const ORDER: &'static str = "t.started_at, t.product_code, t.activity, t.id";

    fn claim(record: &AssociationRecord) -> ClaimId {
        ClaimId(record.claim_id)
    }

    fn read(record: AssociationRecord) -> Result<Self, StoreError> {
        let association = Association {
            id: AssociationId(record.id),
            line: ProductLineId(record.line_id),
            product: ProductCode(record.product_code),
            subscription: record.subscription_id.map(SubscriptionId),
            activity: code(&record.activity, Activity::from_code)?,
            state: code(&record.state, AssociationState::from_code)?,
            started_at: record.started_at,
            ended_at: record.ended_at,
            end_reason: maybe_code(record.end_reason.as_deref(), EndReason::from_code)?,
        };
        Ok(Self {
            claim: ClaimId(record.claim_id),
            organization: OrganizationId(record.organization_id),
            tenant: TenantId(record.tenant_id),
            association,
        })
    }
}

/// The living associations on the tenant of the customer who asks, the oldest first, up to [`MAX_TENANT_ASSOCIATIONS`]; none for anybody
/// else.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn of_own_tenant(database: &Database, viewer: &Viewer) -> Result<Vec<TenantAssociationRow>, StoreError> {
    let columns = Sql::new("a.id, o.name, a.product_code, a.started_at");
    let Some(sql) = scope::tenant_associations(viewer, columns) else { return Ok(Vec::new()) };
    let sql = sql.push(" ORDER BY a.started_at, a.id LIMIT ").bind::<BigInt, _>(MAX_TENANT_ASSOCIATIONS);
    let found = fetch::<(SqlUuid, Text, Text, Timestamptz), (Uuid, String, String, DateTime<Utc>)>(database, sql).await?;
    let row = |(id, partner, product, started_at)| TenantAssociationRow {
        id: AssociationId(id),
        partner,
        product: ProductCode(product),
        started_at,
    };
    Ok(found.into_iter().map(row).collect())
}
