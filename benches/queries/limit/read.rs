//! The four reads: rows as they come, written out at once.

use chrono::{DateTime, Utc};
use cpor::store::cursor::{CursorSealer, Position};
use futures_util::try_join;
use tokio_postgres::Row;
use uuid::Uuid;

use super::json::Json;
use super::pool::{Connection, Failure};

/// The order that the dashboard's cursors are sealed for.
const DASHBOARD_LIST: &str = "claims by updated_at, descending";
/// Claims on a dashboard.
const DASHBOARD_ROWS: usize = 20;

/// One claim, 12 scalars.
pub async fn one(connection: &Connection, id: Uuid) -> Result<String, Failure> {
    let row = connection.one(&connection.statements.one, &[&id]).await?;
    let mut json = Json::new("{\"data\":{\"node\":{");
    json.key("id").id(b'C', id).key("number").quoted(row.get(0)).key("status").string(row.get(1));
    json.key("version")
        .number(i64::from(row.get::<_, i32>(2)))
        .key("name")
        .maybe(row.get(3))
        .key("customerName")
        .maybe(row.get(4));
    json.key("customerDomain").maybe(row.get(5)).key("tenantId").uuid(row.get(6)).key("area").maybe(row.get(7));
    json.key("locationId").string(row.get(8)).key("createdAt").at(row.get(9)).key("updatedAt").at(row.get(10));
    Ok(json.end("}}}"))
}

/// The first 20 claims of an organization in a status, with 5 products each.
pub async fn dashboard(
    connection: &Connection,
    sealer: &CursorSealer,
    organization: Uuid,
    status: &str,
) -> Result<String, Failure> {
    let mut claims = connection.rows(&connection.statements.dashboard, &[&organization, &status]).await?;
    let has_next = claims.len() > DASHBOARD_ROWS;
    claims.truncate(DASHBOARD_ROWS);
    let products = Beneath::of(connection.rows(&connection.statements.products_of, &[&ids(&claims)]).await?, claims.len());
    let mut json = Json::new("{\"data\":{\"claims\":{\"nodes\":[");
    for (row, products) in claims.iter().zip(&products.0) {
        json.comma().raw("{").key("id").id(b'C', row.get(0)).key("number").quoted(row.get(1)).key("status").string(row.get(2));
        json.key("updatedAt").at(row.get(3)).key("customerName").maybe(row.get(4)).key("tenantId").uuid(row.get(5));
        json.key("products").raw("{\"nodes\":[");
        for product in products {
            product_head(&mut json, product, 1).key("subscriptionId").uuid(product.get(3)).raw("}");
        }
        json.raw("]}}");
    }
    json.raw("]").key("pageInfo").raw("{").key("hasNextPage").raw(if has_next { "true" } else { "false" });
    let cursor = claims.last().map(|row| {
        let key = row.get::<_, DateTime<Utc>>(3).timestamp_micros();
        sealer.seal(DASHBOARD_LIST, Position { key: Some(key), id: row.get(0) })
    });
    json.key("endCursor").maybe(cursor.as_deref());
    Ok(json.end("}}}}"))
}

/// A claim with 10 each of what hangs on it.
pub async fn detail(connection: &Connection, number: i64) -> Result<String, Failure> {
    let prepared = &connection.statements;
    let (claim, products, documents, comments, history) = try_join!(
        async { connection.one(&prepared.detail, &[&number]).await },
        async { connection.rows(&prepared.products, &[&number]).await },
        async { connection.rows(&prepared.documents, &[&number]).await },
        async { connection.rows(&prepared.comments, &[&number]).await },
        async { connection.rows(&prepared.history, &[&number]).await },
    )?;
    let mut json = Json::new("{\"data\":{\"claim\":{");
    json.key("id").id(b'C', claim.get(0)).key("number").quoted(claim.get(1)).key("status").string(claim.get(2));
    json.key("name").maybe(claim.get(3)).key("customerName").maybe(claim.get(4)).key("updatedAt").at(claim.get(5));
    json.key("products").raw("{\"nodes\":[");
    for row in &products {
        product_head(&mut json, row, 0).key("subscriptionId").uuid(row.get(2)).raw("}");
    }
    json.raw("]}").key("documents").raw("{\"nodes\":[");
    for row in &documents {
        json.comma().raw("{").key("id").id(b'D', row.get(0)).key("name").string(row.get(1)).key("kind").string(row.get(2));
        json.key("mediaType").string(row.get(3)).key("sizeBytes").number(row.get(4)).key("attachedAt").at(row.get(5)).raw("}");
    }
    json.raw("]}").key("comments").raw("{\"nodes\":[");
    for row in &comments {
        json.comma().raw("{").key("id").id(b'M', row.get(0)).key("body").string(row.get(1)).key("at").at(row.get(2));
        json.key("author").raw("{").key("role").string(row.get(3));
        json.key("person").raw("{").key("id").id(b'P', row.get(4)).key("name").string(row.get(5)).raw("}}}");
    }
    json.raw("]}").key("history").raw("{\"nodes\":[");
    for row in &history {
        json.comma().raw("{").key("sequence").number(i64::from(row.get::<_, i32>(0))).key("kind").string(row.get(1));
        json.key("at").at(row.get(2)).key("version").number(i64::from(row.get::<_, i32>(3))).key("status").string(row.get(4));
        json.key("actor").raw("{").key("kind").string(row.get(5)).key("role").maybe(row.get(6)).key("person");
        match row.get::<_, Option<Uuid>>(7) {
            Some(person) => json.raw("{").key("id").id(b'P', person).key("name").maybe(row.get(8)).raw("}}}"),
            None => json.raw("null}}"),
        };
    }
    Ok(json.end("]}}}}"))
}

/// Fifty claims with 5 each of products, comments and history.
pub async fn fifty(connection: &Connection, organization: Uuid) -> Result<String, Failure> {
    let prepared = &connection.statements;
    let claims = connection.rows(&prepared.fifty, &[&organization]).await?;
    let ids = ids(&claims);
    let (products, comments, history) = try_join!(
        async { connection.rows(&prepared.products_of, &[&ids]).await },
        async { connection.rows(&prepared.comments_of, &[&ids]).await },
        async { connection.rows(&prepared.history_of, &[&ids]).await },
    )?;
    let of = |rows| Beneath::of(rows, claims.len());
    let (products, comments, history) = (of(products), of(comments), of(history));
    let mut json = Json::new("{\"data\":{\"claims\":{\"nodes\":[");
    for (at, row) in claims.iter().enumerate() {
        json.comma().raw("{").key("id").id(b'C', row.get(0)).key("number").quoted(row.get(1)).key("status").string(row.get(2));
        json.key("name").maybe(row.get(3)).key("customerName").maybe(row.get(4));
        json.key("version").number(i64::from(row.get::<_, i32>(5))).key("updatedAt").at(row.get(6));
        json.key("products").raw("{\"nodes\":[");
        for product in &products.0[at] {
            product_head(&mut json, product, 1).raw("}");
        }
        json.raw("]}").key("comments").raw("{\"nodes\":[");
        for comment in &comments.0[at] {
            json.comma()
                .raw("{")
                .key("id")
                .id(b'M', comment.get(1))
                .key("body")
                .string(comment.get(2))
                .key("at")
                .at(comment.get(3));
            json.key("author").raw("{").key("person").raw("{").key("name").string(comment.get(4)).raw("}}}");
        }
        json.raw("]}").key("history").raw("{\"nodes\":[");
        for entry in &history.0[at] {
            json.comma().raw("{").key("sequence").number(i64::from(entry.get::<_, i32>(1))).key("kind").string(entry.get(2));
            json.key("at").at(entry.get(3)).key("actor").raw("{").key("person");
            match entry.get::<_, Option<&str>>(4) {
                Some(name) => json.raw("{").key("name").string(name).raw("}}}"),
                None => json.raw("null}}"),
            };
        }
        json.raw("]}}");
    }
    Ok(json.end("]}}}"))
}

fn ids(claims: &[Row]) -> Vec<Uuid> {
    claims.iter().map(|row| row.get(0)).collect()
}

/// A product's id and code, from this column on; the object is left open.
fn product_head<'a>(json: &'a mut Json, row: &Row, from: usize) -> &'a mut Json {
    json.comma().raw("{").key("id").id(b'L', row.get(from)).key("code").string(row.get(from + 1))
}

/// Rows that hang on claims, by the claims' places, which their first column counts from 1.
struct Beneath(Vec<Vec<Row>>);

impl Beneath {
    fn of(rows: Vec<Row>, claims: usize) -> Self {
        let mut lists: Vec<Vec<Row>> = (0..claims).map(|_| Vec::with_capacity(5)).collect();
        for row in rows {
            let place = usize::try_from(row.get::<_, i64>(0)).unwrap_or_default();
            if let Some(list) = lists.get_mut(place.wrapping_sub(1)) {
                list.push(row);
            }
        }
        Self(lists)
    }
}
