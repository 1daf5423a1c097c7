//! Checking that the documents' bytes are what history says: there, as many, and of that hash.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::blobs::{Blobs, Measured};
use super::super::codec;
use super::super::database::{Conn, Database};
use super::super::errors::StoreError;
use super::super::sql::Sql;
use crate::domain::event::What;
use crate::domain::ids::ClaimNumber;
use crate::domain::poe::FileFacts;

/// Entries looked at in one statement.
const BATCH_ENTRIES: i64 = 200;

/// What is wrong with a document's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFlaw {
    /// They are not there.
    Missing,
    /// There are more or fewer than history says.
    WrongSize,
    /// Their SHA-256 is another than history says.
    WrongHash,
}

/// A document whose bytes are not what history says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The claim's number.
    pub number: ClaimNumber,
    /// The entry of its history that names the bytes.
    pub seq: i32,
    /// What is wrong.
    pub flaw: FileFlaw,
}

/// What a check of the documents' bytes found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileReport {
    /// Documents whose bytes were read.
    pub files: u64,
    /// Those whose bytes are not what history says.
    pub faults: Vec<FileFault>,
}

#[derive(QueryableByName)]
struct EntryRow {
    #[diesel(sql_type = SqlUuid)]
    claim_id: Uuid,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Integer)]
    seq: i32,
    #[diesel(sql_type = Text)]
    body: String,
}

/// Reads the bytes of each document that any history names, superseded ones included. Entries that cannot be read are left to
/// [`super::verify`].
///
/// # Errors
/// What the database and the store say; what is wrong with the bytes is in the report.
pub async fn verify_files(database: &Database, blobs: &Blobs) -> Result<FileReport, StoreError> {
    let mut report = FileReport::default();
    let mut after = (Uuid::nil(), 0);
    loop {
        let entries = entries(&mut *database.read().await?, after).await?;
        let Some(last) = entries.last() else { return Ok(report) };
        after = (last.claim_id, last.seq);
        for entry in &entries {
            let Ok(What::DocumentAttached { document, .. }) = codec::decode(&entry.body).map(|entry| entry.event.what) else {
                continue;
            };
            report.files += 1;
            let fault = |flaw| FileFault { number: ClaimNumber(entry.number), seq: entry.seq, flaw };
            let found = blobs.measure(&document.file.sha256).await?;
            report.faults.extend(flaw(&document.file, found).map(fault));
        }
    }
}

fn flaw(file: &FileFacts, found: Option<Measured>) -> Option<FileFlaw> {
    match found {
        None => Some(FileFlaw::Missing),
        Some(found) if found.size_bytes != file.size_bytes => Some(FileFlaw::WrongSize),
        Some(found) if found.sha256 != file.sha256 => Some(FileFlaw::WrongHash),
        Some(_) => None,
    }
}

async fn entries(conn: &mut Conn, after: (Uuid, i32)) -> Result<Vec<EntryRow>, StoreError> {
    let sql = Sql::new(
        "SELECT history.claim_id, claims.number, history.seq, history.body FROM history JOIN claims ON claims.id = history.claim_id
         WHERE history.kind = 'DOCUMENT_ATTACHED' AND (history.claim_id, history.seq) > (",
    )
    .bind::<SqlUuid, _>(after.0)
    .push(", ")
    .bind::<Integer, _>(after.1)
    .push(") ORDER BY history.claim_id, history.seq LIMIT ")
    .bind::<BigInt, _>(BATCH_ENTRIES);
    Ok(sql.load(conn).await?)
}
