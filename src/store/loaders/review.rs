//! What a review loads beside the claim: its whole history, and what is known of its documents' bytes.

use std::sync::Arc;

use super::Loaders;
use crate::domain::ids::{ClaimId, DocumentId};
use crate::store::batch::Loaded;
use crate::store::history::HistoryRow;
use crate::store::inspections::InspectionRow;

impl Loaders {
    /// The whole history of a claim; empty for those who may not read it.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::errors::StoreError) if the database fails.
    pub async fn whole_history(&self, claim: ClaimId) -> Loaded<Arc<Vec<HistoryRow>>> {
        self.whole_history.load(claim).await
    }

    /// What is known of a document's bytes beside its history, if the viewer may read the document.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::errors::StoreError) if the database fails.
    pub async fn inspection(&self, id: DocumentId) -> Loaded<Option<Arc<InspectionRow>>> {
        self.inspections.load(id).await
    }
}
