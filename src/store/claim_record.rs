//! A claim's row, and what is read from it.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::claims::{ClaimRow, RejectionRow, RequestRow};
use super::errors::StoreError;
use super::record::{code, maybe_code, record};
use crate::domain::actor::{Author, Role};
use crate::domain::claim::Dispute;
use crate::domain::details::{Contact, Details, Domain, EmailAddress, MpnId};
use crate::domain::ids::{ClaimId, ClaimNumber, OrganizationId, PersonId, TenantId};
use crate::domain::product::{Activity, Area};
use crate::domain::reason::{PartnerReason, RejectionReason};
use crate::domain::status::{Assessment, Consent, Status};

record! {
    /// The columns of `claims`, but for the text it is found by.
    ClaimRecord {
        id: Uuid = SqlUuid,
        number: i64 = BigInt,
        organization_id: Uuid = SqlUuid,
        status: String = Text,
        version: i32 = Integer,
        sequence: i32 = Integer,
        created_at: DateTime<Utc> = Timestamptz,
        updated_at: DateTime<Utc> = Timestamptz,
        last_event_at: DateTime<Utc> = Timestamptz,
        policy: Option<String> = Nullable<Text>,
        name: Option<String> = Nullable<Text>,
        location: String = Text,
        tenant_id: Option<Uuid> = Nullable<SqlUuid>,
        customer_domain: Option<String> = Nullable<Text>,
        customer_name: Option<String> = Nullable<Text>,
        area: Option<String> = Nullable<Text>,
        activities: Vec<String> = Array<Text>,
        customer_contact_name: Option<String> = Nullable<Text>,
        customer_contact_title: Option<String> = Nullable<Text>,
        customer_contact_email: Option<String> = Nullable<Text>,
        technical_contact_name: Option<String> = Nullable<Text>,
        technical_contact_title: Option<String> = Nullable<Text>,
        technical_contact_email: Option<String> = Nullable<Text>,
        partner_contact_name: Option<String> = Nullable<Text>,
        partner_contact_email: Option<String> = Nullable<Text>,
        external_reference: Option<String> = Nullable<Text>,
        tags: Vec<String> = Array<Text>,
        assignee_id: Option<Uuid> = Nullable<SqlUuid>,
        excluded_reviewer_id: Option<Uuid> = Nullable<SqlUuid>,
        submitted_at: Option<DateTime<Utc>> = Nullable<Timestamptz>,
        decided_at: Option<DateTime<Utc>> = Nullable<Timestamptz>,
        requested_at: Option<DateTime<Utc>> = Nullable<Timestamptz>,
        requested_by: Option<Uuid> = Nullable<SqlUuid>,
        requested_role: Option<String> = Nullable<Text>,
        request_comment: Option<String> = Nullable<Text>,
        answered_since_request: bool = Bool,
        rejected_at: Option<DateTime<Utc>> = Nullable<Timestamptz>,
        rejected_by_kind: Option<String> = Nullable<Text>,
        rejected_by: Option<Uuid> = Nullable<SqlUuid>,
        rejected_role: Option<String> = Nullable<Text>,
        rejection_reason: Option<String> = Nullable<Text>,
        rejection_partner_reason: Option<String> = Nullable<Text>,
        rejection_comment: Option<String> = Nullable<Text>,
        disputable_until: Option<DateTime<Utc>> = Nullable<Timestamptz>,
        disputed_at: Option<DateTime<Utc>> = Nullable<Timestamptz>,
        disputed_by: Option<Uuid> = Nullable<SqlUuid>,
        disputed_role: Option<String> = Nullable<Text>,
        dispute_justification: Option<String> = Nullable<Text>,
        consent: Option<String> = Nullable<Text>,
        assessment: Option<String> = Nullable<Text>,
        assessment_reason: Option<String> = Nullable<Text>,
        due_at: Option<DateTime<Utc>> = Nullable<Timestamptz>,
        overdue_from: Option<DateTime<Utc>> = Nullable<Timestamptz>,
    }
}

impl ClaimRecord {
    /// The row in the domain's words.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if the domain has no such words.
    pub(super) fn row(mut self) -> Result<ClaimRow, StoreError> {
        Ok(ClaimRow {
            id: ClaimId(self.id),
            number: ClaimNumber(self.number),
            organization: OrganizationId(self.organization_id),
            status: code(&self.status, Status::from_code)?,
            version: self.version,
            sequence: self.sequence,
            created_at: self.created_at,
            updated_at: self.updated_at,
            last_event_at: self.last_event_at,
            policy: self.policy.take(),
            details: self.details()?,
            assignee: self.assignee_id.map(PersonId),
            excluded_reviewer: self.excluded_reviewer_id.map(PersonId),
            submitted_at: self.submitted_at,
            decided_at: self.decided_at,
            request: self.request()?,
            answered_since_request: self.answered_since_request,
            rejection: self.rejection()?,
            dispute: self.dispute()?,
            consent: maybe_code(self.consent.as_deref(), Consent::from_code)?,
            assessment: maybe_code(self.assessment.as_deref(), Assessment::from_code)?,
            assessment_reason: self.assessment_reason,
            due_at: self.due_at,
            overdue_from: self.overdue_from,
        })
    }

    fn details(&mut self) -> Result<Details, StoreError> {
        let activities = self.activities.iter().map(|text| code(text, Activity::from_code));
        Ok(Details {
            name: self.name.take(),
            location: code(&self.location, MpnId::parse)?,
            tenant: self.tenant_id.map(TenantId),
            customer_domain: maybe_code(self.customer_domain.as_deref(), Domain::parse)?,
            customer_name: self.customer_name.take(),
            area: maybe_code(self.area.as_deref(), Area::from_code)?,
            activities: activities.collect::<Result<_, _>>()?,
            customer_contact: contact(
                self.customer_contact_name.take(),
                self.customer_contact_title.take(),
                self.customer_contact_email.as_deref(),
            )?,
            technical_contact: contact(
                self.technical_contact_name.take(),
                self.technical_contact_title.take(),
                self.technical_contact_email.as_deref(),
            )?,
            partner_contact: contact(self.partner_contact_name.take(), None, self.partner_contact_email.as_deref())?,
            external_reference: self.external_reference.take(),
            tags: std::mem::take(&mut self.tags).into_iter().collect(),
        })
    }

    fn request(&mut self) -> Result<Option<RequestRow>, StoreError> {
        let Some(at) = self.requested_at else { return Ok(None) };
        let by = person(self.requested_by, self.requested_role.as_deref())?;
        Ok(Some(RequestRow { at, by, comment: self.request_comment.take().unwrap_or_default() }))
    }

    fn rejection(&mut self) -> Result<Option<RejectionRow>, StoreError> {
        let (Some(at), Some(kind), Some(reason)) = (self.rejected_at, &self.rejected_by_kind, &self.rejection_reason) else {
            return Ok(None);
        };
        Ok(Some(RejectionRow {
            at,
            by: author(kind, self.rejected_by, self.rejected_role.as_deref())?,
            reason: code(reason, RejectionReason::from_code)?,
            partner_reason: maybe_code(self.rejection_partner_reason.as_deref(), PartnerReason::from_code)?,
            comment: self.rejection_comment.take(),
            disputable_until: self.disputable_until,
        }))
    }

    fn dispute(&mut self) -> Result<Option<Dispute>, StoreError> {
        let Some(at) = self.disputed_at else { return Ok(None) };
        let by = person(self.disputed_by, self.disputed_role.as_deref())?;
        Ok(Some(Dispute { at, by, justification: self.dispute_justification.take() }))
    }
}

fn contact(name: Option<String>, title: Option<String>, email: Option<&str>) -> Result<Option<Contact>, StoreError> {
    if name.is_none() && title.is_none() && email.is_none() {
        return Ok(None);
    }
    Ok(Some(Contact { name, title, email: maybe_code(email, EmailAddress::parse)? }))
}

fn person(id: Option<Uuid>, role: Option<&str>) -> Result<Author, StoreError> {
    author("PERSON", id, role)
}

/// Who did something, from the three columns that say so.
///
/// # Errors
/// [`StoreError::Corrupt`] for a kind or role that does not exist, or a person without an identity.
pub(super) fn author(kind: &str, id: Option<Uuid>, role: Option<&str>) -> Result<Author, StoreError> {
    match (kind, id, role) {
        ("PERSON", Some(id), Some(role)) => Ok(Author::Person { id: PersonId(id), role: code(role, Role::from_code)? }),
        ("CUSTOMER", ..) => Ok(Author::Customer),
        ("CLOCK", ..) => Ok(Author::Clock),
        _ => Err(StoreError::corrupt(format!("an author of kind {kind:?} without identity or role"))),
    }
}
