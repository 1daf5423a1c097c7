//! What comes from outside after an approval: the customer's decline (T12) and the answer to the assessment.

use super::partner::was_sent;
use super::{Case, Decision, decided};
use crate::domain::event::What;
use crate::domain::expire::end_all;
use crate::domain::form::{Reader, name};
use crate::domain::notice::{Audience, NoticeKind};
use crate::domain::reason::RejectionReason;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::status::{Assessment, Status};

pub(super) fn decline(case: &Case<'_>, reason: Option<&str>) -> Result<Decision, Refusal> {
    case.status_is(&[Status::Approved])?;
    if !case.claim.has_living_association() {
        return Err(case.state_conflict());
    }
    let mut reader = Reader::default();
    let comment = reader.prose(reason, name("reason"));
    Refusal::unless_empty(reader.violations)?;
    let declined = What::Rejected {
        reason: RejectionReason::CustomerDeclined,
        partner_reason: None,
        comment,
        findings: Vec::new(),
        is_final: true,
    };
    let mut events =
        vec![case.event(declined, end_all(case.claim)), case.notice(NoticeKind::CustomerDeclined, Audience::Partner)];
    if was_sent(case.claim.assessment) {
        events.push(case.notice(NoticeKind::AssessmentWithdrawn, Audience::EligibilitySystem));
    }
    decided(events)
}

pub(super) fn assessment(case: &Case<'_>, eligible: bool, reason: Option<&str>) -> Result<Decision, Refusal> {
    if case.claim.assessment != Some(Assessment::Sent) {
        return Err(case.state_conflict());
    }
    let mut reader = Reader::default();
    let reason = reader.prose(reason, name("reason"));
    if !eligible && reason.is_none() {
        reader.refuse(Code::RequiredFieldMissing, name("reason"));
    }
    Refusal::unless_empty(reader.violations)?;
    decided(vec![case.event(What::AssessmentAnswered { eligible, reason }, Vec::new())])
}
