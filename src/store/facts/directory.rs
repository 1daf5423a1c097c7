//! What a directory knows of tenants and subscriptions, when one is configured.

use std::collections::{BTreeSet, HashMap};

use diesel::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::try_join;
use uuid::Uuid;

use super::super::errors::StoreError;
use super::super::schema::directory_subscriptions;
use super::super::sql::Sql;
use super::super::words::word;
use crate::domain::details::Domain;
use crate::domain::facts::{DirectoryFacts, SubscriptionFacts, TenantFacts};
use crate::domain::ids::{SubscriptionId, TenantId};
use crate::domain::product::ProductCode;

/// The part of the directory that some claims need.
pub(super) struct Directory {
    tenants: HashMap<TenantId, TenantFacts>,
    subscriptions: HashMap<SubscriptionId, SubscriptionFacts>,
}

impl Directory {
    /// What it knows of one claim's tenant and subscriptions.
    pub fn facts_of(&self, tenant: Option<TenantId>, subscriptions: &BTreeSet<SubscriptionId>) -> DirectoryFacts {
        let known = |id: &SubscriptionId| self.subscriptions.get(id).map(|facts| (*id, facts.clone()));
        DirectoryFacts {
            tenant: tenant.and_then(|tenant| self.tenants.get(&tenant).cloned()),
            subscriptions: subscriptions.iter().filter_map(known).collect(),
        }
    }
}

/// `None` when no directory is configured, or nobody asks.
pub(super) async fn of(
    conn: &AsyncPgConnection,
    is_asked: bool,
    tenants: &BTreeSet<TenantId>,
    subscriptions: &BTreeSet<SubscriptionId>,
) -> Result<Option<Directory>, StoreError> {
    if !is_asked {
        return Ok(None);
    }
    let (is_configured, tenants, subscriptions) =
        try_join!(is_configured(conn), tenants_of(conn, tenants), subscriptions_of(conn, subscriptions))?;
    Ok(is_configured.then_some(Directory { tenants, subscriptions }))
}

async fn is_configured(mut conn: &AsyncPgConnection) -> Result<bool, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        is_configured: bool,
    }
    let row: Row = Sql::new("SELECT EXISTS (SELECT FROM directory_tenants) AS is_configured").get_result(&mut conn).await?;
    Ok(row.is_configured)
}

#[derive(QueryableByName)]
struct TenantRow {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Array<Text>)]
    domains: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    products: Vec<String>,
}

async fn tenants_of(
    mut conn: &AsyncPgConnection,
    ids: &BTreeSet<TenantId>,
) -> Result<HashMap<TenantId, TenantFacts>, StoreError> {
    let rows: Vec<TenantRow> = Sql::new(
        "SELECT t.tenant_id, ARRAY(SELECT domain FROM directory_domains d WHERE d.tenant_id = t.tenant_id) AS domains,
         ARRAY(SELECT product_code FROM directory_products p WHERE p.tenant_id = t.tenant_id) AS products
         FROM directory_tenants t WHERE t.tenant_id = ANY(",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .push(")")
    .load(&mut conn)
    .await?;
    let facts = |row: TenantRow| {
        let domains: Result<BTreeSet<_>, _> = row.domains.iter().map(|domain| word(domain, Domain::parse)).collect();
        let products = row.products.into_iter().map(ProductCode).collect();
        Ok((TenantId(row.tenant_id), TenantFacts { domains: domains?, products }))
    };
    rows.into_iter().map(facts).collect()
}

async fn subscriptions_of(
    mut conn: &AsyncPgConnection,
    ids: &BTreeSet<SubscriptionId>,
) -> Result<HashMap<SubscriptionId, SubscriptionFacts>, StoreError> {
    let rows: Vec<(Uuid, Uuid, bool, bool, bool)> = directory_subscriptions::table
        .filter(directory_subscriptions::subscription_id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .load(&mut conn)
        .await?;
    let facts = |(id, tenant, is_csp, is_provisioned, is_active)| {
        (SubscriptionId(id), SubscriptionFacts { tenant: TenantId(tenant), is_csp, is_provisioned, is_active })
    };
    Ok(rows.into_iter().map(facts).collect())
}
