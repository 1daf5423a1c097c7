//! The catalogue: what can be claimed, and when.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::{Queryable, Selectable};

use super::database::Database;
use super::errors::StoreError;
use super::record::{Record, records};
use super::schema::catalogue;
use super::sql::Sql;
use super::words::word;
use crate::auth::viewer::Viewer;
use crate::domain::product::{Area, Catalogue, CatalogueEntry, ProductCode};

/// The columns of `catalogue`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = catalogue, check_for_backend(Pg))]
pub(super) struct CatalogueRecord {
    code: String,
    area: String,
    name: String,
    valid_from: NaiveDate,
    valid_until: Option<NaiveDate>,
}

/// The whole catalogue, which every viewer may read.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn all(database: &Database, _viewer: &Viewer) -> Result<Catalogue, StoreError> {
    let sql = Sql::new("SELECT ").append(CatalogueRecord::columns()).push(" FROM catalogue");
    records::<CatalogueRecord>(database.by_key(), sql).await?.into_iter().map(entry).collect()
}

fn entry(record: CatalogueRecord) -> Result<(ProductCode, CatalogueEntry), StoreError> {
    let product = ProductCode(record.code);
    let entry = CatalogueEntry {
        code: product.clone(),
        area: word(&record.area, Area::from_code)?,
        name: record.name,
        valid_from: record.valid_from,
        valid_until: record.valid_until,
    };
    Ok((product, entry))
}
