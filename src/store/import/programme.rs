//! The catalogue and the calendar.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use diesel::sql_types::{Array, Date, Nullable, SmallInt, Text};
use diesel_async::RunQueryDsl;

use super::super::database::Conn;
use super::super::errors::StoreError;
use super::super::sql::Sql;
use crate::domain::calendar::{Calendar, WeekdayNumber};
use crate::domain::product::CatalogueEntry;

/// Puts a catalogue entry in place, known by its code.
///
/// # Errors
/// What the database says.
pub async fn catalogue_entry(conn: &mut Conn, entry: &CatalogueEntry) -> Result<(), StoreError> {
    Sql::new("INSERT INTO catalogue (code, area, name, valid_from, valid_until) VALUES (")
        .bind::<Text, _>(&entry.code.0)
        .push(", ")
        .bind::<Text, _>(entry.area.code())
        .push(", ")
        .bind::<Text, _>(&entry.name)
        .push(", ")
        .bind::<Date, _>(entry.valid_from)
        .push(", ")
        .bind::<Nullable<Date>, _>(entry.valid_until)
        .push(
            ") ON CONFLICT (code) DO UPDATE SET area = excluded.area, name = excluded.name, valid_from = excluded.valid_from,
             valid_until = excluded.valid_until",
        )
        .execute(conn)
        .await?;
    Ok(())
}

/// Replaces the calendar: zone, weekend, and the holidays with their names (a holiday of the calendar without a name here gets none).
///
/// # Errors
/// What the database says.
pub async fn calendar(conn: &mut Conn, calendar: &Calendar, names: &[(NaiveDate, String)]) -> Result<(), StoreError> {
    let weekend: Vec<i16> = calendar.weekend.iter().map(|day: &WeekdayNumber| i16::from(*day)).collect();
    Sql::new("UPDATE calendar SET time_zone = ")
        .bind::<Text, _>(calendar.time_zone.name())
        .push(", weekend = ")
        .bind::<Array<SmallInt>, _>(weekend)
        .execute(conn)
        .await?;
    let name_of = |day: &NaiveDate| names.iter().find(|(named, _)| named == day).map_or("", |(_, name)| name.as_str());
    let days: Vec<NaiveDate> = calendar.holidays.iter().copied().collect();
    Sql::new("DELETE FROM holidays WHERE day <> ALL(").bind::<Array<Date>, _>(days.clone()).push(")").execute(conn).await?;
    Sql::new("INSERT INTO holidays (day, name) SELECT * FROM unnest(")
        .bind::<Array<Date>, _>(days.clone())
        .push(", ")
        .bind::<Array<Text>, _>(days.iter().map(name_of).collect::<Vec<_>>())
        .push(") ON CONFLICT (day) DO UPDATE SET name = excluded.name")
        .execute(conn)
        .await?;
    Ok(())
}

/// Replaces the holidays of the years in which these lie, the years between included; other years stay as they are.
///
/// # Errors
/// What the database says.
pub async fn holidays(conn: &mut Conn, holidays: &BTreeMap<NaiveDate, String>) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (holidays.keys().next(), holidays.keys().next_back()) else { return Ok(()) };
    let years = (NaiveDate::from_ymd_opt(first.year(), 1, 1), NaiveDate::from_ymd_opt(last.year(), 12, 31));
    Sql::new("DELETE FROM holidays WHERE day BETWEEN ")
        .bind::<Date, _>(years.0.unwrap_or(*first))
        .push(" AND ")
        .bind::<Date, _>(years.1.unwrap_or(*last))
        .execute(conn)
        .await?;
    Sql::new("INSERT INTO holidays (day, name) SELECT * FROM unnest(")
        .bind::<Array<Date>, _>(holidays.keys().copied().collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Text>, _>(holidays.values().map(String::as_str).collect::<Vec<_>>())
        .push(")")
        .execute(conn)
        .await?;
    Ok(())
}
