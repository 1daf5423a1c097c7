//! The rows of a claim's parts: products, findings, clocks, associations.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

use super::errors::StoreError;
use super::schema::{associations, claim_clocks, claim_findings, claim_products};
use super::words::{count, maybe_word, position, stored_count, word};
use crate::domain::claim::Claim;
use crate::domain::clock::{Clock, ClockKind, ClockState};
use crate::domain::event::Association;
use crate::domain::ids::{AssociationId, ProductLineId, SubscriptionId};
use crate::domain::product::{Activity, ProductCode, ProductLine};
use crate::domain::reason::{Finding, FindingKind};
use crate::domain::status::{AssociationState, EndReason};

/// Findings of the latest request for action.
pub(super) const OF_REQUEST: &str = "REQUEST";
/// Findings of the latest rejection.
pub(super) const OF_REJECTION: &str = "REJECTION";

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = claim_products, check_for_backend(Pg), treat_none_as_default_value = false)]
pub(super) struct ProductRow {
    pub id: Uuid,
    pub claim_id: Uuid,
    pub position: i32,
    pub product_code: String,
    pub subscription_id: Option<Uuid>,
}

impl ProductRow {
    pub fn all_of(claim: &Claim) -> Vec<Self> {
        let row = |(index, line): (usize, &ProductLine)| Self {
            id: line.id.0,
            claim_id: claim.id.0,
            position: position(index),
            product_code: line.product.0.clone(),
            subscription_id: line.subscription.map(|subscription| subscription.0),
        };
        claim.products.iter().enumerate().map(row).collect()
    }

    pub fn into_line(self) -> ProductLine {
        ProductLine {
            id: ProductLineId(self.id),
            product: ProductCode(self.product_code),
            subscription: self.subscription_id.map(SubscriptionId),
        }
    }
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = claim_findings, check_for_backend(Pg), treat_none_as_default_value = false)]
pub(super) struct FindingRow {
    pub claim_id: Uuid,
    pub belongs_to: String,
    pub position: i32,
    pub kind: String,
    pub product_line_id: Option<Uuid>,
    pub words: Option<String>,
}

impl FindingRow {
    pub fn all_of(claim: &Claim) -> Vec<Self> {
        let request = claim.request.iter().flat_map(|request| &request.findings).enumerate();
        let rejection = claim.rejection.iter().flat_map(|rejection| &rejection.findings).enumerate();
        let row = |belongs_to: &str, (index, finding): (usize, &Finding)| Self {
            claim_id: claim.id.0,
            belongs_to: belongs_to.to_owned(),
            position: position(index),
            kind: finding.kind.code().to_owned(),
            product_line_id: finding.product.map(|line| line.0),
            words: finding.words.clone(),
        };
        request.map(|item| row(OF_REQUEST, item)).chain(rejection.map(|item| row(OF_REJECTION, item))).collect()
    }

    pub fn into_finding(self) -> Result<Finding, StoreError> {
        Ok(Finding {
            kind: word(&self.kind, FindingKind::from_code)?,
            product: self.product_line_id.map(ProductLineId),
            words: self.words,
        })
    }
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = claim_clocks, check_for_backend(Pg), treat_none_as_default_value = false)]
pub(super) struct ClockRow {
    pub claim_id: Uuid,
    pub kind: String,
    pub laid_out_at: DateTime<Utc>,
    pub days: i16,
    pub expires_at: Option<DateTime<Utc>>,
    pub days_left: Option<i16>,
    pub overdue_recorded: bool,
    pub reminders: Vec<DateTime<Utc>>,
}

impl ClockRow {
    pub fn of(claim: &Claim, clock: &Clock) -> Result<Self, StoreError> {
        let days_left = match clock.state {
            ClockState::Running { .. } => None,
            ClockState::Paused { days_left } => Some(stored_count(days_left)?),
        };
        Ok(Self {
            claim_id: claim.id.0,
            kind: clock.kind.code().to_owned(),
            laid_out_at: clock.laid_out_at,
            days: stored_count(clock.days)?,
            expires_at: clock.expires_at(),
            days_left,
            overdue_recorded: clock.overdue_recorded,
            reminders: clock.reminders.clone(),
        })
    }

    pub fn into_clock(self) -> Result<Clock, StoreError> {
        let state = match (self.expires_at, self.days_left) {
            (Some(expires_at), None) => ClockState::Running { expires_at },
            (None, Some(days_left)) => ClockState::Paused { days_left: count(days_left)? },
            _ => return Err(StoreError::corrupt("a clock that neither runs nor stands still")),
        };
        Ok(Clock {
            kind: word(&self.kind, ClockKind::from_code)?,
            laid_out_at: self.laid_out_at,
            days: count(self.days)?,
            state,
            overdue_recorded: self.overdue_recorded,
            reminders: self.reminders,
        })
    }
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = associations, check_for_backend(Pg), treat_none_as_default_value = false)]
pub(super) struct AssociationRow {
    pub id: Uuid,
    pub claim_id: Uuid,
    pub organization_id: Uuid,
    pub tenant_id: Uuid,
    pub line_id: Uuid,
    pub product_code: String,
    pub subscription_id: Option<Uuid>,
    pub activity: String,
    pub state: String,
    pub started_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub end_reason: Option<String>,
}

impl AssociationRow {
    pub fn of(claim: &Claim, association: &Association) -> Result<Self, StoreError> {
        let tenant = claim.details.tenant.ok_or_else(|| StoreError::corrupt("an association without a tenant"))?;
        Ok(Self {
            id: association.id.0,
            claim_id: claim.id.0,
            organization_id: claim.organization.0,
            tenant_id: tenant.0,
            line_id: association.line.0,
            product_code: association.product.0.clone(),
            subscription_id: association.subscription.map(|subscription| subscription.0),
            activity: association.activity.code().to_owned(),
            state: association.state.code().to_owned(),
            started_at: association.started_at,
            ended_at: association.ended_at,
            end_reason: association.end_reason.map(|reason| reason.code().to_owned()),
        })
    }

    pub fn into_association(self) -> Result<Association, StoreError> {
        Ok(Association {
            id: AssociationId(self.id),
            line: ProductLineId(self.line_id),
            product: ProductCode(self.product_code),
            subscription: self.subscription_id.map(SubscriptionId),
            activity: word(&self.activity, Activity::from_code)?,
            state: word(&self.state, AssociationState::from_code)?,
            started_at: self.started_at,
            ended_at: self.ended_at,
            end_reason: maybe_word(self.end_reason.as_deref(), EndReason::from_code)?,
        })
    }
}
