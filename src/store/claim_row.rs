//! The row of a claim, without loss to and from the domain's claim; its parts have tables of their own.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

use super::claim_details::DetailsRow;
use super::claim_turns::{DisputeRow, RejectionRow, RequestRow};
use super::errors::StoreError;
use super::schema::claims;
use super::words::{maybe_word, word};
use crate::domain::claim::Claim;
use crate::domain::ids::{ClaimId, ClaimNumber, OrganizationId, PersonId};
use crate::domain::status::{Assessment, Consent, Status};

/// Everything of a claim that its row holds.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = claims, check_for_backend(Pg), treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct ClaimRow {
    pub id: Uuid,
    pub number: i64,
    pub organization_id: Uuid,
    pub status: String,
    pub version: i32,
    pub sequence: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub last_event_at: DateTime<Utc>,
    pub policy: Option<String>,
    #[diesel(embed)]
    pub details: DetailsRow,
    pub assignee_id: Option<Uuid>,
    pub excluded_reviewer_id: Option<Uuid>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub decided_at: Option<DateTime<Utc>>,
    #[diesel(embed)]
    pub request: RequestRow,
    #[diesel(embed)]
    pub rejection: RejectionRow,
    #[diesel(embed)]
    pub dispute: DisputeRow,
    pub consent: Option<String>,
    pub assessment_sent_at: Option<DateTime<Utc>>,
    pub assessment: Option<String>,
    pub assessment_reason: Option<String>,
    pub due_at: Option<DateTime<Utc>>,
    pub overdue_from: Option<DateTime<Utc>>,
}

impl ClaimRow {
    /// The row of a claim. The text for searching is a column of its own, made from words the claim does not hold.
    pub fn of(claim: &Claim) -> Result<Self, StoreError> {
        Ok(Self {
            id: claim.id.0,
            number: claim.number.0,
            organization_id: claim.organization.0,
            status: claim.status.code().to_owned(),
            version: claim.version,
            sequence: claim.sequence,
            created_at: claim.created_at,
            updated_at: claim.updated_at,
            last_event_at: claim.last_event_at,
            policy: claim.policy.clone(),
            details: DetailsRow::of(&claim.details),
            assignee_id: claim.assignee.map(|person| person.0),
            excluded_reviewer_id: claim.excluded_reviewer.map(|person| person.0),
            submitted_at: claim.submitted_at,
            decided_at: claim.decided_at,
            request: RequestRow::of(claim)?,
            rejection: RejectionRow::of(claim),
            dispute: DisputeRow::of(claim)?,
            consent: claim.consent.map(|consent| consent.code().to_owned()),
            assessment_sent_at: claim.assessment_sent_at,
            assessment: claim.assessment.map(|assessment| assessment.code().to_owned()),
            assessment_reason: claim.assessment_reason.clone(),
            due_at: claim.due_at(),
            overdue_from: claim.overdue_from(),
        })
    }

    /// The claim without its parts: products, documents, findings, clocks and associations are still empty.
    pub fn into_claim(self) -> Result<Claim, StoreError> {
        Ok(Claim {
            id: ClaimId(self.id),
            number: ClaimNumber(self.number),
            organization: OrganizationId(self.organization_id),
            status: word(&self.status, Status::from_code)?,
            version: self.version,
            sequence: self.sequence,
            created_at: self.created_at,
            updated_at: self.updated_at,
            last_event_at: self.last_event_at,
            policy: self.policy,
            details: self.details.into_details()?,
            products: Vec::new(),
            documents: Vec::new(),
            assignee: self.assignee_id.map(PersonId),
            excluded_reviewer: self.excluded_reviewer_id.map(PersonId),
            submitted_at: self.submitted_at,
            decided_at: self.decided_at,
            clocks: Vec::new(),
            answered_since_request: self.request.answered_since_request,
            request: self.request.into_request()?,
            rejection: self.rejection.into_rejection()?,
            dispute: self.dispute.into_dispute()?,
            consent: maybe_word(self.consent.as_deref(), Consent::from_code)?,
            assessment: maybe_word(self.assessment.as_deref(), Assessment::from_code)?,
            assessment_sent_at: self.assessment_sent_at,
            assessment_reason: self.assessment_reason,
            associations: Vec::new(),
        })
    }
}
