//! What is known of customers' tenants from outside.

use std::collections::BTreeSet;

use diesel::sql_types::{Array, Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::super::database::Conn;
use super::super::errors::StoreError;
use super::super::sql::Sql;
use crate::domain::details::Domain;
use crate::domain::ids::{SubscriptionId, TenantId};
use crate::domain::product::ProductCode;

/// A tenant in the directory.
#[derive(Clone, Debug)]
pub struct TenantRecord {
    /// Identity.
    pub id: TenantId,
    /// The customer's name.
    pub name: String,
    /// Its domains.
    pub domains: BTreeSet<Domain>,
    /// The workloads and products it has.
    pub products: BTreeSet<ProductCode>,
}

/// Puts a tenant in place, with exactly these domains and products.
///
/// # Errors
/// [`StoreError::Duplicate`] if a domain belongs to another tenant; else what the database says.
pub async fn tenant(conn: &mut Conn, tenant: &TenantRecord) -> Result<(), StoreError> {
    Sql::new("INSERT INTO directory_tenants (tenant_id, name) VALUES (")
        .bind::<SqlUuid, _>(tenant.id.0)
        .push(", ")
        .bind::<Text, _>(&tenant.name)
        .push(") ON CONFLICT (tenant_id) DO UPDATE SET name = excluded.name")
        .execute(conn)
        .await?;
    for table in ["DELETE FROM directory_domains WHERE tenant_id = ", "DELETE FROM directory_products WHERE tenant_id = "] {
        Sql::new(table).bind::<SqlUuid, _>(tenant.id.0).execute(conn).await?;
    }
    Sql::new("INSERT INTO directory_domains (tenant_id, domain) SELECT ")
        .bind::<SqlUuid, _>(tenant.id.0)
        .push(", unnest(")
        .bind::<Array<Text>, _>(tenant.domains.iter().map(Domain::as_str).collect::<Vec<_>>())
        .push(")")
        .execute(conn)
        .await?;
    Sql::new("INSERT INTO directory_products (tenant_id, product_code) SELECT ")
        .bind::<SqlUuid, _>(tenant.id.0)
        .push(", unnest(")
        .bind::<Array<Text>, _>(tenant.products.iter().map(|code| code.0.as_str()).collect::<Vec<_>>())
        .push(")")
        .execute(conn)
        .await?;
    Ok(())
}

/// A subscription in the directory.
#[derive(Clone, Copy, Debug)]
pub struct SubscriptionRecord {
    /// Identity.
    pub id: SubscriptionId,
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Whether it was bought through a cloud solution provider.
    pub is_csp: bool,
    /// Whether it is provisioned.
    pub is_provisioned: bool,
    /// Whether it is active.
    pub is_active: bool,
}

/// Puts a subscription in place.
///
/// # Errors
/// What the database says, for example of a tenant that is not there.
pub async fn subscription(conn: &mut Conn, subscription: &SubscriptionRecord) -> Result<(), StoreError> {
    Sql::new("INSERT INTO directory_subscriptions (subscription_id, tenant_id, is_csp, is_provisioned, is_active) VALUES (")
        .bind::<SqlUuid, _>(subscription.id.0)
        .push(", ")
        .bind::<SqlUuid, _>(subscription.tenant.0)
        .push(", ")
        .bind::<Bool, _>(subscription.is_csp)
        .push(", ")
        .bind::<Bool, _>(subscription.is_provisioned)
        .push(", ")
        .bind::<Bool, _>(subscription.is_active)
        .push(
            ") ON CONFLICT (subscription_id) DO UPDATE SET tenant_id = excluded.tenant_id, is_csp = excluded.is_csp,
             is_provisioned = excluded.is_provisioned, is_active = excluded.is_active",
        )
        .execute(conn)
        .await?;
    Ok(())
}
