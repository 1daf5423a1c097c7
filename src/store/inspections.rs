//! What is known of documents' bytes beside the claims' histories: what inspecting them found, and what a virus scanner says.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::database::Database;
use super::errors::StoreError;
use super::record::fetch;
use super::scope::{self, Relation};
use super::sql::Sql;
use super::words::word;
use crate::auth::viewer::Viewer;
use crate::domain::file::{FileFlag, ScanState};
use crate::domain::ids::DocumentId;

/// What is known of a document's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionRow {
    /// The document.
    pub document: DocumentId,
    /// What a reviewer should know before opening it.
    pub flags: Vec<FileFlag>,
    /// How far the virus scanner is with it.
    pub scan: ScanState,
    /// Since when, in real time; `None` when no scanner has seen it.
    pub since: Option<DateTime<Utc>>,
    /// What the scanner found.
    pub threat: Option<String>,
}

/// The columns, in order. The scans of a page's documents are few rows of a table by its key.
const COLUMNS: &str = "documents.id, (SELECT flags FROM uploads WHERE uploads.id = documents.upload_id),
    (SELECT state FROM file_scans scan WHERE scan.sha256 = documents.sha256),
    (SELECT since FROM file_scans scan WHERE scan.sha256 = documents.sha256),
    (SELECT threat FROM file_scans scan WHERE scan.sha256 = documents.sha256)";

type Columns = (SqlUuid, Array<Text>, Nullable<Text>, Nullable<Timestamptz>, Nullable<Text>);
type Row = (Uuid, Vec<String>, Option<String>, Option<DateTime<Utc>>, Option<String>);

/// What is known of the bytes of those of these documents that the viewer may read, in no order.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn by_ids(database: &Database, viewer: &Viewer, ids: &[DocumentId]) -> Result<Vec<InspectionRow>, StoreError> {
    let Some(sql) = scope::rows(viewer, Relation::Documents, Sql::new(COLUMNS)) else { return Ok(Vec::new()) };
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let sql = sql.push(" AND documents.id = ANY(").bind::<Array<SqlUuid>, _>(ids).push(")");
    let found = fetch::<Columns, Row>(database.by_key(), sql).await?;
    let row = |(id, flags, state, since, threat): Row| {
        let flags = flags.iter().map(|code| word(code, FileFlag::from_code)).collect::<Result<_, _>>()?;
        let scan = state.map_or(Ok(ScanState::NotScanned), |code| word(&code, ScanState::from_code))?;
        Ok(InspectionRow { document: DocumentId(id), flags, scan, since, threat })
    };
    found.into_iter().map(row).collect()
}
