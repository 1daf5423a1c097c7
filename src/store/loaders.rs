//! What the fields of one request load: from what was fetched ahead, else in batches, each relation one statement, however many rows ask
//! for it.
//!
//! Made per request, from the database and the viewer, and dropped with it: nothing that one viewer read is ever given to another.

mod review;

use std::sync::Arc;

use super::ahead::{Ahead, FetchedAhead};
use super::associations::{self, AssociationRow, TenantAssociationRow};
use super::batch::Batch;
use super::catalogue;
use super::claims::ClaimRow;
use super::comments::CommentRow;
use super::database::Database;
pub use super::fetches::ClaimList;
use super::fetches::{
    Lazy, List, One, Paged, Reader, Single, batch, claims_ahead, identified, keyed, listed, paged, shared, single, totals,
};
use super::findings::FindingRow;
use super::history::HistoryRow;
use super::inspections::{self, InspectionRow};
use super::notes::NoteRow;
use super::organizations::{self, LocationRow, OrganizationRow};
use super::people::{self, PersonRow};
use super::poe::DocumentRow;
use super::products::ProductRow;
use super::programme::{self, PolicyRow};
use crate::auth::viewer::Viewer;
use crate::domain::calendar::Calendar;
use crate::domain::clock::Clock;
use crate::domain::details::MpnId;
use crate::domain::ids::{AssociationId, ClaimId, CommentId, DocumentId, NoteId, OrganizationId, PersonId};
use crate::domain::product::Catalogue;

/// The loaders of one request.
pub struct Loaders {
    pub(super) reader: Arc<Reader>,
    pub(super) claims: Lazy<One<(ClaimId, Arc<Ahead>), ClaimRow>>,
    pub(super) products: Lazy<Paged<ProductRow>>,
    pub(super) documents: Lazy<Paged<DocumentRow>>,
    pub(super) comments: Lazy<Paged<CommentRow>>,
    pub(super) history: Lazy<Paged<HistoryRow>>,
    pub(super) whole_history: Lazy<List<ClaimId, HistoryRow>>,
    pub(super) notes: Lazy<Paged<NoteRow>>,
    pub(super) totals: Lazy<Batch<(ClaimList, ClaimId), i64>>,
    pub(super) findings: Lazy<List<ClaimId, FindingRow>>,
    pub(super) clocks: Lazy<List<ClaimId, Clock>>,
    pub(super) associations: Lazy<List<ClaimId, AssociationRow>>,
    pub(super) document_by_id: Lazy<One<DocumentId, DocumentRow>>,
    pub(super) inspections: Lazy<One<DocumentId, InspectionRow>>,
    pub(super) comment_by_id: Lazy<One<CommentId, CommentRow>>,
    pub(super) note_by_id: Lazy<One<NoteId, NoteRow>>,
    pub(super) association_by_id: Lazy<One<AssociationId, AssociationRow>>,
    pub(super) people: Lazy<One<PersonId, PersonRow>>,
    pub(super) organizations: Lazy<One<OrganizationId, OrganizationRow>>,
    pub(super) locations: Lazy<List<OrganizationId, LocationRow>>,
    pub(super) location_by_id: Lazy<One<MpnId, LocationRow>>,
    pub(super) tenant_associations: Lazy<Single<Vec<TenantAssociationRow>>>,
    pub(super) catalogue: Lazy<Single<Catalogue>>,
    pub(super) policies: Lazy<Single<Vec<PolicyRow>>>,
    pub(super) calendar: Lazy<Single<Calendar>>,
}

impl Loaders {
    /// The loaders of a request of this viewer.
    #[must_use]
    pub fn new(database: Database, viewer: Arc<Viewer>) -> Self {
        Self {
            reader: Arc::new(Reader { database, viewer, ahead: FetchedAhead::default() }),
            claims: Lazy::new(|reader| batch(reader, claims_ahead)),
            products: Lazy::new(paged),
            documents: Lazy::new(paged),
            comments: Lazy::new(paged),
            history: Lazy::new(paged),
            whole_history: Lazy::new(listed),
            notes: Lazy::new(paged),
            totals: Lazy::new(|reader| batch(reader, totals)),
            findings: Lazy::new(listed),
            clocks: Lazy::new(listed),
            associations: Lazy::new(listed),
            document_by_id: Lazy::new(|reader| identified(reader, |id: &DocumentId| id.0, |row: &DocumentRow| row.document.id)),
            comment_by_id: Lazy::new(|reader| identified(reader, |id: &CommentId| id.0, |row: &CommentRow| row.id)),
            note_by_id: Lazy::new(|reader| identified(reader, |id: &NoteId| id.0, |row: &NoteRow| row.id)),
            association_by_id: Lazy::new(|reader| {
                identified(reader, |id: &AssociationId| id.0, |row: &AssociationRow| row.association.id)
            }),
            inspections: Lazy::new(|reader| {
                batch(reader, |r, ids| async move {
                    Ok(keyed(inspections::by_ids(&r.database, &r.viewer, &ids).await?, |row| row.document))
                })
            }),
            people: Lazy::new(|reader| {
                batch(
                    reader,
                    |r, ids| async move { Ok(keyed(people::by_ids(&r.database, &r.viewer, &ids).await?, |row| row.id)) },
                )
            }),
            organizations: Lazy::new(|reader| {
                batch(reader, |r, ids| async move {
                    Ok(keyed(organizations::by_ids(&r.database, &r.viewer, &ids).await?, |row| row.id))
                })
            }),
            locations: Lazy::new(|reader| {
                batch(reader, |r, ids| async move { Ok(shared(organizations::locations(&r.database, &r.viewer, &ids).await?)) })
            }),
            location_by_id: Lazy::new(|reader| {
                batch(reader, |r, ids| async move {
                    Ok(keyed(organizations::locations_by_id(&r.database, &r.viewer, &ids).await?, |row| row.mpn_id.clone()))
                })
            }),
            tenant_associations: Lazy::new(|reader| {
                batch(reader, |r, _| async move { Ok(single(associations::of_own_tenant(&r.database, &r.viewer).await?)) })
            }),
            catalogue: Lazy::new(|reader| {
                batch(reader, |r, _| async move { Ok(single(catalogue::all(&r.database, &r.viewer).await?)) })
            }),
            policies: Lazy::new(|reader| {
                batch(reader, |r, _| async move { Ok(single(programme::policies(&r.database, &r.viewer).await?)) })
            }),
            calendar: Lazy::new(|reader| {
                batch(reader, |r, _| async move { Ok(single(programme::calendar(&r.database, &r.viewer).await?)) })
            }),
        }
    }
}
