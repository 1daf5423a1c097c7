//! The columns of a claim's latest request for action, rejection and dispute. Their findings have a table of their own.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

use super::errors::StoreError;
use super::schema::claims;
use super::words::{BY_PERSON, author, author_columns, maybe_word, person_columns, word};
use crate::domain::claim::{ActionRequest, Claim, Dispute, Rejection};
use crate::domain::reason::{PartnerReason, RejectionReason};

#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = claims, check_for_backend(Pg), treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct RequestRow {
    pub requested_at: Option<DateTime<Utc>>,
    pub requested_by: Option<Uuid>,
    pub requested_role: Option<String>,
    pub request_comment: Option<String>,
    pub answered_since_request: bool,
}

impl RequestRow {
    pub fn of(claim: &Claim) -> Result<Self, StoreError> {
        let by = claim.request.as_ref().map(|request| person_columns(request.by)).transpose()?;
        Ok(Self {
            requested_at: claim.request.as_ref().map(|request| request.at),
            requested_by: by.map(|(person, _)| person),
            requested_role: by.map(|(_, role)| role.to_owned()),
            request_comment: claim.request.as_ref().map(|request| request.comment.clone()),
            answered_since_request: claim.answered_since_request,
        })
    }

    pub fn into_request(self) -> Result<Option<ActionRequest>, StoreError> {
        let (Some(at), Some(comment)) = (self.requested_at, self.request_comment) else { return Ok(None) };
        let by = author(BY_PERSON, self.requested_by, self.requested_role.as_deref())?;
        Ok(Some(ActionRequest { at, by, comment, findings: Vec::new() }))
    }
}

#[derive(Clone, Debug, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = claims, check_for_backend(Pg), treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct RejectionRow {
    pub rejected_at: Option<DateTime<Utc>>,
    pub rejected_by_kind: Option<String>,
    pub rejected_by: Option<Uuid>,
    pub rejected_role: Option<String>,
    pub rejection_reason: Option<String>,
    pub rejection_partner_reason: Option<String>,
    pub rejection_comment: Option<String>,
    pub disputable_until: Option<DateTime<Utc>>,
}

impl RejectionRow {
    pub fn of(claim: &Claim) -> Self {
        let Some(rejection) = &claim.rejection else { return Self::default() };
        let (kind, person, role) = author_columns(rejection.by);
        Self {
            rejected_at: Some(rejection.at),
            rejected_by_kind: Some(kind.to_owned()),
            rejected_by: person,
            rejected_role: role.map(str::to_owned),
            rejection_reason: Some(rejection.reason.code().to_owned()),
            rejection_partner_reason: rejection.partner_reason.map(|reason| reason.code().to_owned()),
            rejection_comment: rejection.comment.clone(),
            disputable_until: rejection.disputable_until,
        }
    }

    pub fn into_rejection(self) -> Result<Option<Rejection>, StoreError> {
        let (Some(at), Some(kind), Some(reason)) = (self.rejected_at, self.rejected_by_kind, self.rejection_reason) else {
            return Ok(None);
        };
        Ok(Some(Rejection {
            at,
            by: author(&kind, self.rejected_by, self.rejected_role.as_deref())?,
            reason: word(&reason, RejectionReason::from_code)?,
            partner_reason: maybe_word(self.rejection_partner_reason.as_deref(), PartnerReason::from_code)?,
            comment: self.rejection_comment,
            findings: Vec::new(),
            disputable_until: self.disputable_until,
        }))
    }
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = claims, check_for_backend(Pg), treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct DisputeRow {
    pub disputed_at: Option<DateTime<Utc>>,
    pub disputed_by: Option<Uuid>,
    pub disputed_role: Option<String>,
    pub dispute_justification: Option<String>,
}

impl DisputeRow {
    pub fn of(claim: &Claim) -> Result<Self, StoreError> {
        let by = claim.dispute.as_ref().map(|dispute| person_columns(dispute.by)).transpose()?;
        Ok(Self {
            disputed_at: claim.dispute.as_ref().map(|dispute| dispute.at),
            disputed_by: by.map(|(person, _)| person),
            disputed_role: by.map(|(_, role)| role.to_owned()),
            dispute_justification: claim.dispute.as_ref().and_then(|dispute| dispute.justification.clone()),
        })
    }

    pub fn into_dispute(self) -> Result<Option<Dispute>, StoreError> {
        let Some(at) = self.disputed_at else { return Ok(None) };
        let by = author(BY_PERSON, self.disputed_by, self.disputed_role.as_deref())?;
        Ok(Some(Dispute { at, by, justification: self.dispute_justification }))
    }
}
