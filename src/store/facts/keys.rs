//! Who else uses the keys of a claim.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::super::database::Conn;
use super::super::errors::StoreError;
use super::super::sql::Sql;
use crate::domain::claim::Claim;
use crate::domain::ids::{ClaimNumber, OrganizationId};
use crate::domain::product::Key;

/// Locks keys until the transaction ends, in an order that all transactions share, so that two of them never wait for each other.
///
/// # Errors
/// [`StoreError::Timeout`] if another transaction holds one for too long; else what the database says.
pub async fn lock_keys(conn: &mut Conn, keys: &BTreeSet<Key>) -> Result<(), StoreError> {
    if keys.is_empty() {
        return Ok(());
    }
    Sql::new("SELECT pg_advisory_xact_lock(lock) FROM (SELECT DISTINCT hashtextextended(key, 0) AS lock FROM unnest(")
        .bind::<Array<Text>, _>(keys.iter().map(Key::to_text).collect::<Vec<_>>())
        .push(") AS key ORDER BY lock) AS locks")
        .execute(conn)
        .await?;
    Ok(())
}

/// A claim that uses a key: in flight, or by a living association.
#[derive(QueryableByName)]
struct UseRow {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = SqlUuid)]
    claim_id: Uuid,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = SqlUuid)]
    organization_id: Uuid,
    #[diesel(sql_type = Bool)]
    is_held: bool,
}

/// The uses of keys, by the keys' text.
pub(super) struct KeyUses(BTreeMap<String, Vec<UseRow>>);

/// What a claim must know of others' uses of its keys.
pub(super) struct Known {
    pub own_claims: BTreeMap<Key, ClaimNumber>,
    pub held_keys: BTreeSet<Key>,
    pub competing_keys: BTreeSet<Key>,
}

pub(super) async fn uses_of(mut conn: &AsyncPgConnection, keys: &BTreeSet<Key>) -> Result<KeyUses, StoreError> {
    if keys.is_empty() {
        return Ok(KeyUses(BTreeMap::new()));
    }
    let texts: Vec<String> = keys.iter().map(Key::to_text).collect();
    let rows: Vec<UseRow> = Sql::new(
        "SELECT k.key, c.id AS claim_id, c.number, c.organization_id, false AS is_held
         FROM unnest(",
    )
    .bind::<Array<Text>, _>(texts.clone())
    .push(", ")
    .bind::<Array<SqlUuid>, _>(keys.iter().map(|key| key.tenant.0).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Nullable<SqlUuid>>, _>(keys.iter().map(|key| key.subscription.map(|id| id.0)).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Text>, _>(keys.iter().map(|key| key.product.0.clone()).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Text>, _>(keys.iter().map(|key| key.activity.code()).collect::<Vec<_>>())
    .push(
        ") AS k (key, tenant, subscription, product, activity)
         JOIN claims c ON c.tenant_id = k.tenant AND k.activity = ANY(c.activities)
             AND c.status IN ('SUBMITTED', 'UNDER_REVIEW', 'PARTNER_ACTION_REQUIRED', 'DISPUTED')
         JOIN claim_products p ON p.claim_id = c.id AND p.product_code = k.product
             AND p.subscription_id IS NOT DISTINCT FROM k.subscription
         UNION ALL
         SELECT a.key, a.claim_id, c.number, a.organization_id, true
         FROM associations a JOIN claims c ON c.id = a.claim_id
         WHERE a.state <> 'ENDED' AND a.key = ANY(",
    )
    .bind::<Array<Text>, _>(texts)
    .push(")")
    .load(&mut conn)
    .await?;
    let mut uses: BTreeMap<String, Vec<UseRow>> = BTreeMap::new();
    for row in rows {
        uses.entry(row.key.clone()).or_default().push(row);
    }
    Ok(KeyUses(uses))
}

impl KeyUses {
    /// The uses by other claims than this one, parted into its own organization's and others'.
    pub fn known_to(&self, claim: &Claim, keys: &BTreeSet<Key>) -> Known {
        let mut known = Known { own_claims: BTreeMap::new(), held_keys: BTreeSet::new(), competing_keys: BTreeSet::new() };
        for key in keys {
            let uses = self.0.get(&key.to_text()).into_iter().flatten().filter(|one| one.claim_id != claim.id.0);
            for one in uses {
                if OrganizationId(one.organization_id) == claim.organization {
                    let number = ClaimNumber(one.number);
                    known.own_claims.entry(key.clone()).and_modify(|first| *first = (*first).min(number)).or_insert(number);
                } else if one.is_held {
                    known.held_keys.insert(key.clone());
                } else {
                    known.competing_keys.insert(key.clone());
                }
            }
        }
        known
    }
}
