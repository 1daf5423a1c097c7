//! What a review loads beside the claim: what is known of its documents' bytes.

use std::sync::Arc;

use super::Loaders;
use crate::domain::ids::DocumentId;
use crate::store::batch::Loaded;
use crate::store::inspections::InspectionRow;

impl Loaders {
    /// What is known of a document's bytes beside its history, if the viewer may read the document.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::errors::StoreError) if the database fails.
    pub async fn inspection(&self, id: DocumentId) -> Loaded<Option<Arc<InspectionRow>>> {
        self.inspections.load(id).await
    }
}
