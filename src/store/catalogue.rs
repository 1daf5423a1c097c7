//! The catalogue: what can be claimed, and when.

use chrono::NaiveDate;
use diesel::sql_types::{Date, Nullable, Text};

use super::database::Database;
use super::errors::StoreError;
use super::record::{Record, code, record, records};
use super::sql::Sql;
use crate::auth::viewer::Viewer;
use crate::domain::product::{Area, Catalogue, CatalogueEntry, ProductCode};

record! {
    /// The columns of `catalogue`.
    CatalogueRecord {
        code: String = Text,
        area: String = Text,
        name: String = Text,
        valid_from: NaiveDate = Date,
        valid_until: Option<NaiveDate> = Nullable<Date>,
    }
}

/// The whole catalogue, which every viewer may read.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn all(database: &Database, _viewer: &Viewer) -> Result<Catalogue, StoreError> {
    let sql = Sql::new("SELECT ").append(CatalogueRecord::columns("")).push(" FROM catalogue");
    records::<CatalogueRecord>(database, sql).await?.into_iter().map(entry).collect()
}

fn entry(record: CatalogueRecord) -> Result<(ProductCode, CatalogueEntry), StoreError> {
    let product = ProductCode(record.code);
    let entry = CatalogueEntry {
        code: product.clone(),
        area: code(&record.area, Area::from_code)?,
        name: record.name,
        valid_from: record.valid_from,
        valid_until: record.valid_until,
    };
    Ok((product, entry))
}
