//! What people choose for themselves: language, time zone, notices they can do without.

use std::collections::BTreeSet;

use diesel::QueryableByName;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::database::Conn;
use super::errors::StoreError;
use super::sql::Sql;
use crate::domain::ids::PersonId;
use crate::domain::preferences::OptionalNotice;

/// Changes what is given, leaves the rest. Answers whether there is such a person.
///
/// # Errors
/// What the database says.
pub async fn update(
    conn: &mut Conn,
    person: PersonId,
    locale: Option<&str>,
    time_zone: Option<&str>,
    muted: Option<&BTreeSet<OptionalNotice>>,
) -> Result<bool, StoreError> {
    let muted: Option<Vec<&str>> = muted.map(|notices| notices.iter().map(|notice| notice.code()).collect());
    let written = Sql::new("UPDATE people SET locale = coalesce(")
        .bind::<Nullable<Text>, _>(locale)
        .push(", locale), time_zone = coalesce(")
        .bind::<Nullable<Text>, _>(time_zone)
        .push(", time_zone), muted_notices = coalesce(")
        .bind::<Nullable<Array<Text>>, _>(muted)
        .push(", muted_notices) WHERE is_active AND id = ")
        .bind::<SqlUuid, _>(person.0)
        .execute(conn)
        .await?;
    Ok(written == 1)
}

/// Those of these addresses whose person does without the notice.
///
/// # Errors
/// What the database says.
pub async fn muted_by(conn: &mut Conn, notice: OptionalNotice, addresses: &[&str]) -> Result<BTreeSet<String>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        address: String,
    }
    let rows: Vec<Row> = Sql::new("SELECT address FROM unnest(")
        .bind::<Array<Text>, _>(addresses)
        .push(") address WHERE EXISTS (SELECT FROM people WHERE is_active AND lower(email) = lower(address) AND ")
        .bind::<Text, _>(notice.code())
        .push(" = ANY(muted_notices))")
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.address).collect())
}
