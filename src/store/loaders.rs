//! What the fields of one request load: each relation one statement, however many rows ask for it.
//!
//! Made per request, from the database and the viewer, and dropped with it: nothing that one viewer read is ever given to another.

mod review;

use std::sync::Arc;

use super::associations::{self, AssociationRow, TenantAssociationRow};
use super::batch::{Batch, Loaded};
use super::catalogue;
use super::claims::{self, ClaimRow};
use super::comments::CommentRow;
use super::database::Database;
pub use super::fetches::ClaimList;
use super::fetches::{List, One, Paged, Reader, Single, batch, identified, keyed, listed, paged, shared, single, totals};
use super::findings::FindingRow;
use super::history::HistoryRow;
use super::inspections::{self, InspectionRow};
use super::notes::NoteRow;
use super::organizations::{self, LocationRow, OrganizationRow};
use super::page::{Page, Slice};
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
    claims: One<ClaimId, ClaimRow>,
    products: Paged<ProductRow>,
    documents: Paged<DocumentRow>,
    comments: Paged<CommentRow>,
    history: Paged<HistoryRow>,
    whole_history: List<ClaimId, HistoryRow>,
    notes: Paged<NoteRow>,
    totals: Batch<(ClaimList, ClaimId), i64>,
    findings: List<ClaimId, FindingRow>,
    clocks: List<ClaimId, Clock>,
    associations: List<ClaimId, AssociationRow>,
    document_by_id: One<DocumentId, DocumentRow>,
    inspections: One<DocumentId, InspectionRow>,
    comment_by_id: One<CommentId, CommentRow>,
    note_by_id: One<NoteId, NoteRow>,
    association_by_id: One<AssociationId, AssociationRow>,
    people: One<PersonId, PersonRow>,
    organizations: One<OrganizationId, OrganizationRow>,
    locations: List<OrganizationId, LocationRow>,
    location_by_id: One<MpnId, LocationRow>,
    tenant_associations: Single<Vec<TenantAssociationRow>>,
    catalogue: Single<Catalogue>,
    policies: Single<Vec<PolicyRow>>,
    calendar: Single<Calendar>,
}

impl Loaders {
    /// The loaders of a request of this viewer.
    #[must_use]
    pub fn new(database: Database, viewer: Arc<Viewer>) -> Self {
        let reader = &Arc::new(Reader { database, viewer });
        Self {
            claims: batch(reader, |r, ids| async move {
                Ok(keyed(claims::by_ids(&r.database, &r.viewer, &ids).await?, |row| row.id))
            }),
            products: paged(reader),
            documents: paged(reader),
            comments: paged(reader),
            history: paged(reader),
            whole_history: listed(reader),
            notes: paged(reader),
            totals: batch(reader, totals),
            findings: listed(reader),
            clocks: listed(reader),
            associations: listed(reader),
            document_by_id: identified(reader, |id: &DocumentId| id.0, |row: &DocumentRow| row.document.id),
            inspections: batch(reader, |r, ids| async move {
                Ok(keyed(inspections::by_ids(&r.database, &r.viewer, &ids).await?, |row| row.document))
            }),
            comment_by_id: identified(reader, |id: &CommentId| id.0, |row: &CommentRow| row.id),
            note_by_id: identified(reader, |id: &NoteId| id.0, |row: &NoteRow| row.id),
            association_by_id: identified(reader, |id: &AssociationId| id.0, |row: &AssociationRow| row.association.id),
            people: batch(reader, |r, ids| async move {
                Ok(keyed(people::by_ids(&r.database, &r.viewer, &ids).await?, |row| row.id))
            }),
            organizations: batch(reader, |r, ids| async move {
                Ok(keyed(organizations::by_ids(&r.database, &r.viewer, &ids).await?, |row| row.id))
            }),
            locations: batch(reader, |r, ids| async move {
                Ok(shared(organizations::locations(&r.database, &r.viewer, &ids).await?))
            }),
            location_by_id: batch(reader, |r, ids| async move {
                Ok(keyed(organizations::locations_by_id(&r.database, &r.viewer, &ids).await?, |row| row.mpn_id.clone()))
            }),
            tenant_associations: batch(reader, |r, _| async move {
                Ok(single(associations::of_own_tenant(&r.database, &r.viewer).await?))
            }),
            catalogue: batch(reader, |r, _| async move { Ok(single(catalogue::all(&r.database, &r.viewer).await?)) }),
            policies: batch(reader, |r, _| async move { Ok(single(programme::policies(&r.database, &r.viewer).await?)) }),
            calendar: batch(reader, |r, _| async move { Ok(single(programme::calendar(&r.database, &r.viewer).await?)) }),
        }
    }
}

impl Loaders {
    /// The claim, if the viewer may read it.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn claim(&self, id: ClaimId) -> Loaded<Option<Arc<ClaimRow>>> {
        self.claims.load(id).await
    }

    /// A page of the products of a claim.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn products(&self, claim: ClaimId, page: Page) -> Loaded<Arc<Slice<ProductRow>>> {
        self.products.load((claim, page)).await
    }

    /// A page of the documents of a claim.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn documents(&self, claim: ClaimId, page: Page) -> Loaded<Arc<Slice<DocumentRow>>> {
        self.documents.load((claim, page)).await
    }

    /// A page of the comments on a claim.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn comments(&self, claim: ClaimId, page: Page) -> Loaded<Arc<Slice<CommentRow>>> {
        self.comments.load((claim, page)).await
    }

    /// A page of the history of a claim.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn history(&self, claim: ClaimId, page: Page) -> Loaded<Arc<Slice<HistoryRow>>> {
        self.history.load((claim, page)).await
    }

    /// A page of the internal notes on a claim; empty for those who do not read notes.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn notes(&self, claim: ClaimId, page: Page) -> Loaded<Arc<Slice<NoteRow>>> {
        self.notes.load((claim, page)).await
    }

    /// How many rows a list of a claim has.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn total(&self, claim: ClaimId, list: ClaimList) -> Loaded<i64> {
        self.totals.load((list, claim)).await
    }

    /// The findings of the latest request and the latest rejection of a claim.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn findings(&self, claim: ClaimId) -> Loaded<Arc<Vec<FindingRow>>> {
        self.findings.load(claim).await
    }

    /// The clocks of a claim that have not ended.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn clocks(&self, claim: ClaimId) -> Loaded<Arc<Vec<Clock>>> {
        self.clocks.load(claim).await
    }

    /// The associations that approvals of a claim created.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn associations(&self, claim: ClaimId) -> Loaded<Arc<Vec<AssociationRow>>> {
        self.associations.load(claim).await
    }

    /// The document, if the viewer may read it.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn document(&self, id: DocumentId) -> Loaded<Option<Arc<DocumentRow>>> {
        self.document_by_id.load(id).await
    }

    /// The comment, if the viewer may read it.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn comment(&self, id: CommentId) -> Loaded<Option<Arc<CommentRow>>> {
        self.comment_by_id.load(id).await
    }

    /// The internal note, if the viewer may read it.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn note(&self, id: NoteId) -> Loaded<Option<Arc<NoteRow>>> {
        self.note_by_id.load(id).await
    }

    /// The association, if the viewer may read it.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn association(&self, id: AssociationId) -> Loaded<Option<Arc<AssociationRow>>> {
        self.association_by_id.load(id).await
    }

    /// The person, if the viewer may know of them.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn person(&self, id: PersonId) -> Loaded<Option<Arc<PersonRow>>> {
        self.people.load(id).await
    }

    /// The organization, if the viewer may know of it.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn organization(&self, id: OrganizationId) -> Loaded<Option<Arc<OrganizationRow>>> {
        self.organizations.load(id).await
    }

    /// The locations of an organization that the viewer may know of, by MPN id.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn locations(&self, organization: OrganizationId) -> Loaded<Arc<Vec<LocationRow>>> {
        self.locations.load(organization).await
    }

    /// The location, if the viewer may know of it.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn location(&self, id: MpnId) -> Loaded<Option<Arc<LocationRow>>> {
        self.location_by_id.load(id).await
    }

    /// The living associations on the tenant of the customer who asks; empty for anybody else.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn tenant_associations(&self) -> Loaded<Arc<Vec<TenantAssociationRow>>> {
        self.tenant_associations.load(()).await
    }

    /// The catalogue.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn catalogue(&self) -> Loaded<Arc<Catalogue>> {
        self.catalogue.load(()).await
    }

    /// The policies, by version.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn policies(&self) -> Loaded<Arc<Vec<PolicyRow>>> {
        self.policies.load(()).await
    }

    /// The business calendar.
    ///
    /// # Errors
    /// [`StoreError`](super::errors::StoreError) if the database fails.
    pub async fn calendar(&self) -> Loaded<Arc<Calendar>> {
        self.calendar.load(()).await
    }
}
