//! Claims as wholes: a row and its parts, read for deciding.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, try_join};
use uuid::Uuid;

use super::claim_parts::{AssociationRow, ClockRow, FindingRow, OF_REQUEST, ProductRow};
use super::claim_row::ClaimRow;
use super::database::Conn;
use super::document_row::DocumentRow;
use super::errors::StoreError;
use super::schema::{associations, claim_clocks, claim_findings, claim_products, claims, documents};
use super::sql::Sql;
use crate::domain::claim::Claim;
use crate::domain::ids::{ClaimId, ClaimNumber};

/// The claim, whole, its row locked until the transaction ends; `None` if there is no such claim.
///
/// # Errors
/// [`StoreError::Corrupt`] if what is stored is no claim; else what the database says.
pub async fn lock(conn: &mut Conn, id: ClaimId) -> Result<Option<Claim>, StoreError> {
    let query = claims::table.filter(claims::id.eq(id.0)).select(ClaimRow::as_select()).for_update();
    // The parts are asked for right behind the row, in one round trip: the database answers in order, so it reads them under the lock.
    let claims = whole(conn, &[id], |conn| query.load(conn).boxed()).await?;
    Ok(claims.into_iter().next())
}

/// The claims with these identities, whole, without a lock, in no order; those that do not exist are left out.
///
/// Takes the same number of statements for one claim and for a hundred.
///
/// # Errors
/// [`StoreError::Corrupt`] if what is stored is no claim; else what the database says.
pub async fn load_many(conn: &mut Conn, ids: &[ClaimId]) -> Result<Vec<Claim>, StoreError> {
    let query = claims::table.filter(claims::id.eq_any(uuids(ids))).select(ClaimRow::as_select());
    whole(conn, ids, |conn| query.load(conn).boxed()).await
}

/// The next number for a new claim. A number that is not used in the end is never given again.
///
/// # Errors
/// What the database says.
pub async fn next_number(conn: &mut Conn) -> Result<ClaimNumber, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        number: i64,
    }
    let row: Row = Sql::new("SELECT nextval('claim_numbers') AS number").get_result(conn).await?;
    Ok(ClaimNumber(row.number))
}

fn uuids(ids: &[ClaimId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}

pub use super::save::{insert, save};

type Rows<'a> = BoxFuture<'a, QueryResult<Vec<ClaimRow>>>;

async fn whole<'a>(
    conn: &'a mut Conn,
    ids: &[ClaimId],
    rows: impl FnOnce(&mut &'a AsyncPgConnection) -> Rows<'a>,
) -> Result<Vec<Claim>, StoreError> {
    let conn: &'a AsyncPgConnection = conn;
    let ids = uuids(ids);
    let (mut c0, mut c1, mut c2, mut c3, mut c4, mut c5) = (conn, conn, conn, conn, conn, conn);
    let products = claim_products::table.filter(claim_products::claim_id.eq_any(&ids)).order(claim_products::position);
    let findings = claim_findings::table.filter(claim_findings::claim_id.eq_any(&ids)).order(claim_findings::position);
    let clocks = claim_clocks::table.filter(claim_clocks::claim_id.eq_any(&ids));
    let started = (associations::started_at, associations::id);
    let associations = associations::table.filter(associations::claim_id.eq_any(&ids)).order(started);
    let documents = documents::table.filter(documents::claim_id.eq_any(&ids)).order(documents::position);
    let (rows, products, findings, clocks, associations, documents) = try_join!(
        rows(&mut c0),
        products.select(ProductRow::as_select()).load(&mut c1),
        findings.select(FindingRow::as_select()).load(&mut c2),
        clocks.select(ClockRow::as_select()).load(&mut c3),
        associations.select(AssociationRow::as_select()).load(&mut c4),
        documents.select(DocumentRow::as_select()).load(&mut c5),
    )?;
    let claims: Result<HashMap<Uuid, Claim>, StoreError> = rows.into_iter().map(|row| Ok((row.id, row.into_claim()?))).collect();
    let mut claims = claims?;
    give(
        &mut claims,
        products,
        |row| row.claim_id,
        |claim, row| {
            claim.products.push(row.into_line());
            Ok(())
        },
    )?;
    give(&mut claims, findings, |row| row.claim_id, give_finding)?;
    give(
        &mut claims,
        clocks,
        |row| row.claim_id,
        |claim, row| {
            claim.clocks.push(row.into_clock()?);
            Ok(())
        },
    )?;
    give(
        &mut claims,
        associations,
        |row| row.claim_id,
        |claim, row| {
            claim.associations.push(row.into_association()?);
            Ok(())
        },
    )?;
    give(
        &mut claims,
        documents,
        |row| row.claim_id,
        |claim, row| {
            claim.documents.push(row.into_document()?);
            Ok(())
        },
    )?;
    let mut claims: Vec<Claim> = claims.into_values().collect();
    claims.iter_mut().for_each(|claim| claim.clocks.sort_by_key(|clock| clock.kind));
    Ok(claims)
}

fn give<R>(
    claims: &mut HashMap<Uuid, Claim>,
    rows: Vec<R>,
    owner: impl Fn(&R) -> Uuid,
    put: impl Fn(&mut Claim, R) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for row in rows {
        if let Some(claim) = claims.get_mut(&owner(&row)) {
            put(claim, row)?;
        }
    }
    Ok(())
}

fn give_finding(claim: &mut Claim, row: FindingRow) -> Result<(), StoreError> {
    let list = if row.belongs_to == OF_REQUEST {
        claim.request.as_mut().map(|request| &mut request.findings)
    } else {
        claim.rejection.as_mut().map(|rejection| &mut rejection.findings)
    };
    list.ok_or_else(|| StoreError::corrupt("findings of nothing"))?.push(row.into_finding()?);
    Ok(())
}
