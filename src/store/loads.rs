//! What a field asks of the loaders of its request, by name.

use std::sync::Arc;

use super::ahead::Ahead;
use super::associations::{AssociationRow, TenantAssociationRow};
use super::batch::Loaded;
use super::claim_filter::ClaimFilter;
use super::claim_order::ClaimOrder;
use super::claims::{self, ClaimRow};
use super::comments::CommentRow;
use super::errors::StoreError;
use super::fetches::ClaimList;
use super::findings::FindingRow;
use super::history::HistoryRow;
use super::loaders::Loaders;
use super::notes::NoteRow;
use super::organizations::{LocationRow, OrganizationRow};
use super::page::{Page, Slice};
use super::people::PersonRow;
use super::poe::DocumentRow;
use super::products::ProductRow;
use super::programme::PolicyRow;
use super::scope::Chosen;
use crate::domain::calendar::Calendar;
use crate::domain::clock::Clock;
use crate::domain::details::MpnId;
use crate::domain::ids::{AssociationId, ClaimId, ClaimNumber, CommentId, DocumentId, NoteId, OrganizationId, PersonId};
use crate::domain::product::Catalogue;

impl Loaders {
    /// The claim, if the viewer may read it, and what is going to be asked of it.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn claim(&self, id: ClaimId, ahead: Arc<Ahead>) -> Loaded<Option<Arc<ClaimRow>>> {
        self.claims.of(&self.reader).load((id, ahead)).await
    }

    /// The claim with this number, if the viewer may read it, and what is going to be asked of it.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn claim_by_number(&self, number: ClaimNumber, ahead: &Ahead) -> Result<Option<Arc<ClaimRow>>, StoreError> {
        Ok(self.reader.claims(&Chosen::Number(number), ahead).await?.pop())
    }

    /// A page of the viewer's claims, and what is going to be asked of them.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn claims(
        &self,
        filter: &ClaimFilter,
        order: ClaimOrder,
        page: Page,
        ahead: &Ahead,
    ) -> Result<Slice<ClaimRow>, StoreError> {
        let slice = claims::page(&self.reader.database, &self.reader.viewer, filter, order, page).await?;
        let rows: Vec<_> = slice.items.iter().map(|item| Arc::clone(&item.row)).collect();
        self.reader.of_claims(&rows, ahead).await;
        Ok(slice)
    }

    /// A page of the products of a claim.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn products(&self, claim: ClaimId, page: Page) -> Loaded<Arc<Slice<ProductRow>>> {
        let ahead = self.reader.ahead.products.get(&(claim, page));
        or_batch(ahead, || self.products.of(&self.reader).load((claim, page))).await
    }

    /// A page of the documents of a claim.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn documents(&self, claim: ClaimId, page: Page) -> Loaded<Arc<Slice<DocumentRow>>> {
        let ahead = self.reader.ahead.documents.get(&(claim, page));
        or_batch(ahead, || self.documents.of(&self.reader).load((claim, page))).await
    }

    /// A page of the comments on a claim.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn comments(&self, claim: ClaimId, page: Page) -> Loaded<Arc<Slice<CommentRow>>> {
        let ahead = self.reader.ahead.comments.get(&(claim, page));
        or_batch(ahead, || self.comments.of(&self.reader).load((claim, page))).await
    }

    /// A page of the history of a claim.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn history(&self, claim: ClaimId, page: Page) -> Loaded<Arc<Slice<HistoryRow>>> {
        let ahead = self.reader.ahead.history.get(&(claim, page));
        or_batch(ahead, || self.history.of(&self.reader).load((claim, page))).await
    }

    /// A page of the internal notes on a claim; empty for those who do not read notes.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn notes(&self, claim: ClaimId, page: Page) -> Loaded<Arc<Slice<NoteRow>>> {
        let ahead = self.reader.ahead.notes.get(&(claim, page));
        or_batch(ahead, || self.notes.of(&self.reader).load((claim, page))).await
    }

    /// How many rows a list of a claim has.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn total(&self, claim: ClaimId, list: ClaimList) -> Loaded<i64> {
        or_batch(self.reader.ahead.totals.get(&(list, claim)), || self.totals.of(&self.reader).load((list, claim))).await
    }

    /// The findings of the latest request and the latest rejection of a claim.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn findings(&self, claim: ClaimId) -> Loaded<Arc<Vec<FindingRow>>> {
        or_batch(self.reader.ahead.findings.get(&claim), || self.findings.of(&self.reader).load(claim)).await
    }

    /// The clocks of a claim that have not ended.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn clocks(&self, claim: ClaimId) -> Loaded<Arc<Vec<Clock>>> {
        or_batch(self.reader.ahead.clocks.get(&claim), || self.clocks.of(&self.reader).load(claim)).await
    }

    /// The associations that approvals of a claim created.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn associations(&self, claim: ClaimId) -> Loaded<Arc<Vec<AssociationRow>>> {
        or_batch(self.reader.ahead.associations.get(&claim), || self.associations.of(&self.reader).load(claim)).await
    }

    /// The document, if the viewer may read it.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn document(&self, id: DocumentId) -> Loaded<Option<Arc<DocumentRow>>> {
        self.document_by_id.of(&self.reader).load(id).await
    }

    /// The comment, if the viewer may read it.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn comment(&self, id: CommentId) -> Loaded<Option<Arc<CommentRow>>> {
        self.comment_by_id.of(&self.reader).load(id).await
    }

    /// The internal note, if the viewer may read it.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn note(&self, id: NoteId) -> Loaded<Option<Arc<NoteRow>>> {
        self.note_by_id.of(&self.reader).load(id).await
    }

    /// The association, if the viewer may read it.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn association(&self, id: AssociationId) -> Loaded<Option<Arc<AssociationRow>>> {
        self.association_by_id.of(&self.reader).load(id).await
    }

    /// The person, if the viewer may know of them.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn person(&self, id: PersonId) -> Loaded<Option<Arc<PersonRow>>> {
        or_batch(self.reader.ahead.people.get(&id), || self.people.of(&self.reader).load(id)).await
    }

    /// The organization, if the viewer may know of it.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn organization(&self, id: OrganizationId) -> Loaded<Option<Arc<OrganizationRow>>> {
        or_batch(self.reader.ahead.organizations.get(&id), || self.organizations.of(&self.reader).load(id)).await
    }

    /// The locations of an organization that the viewer may know of, by MPN id.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn locations(&self, organization: OrganizationId) -> Loaded<Arc<Vec<LocationRow>>> {
        self.locations.of(&self.reader).load(organization).await
    }

    /// The location, if the viewer may know of it.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn location(&self, id: MpnId) -> Loaded<Option<Arc<LocationRow>>> {
        or_batch(self.reader.ahead.locations.get(&id), || self.location_by_id.of(&self.reader).load(id.clone())).await
    }

    /// The living associations on the tenant of the customer who asks; empty for anybody else.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn tenant_associations(&self) -> Loaded<Arc<Vec<TenantAssociationRow>>> {
        self.tenant_associations.of(&self.reader).load(()).await
    }

    /// The catalogue.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn catalogue(&self) -> Loaded<Arc<Catalogue>> {
        self.catalogue.of(&self.reader).load(()).await
    }

    /// The policies, by version.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn policies(&self) -> Loaded<Arc<Vec<PolicyRow>>> {
        self.policies.of(&self.reader).load(()).await
    }

    /// The business calendar.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn calendar(&self) -> Loaded<Arc<Calendar>> {
        self.calendar.of(&self.reader).load(()).await
    }
}

/// What was fetched ahead, else what the batch finds.
async fn or_batch<V, F: Future<Output = Loaded<V>>>(ahead: Option<V>, batch: impl FnOnce() -> F) -> Loaded<V> {
    match ahead {
        Some(value) => Ok(value),
        None => batch().await,
    }
}
