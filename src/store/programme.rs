//! The programme's numbers: its policies and its calendar.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::pg::Pg;
use diesel::prelude::{Queryable, Selectable};
use diesel::sql_types::{Array, Date, SmallInt, Text};

use super::database::Database;
use super::errors::StoreError;
use super::record::{Record, fetch, records};
use super::schema::policies;
use super::sql::Sql;
use super::words::{count, word};
use crate::auth::viewer::Viewer;
use crate::domain::calendar::{Calendar, WeekdayNumber};
use crate::domain::policy::Policy;

/// A policy, and whether first submissions come under it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRow {
    /// The numbers.
    pub policy: Policy,
    /// Whether it is in force; one policy is.
    pub is_in_force: bool,
}

/// The columns of `policies`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = policies, check_for_backend(Pg))]
pub(super) struct PolicyRecord {
    version: String,
    pick_up_bd: i16,
    review_bd: i16,
    decision_bd: i16,
    partner_response_bd: i16,
    consent_days: i16,
    dispute_filing_days: i16,
    dispute_decision_bd: i16,
    edits_when_submitted: bool,
    poe_max_age_months: i16,
    is_in_force: bool,
}

/// All policies, by version; every viewer may read them.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn policies(database: &Database, _viewer: &Viewer) -> Result<Vec<PolicyRow>, StoreError> {
    let sql = Sql::new("SELECT ").append(PolicyRecord::columns()).push(" FROM policies ORDER BY version");
    records::<PolicyRecord>(database.by_key(), sql).await?.into_iter().map(policy).collect()
}

fn policy(record: PolicyRecord) -> Result<PolicyRow, StoreError> {
    let policy = Policy {
        version: record.version,
        pick_up_bd: count(record.pick_up_bd)?,
        review_bd: count(record.review_bd)?,
        decision_bd: count(record.decision_bd)?,
        partner_response_bd: count(record.partner_response_bd)?,
        consent_days: count(record.consent_days)?,
        dispute_filing_days: count(record.dispute_filing_days)?,
        dispute_decision_bd: count(record.dispute_decision_bd)?,
        edits_when_submitted: record.edits_when_submitted,
        poe_max_age_months: count(record.poe_max_age_months)?,
    };
    Ok(PolicyRow { policy, is_in_force: record.is_in_force })
}

/// The business calendar, which every viewer may read.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn calendar(database: &Database, _viewer: &Viewer) -> Result<Calendar, StoreError> {
    let sql = Sql::new("SELECT time_zone, weekend, ARRAY(SELECT day FROM holidays) FROM calendar");
    let found = fetch::<(Text, Array<SmallInt>, Array<Date>), (String, Vec<i16>, Vec<NaiveDate>)>(database.by_key(), sql).await?;
    let (zone, weekend, holidays) = found.into_iter().next().ok_or_else(|| StoreError::corrupt("no calendar"))?;
    Ok(Calendar {
        time_zone: word(&zone, |text| text.parse::<Tz>().ok())?,
        weekend: weekend.into_iter().map(weekday).collect::<Result<_, _>>()?,
        holidays: holidays.into_iter().collect(),
    })
}

fn weekday(number: i16) -> Result<WeekdayNumber, StoreError> {
    WeekdayNumber::try_from(number).map_err(|_| StoreError::corrupt(format!("a weekday {number}")))
}
