//! What hangs on claims, read for deciding: their products, findings, clocks, associations and documents.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::try_join;
use uuid::Uuid;

use super::claim_parts::{AssociationRow, ClockRow, FindingRow, OF_REQUEST, ProductRow};
use super::document_row::DocumentRow;
use super::errors::StoreError;
use super::schema::{associations, claim_clocks, claim_findings, claim_products, documents};
use crate::domain::claim::Claim;

/// The parts of some claims, each list in its order.
#[derive(Default)]
pub(super) struct Parts {
    products: Vec<ProductRow>,
    findings: Vec<FindingRow>,
    clocks: Vec<ClockRow>,
    associations: Vec<AssociationRow>,
    documents: Vec<DocumentRow>,
}

impl Parts {
    /// Of these claims, in one round trip and a constant number of statements.
    pub async fn of(conn: &AsyncPgConnection, ids: &[Uuid]) -> Result<Self, StoreError> {
        let (mut c1, mut c2, mut c3, mut c4, mut c5) = (conn, conn, conn, conn, conn);
        let products = claim_products::table.filter(claim_products::claim_id.eq_any(ids)).order(claim_products::position);
        let findings = claim_findings::table.filter(claim_findings::claim_id.eq_any(ids)).order(claim_findings::position);
        let clocks = claim_clocks::table.filter(claim_clocks::claim_id.eq_any(ids));
        let started = (associations::started_at, associations::id);
        let associations = associations::table.filter(associations::claim_id.eq_any(ids)).order(started);
        let documents = documents::table.filter(documents::claim_id.eq_any(ids)).order(documents::position);
        let (products, findings, clocks, associations, documents) = try_join!(
            products.select(ProductRow::as_select()).load(&mut c1),
            findings.select(FindingRow::as_select()).load(&mut c2),
            clocks.select(ClockRow::as_select()).load(&mut c3),
            associations.select(AssociationRow::as_select()).load(&mut c4),
            documents.select(DocumentRow::as_select()).load(&mut c5),
        )?;
        Ok(Self { products, findings, clocks, associations, documents })
    }

    /// Gives each claim what is its own.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if a part is none that the domain knows.
    pub fn give(self, claims: &mut [Claim]) -> Result<(), StoreError> {
        claims.sort_unstable_by_key(|claim| claim.id);
        for row in self.products {
            if let Some(claim) = owner(claims, row.claim_id) {
                claim.products.push(row.into_line());
            }
        }
        for row in self.findings {
            if let Some(claim) = owner(claims, row.claim_id) {
                give_finding(claim, row)?;
            }
        }
        for row in self.clocks {
            if let Some(claim) = owner(claims, row.claim_id) {
                claim.clocks.push(row.into_clock()?);
            }
        }
        for row in self.associations {
            if let Some(claim) = owner(claims, row.claim_id) {
                claim.associations.push(row.into_association()?);
            }
        }
        for row in self.documents {
            if let Some(claim) = owner(claims, row.claim_id) {
                claim.documents.push(row.into_document()?);
            }
        }
        claims.iter_mut().for_each(|claim| claim.clocks.sort_by_key(|clock| clock.kind));
        Ok(())
    }
}

/// Of claims in the order of their identities, the one with this identity.
fn owner(claims: &mut [Claim], id: Uuid) -> Option<&mut Claim> {
    let at = claims.binary_search_by_key(&id, |claim| claim.id.0).ok()?;
    claims.get_mut(at)
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
