//! The programme: policies, calendar and catalogue, as deciding needs them; kept in memory, and never older than the database has it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, SmallInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::try_join;

use super::super::database::{Conn, Database};
use super::super::errors::StoreError;
use super::super::schema::{self, policies};
use super::super::sql::Sql;
use super::super::words::{count, word};
use crate::domain::calendar::{Calendar, WeekdayNumber};
use crate::domain::claim::Claim;
use crate::domain::facts::Rules;
use crate::domain::policy::Policy;
use crate::domain::product::{Area, Catalogue, CatalogueEntry, ProductCode};

/// All policies, the calendar and the catalogue.
#[derive(Clone, Debug)]
pub struct Programme {
    /// The business calendar.
    pub calendar: Calendar,
    /// All policies but the one in force, by version.
    pub policies: BTreeMap<String, Policy>,
    /// The policy that first submissions come under.
    pub in_force: Policy,
    /// What can be claimed.
    pub catalogue: Catalogue,
}

/// The programme as a server keeps it, with its version. The database counts every change, so what is kept under the number that a
/// transaction reads is what the transaction would read.
#[derive(Default)]
pub struct KeptProgramme(Mutex<Option<(i64, Arc<Programme>)>>);

impl KeptProgramme {
    fn get(&self, version: i64) -> Option<Arc<Programme>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(of, _)| *of == version).map(|(_, programme)| Arc::clone(programme))
    }

    fn put(&self, version: i64, programme: &Arc<Programme>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, Arc::clone(programme)));
    }
}

impl Programme {
    /// The rules for a claim: the policy it keeps from its first submission on; before that, the one in force.
    #[must_use]
    pub fn rules_for(&self, claim: &Claim) -> Rules<'_> {
        let kept = claim.policy.as_ref().and_then(|version| self.policies.get(version));
        Rules { policy: kept.unwrap_or(&self.in_force), calendar: &self.calendar }
    }
}

/// The programme as it is now: one small statement, unless it changed since it was last read.
///
/// # Errors
/// As [`programme_of`].
pub async fn programme(database: &Database, conn: &mut Conn) -> Result<Arc<Programme>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        version: i64,
    }
    let row: Row = Sql::new("SELECT version FROM programme_version").get_result(conn).await?;
    programme_of(database, conn, row.version).await
}

/// The programme of a version that this transaction read: from memory, unless it changed since it was last read.
///
/// # Errors
/// [`StoreError::Corrupt`] if no policy is in force or there is no calendar; else what the database says.
pub async fn programme_of(database: &Database, conn: &Conn, version: i64) -> Result<Arc<Programme>, StoreError> {
    if let Some(kept) = database.programme().get(version) {
        return Ok(kept);
    }
    let programme = Arc::new(load(conn).await?);
    database.programme().put(version, &programme);
    Ok(programme)
}

async fn load(conn: &AsyncPgConnection) -> Result<Programme, StoreError> {
    let (rows, calendar, catalogue) = try_join!(policies_of(conn), calendar_of(conn), catalogue(conn))?;
    let (mut in_force, mut policies) = (None, BTreeMap::new());
    for row in rows {
        let is_in_force = row.is_in_force;
        let policy = row.into_policy()?;
        if is_in_force {
            in_force = Some(policy);
        } else {
            policies.insert(policy.version.clone(), policy);
        }
    }
    let in_force = in_force.ok_or_else(|| StoreError::corrupt("no policy is in force"))?;
    Ok(Programme { calendar, policies, in_force, catalogue })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = policies, check_for_backend(diesel::pg::Pg))]
struct PolicyRow {
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

impl PolicyRow {
    fn into_policy(self) -> Result<Policy, StoreError> {
        Ok(Policy {
            version: self.version,
            pick_up_bd: count(self.pick_up_bd)?,
            review_bd: count(self.review_bd)?,
            decision_bd: count(self.decision_bd)?,
            partner_response_bd: count(self.partner_response_bd)?,
            consent_days: count(self.consent_days)?,
            dispute_filing_days: count(self.dispute_filing_days)?,
            dispute_decision_bd: count(self.dispute_decision_bd)?,
            edits_when_submitted: self.edits_when_submitted,
            poe_max_age_months: count(self.poe_max_age_months)?,
        })
    }
}

async fn policies_of(mut conn: &AsyncPgConnection) -> Result<Vec<PolicyRow>, StoreError> {
    Ok(policies::table.select(PolicyRow::as_select()).load(&mut conn).await?)
}

async fn calendar_of(mut conn: &AsyncPgConnection) -> Result<Calendar, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        time_zone: String,
        #[diesel(sql_type = Array<SmallInt>)]
        weekend: Vec<i16>,
        #[diesel(sql_type = Array<Date>)]
        holidays: Vec<NaiveDate>,
    }
    let row: Row = Sql::new("SELECT time_zone, weekend, ARRAY(SELECT day FROM holidays) AS holidays FROM calendar")
        .get_result(&mut conn)
        .await?;
    let weekday = |day: i16| WeekdayNumber::try_from(day).map_err(|_| StoreError::corrupt(format!("{day} is no weekday")));
    Ok(Calendar {
        time_zone: word(&row.time_zone, |name| name.parse::<Tz>().ok())?,
        weekend: row.weekend.into_iter().map(weekday).collect::<Result<_, _>>()?,
        holidays: row.holidays.into_iter().collect(),
    })
}

/// The catalogue as this transaction sees it, its own changes included.
///
/// # Errors
/// What the database says.
pub async fn catalogue(mut conn: &Conn) -> Result<Catalogue, StoreError> {
    use schema::catalogue as entry;
    type Row = (String, String, String, NaiveDate, Option<NaiveDate>);
    let columns = (entry::code, entry::area, entry::name, entry::valid_from, entry::valid_until);
    let rows: Vec<Row> = entry::table.select(columns).load(&mut conn).await?;
    let entry = |(code, area, name, valid_from, valid_until): Row| {
        let code = ProductCode(code);
        let area = word(&area, Area::from_code)?;
        Ok((code.clone(), CatalogueEntry { code, area, name, valid_from, valid_until }))
    };
    rows.into_iter().map(entry).collect()
}
