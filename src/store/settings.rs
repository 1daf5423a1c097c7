//! What people choose for themselves: language, time zone, notices they can do without.

use std::collections::BTreeSet;

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
