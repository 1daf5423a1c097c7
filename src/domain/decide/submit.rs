//! Submitting and resubmitting: T2, T7.

use super::{Case, Decision};
use crate::domain::clock::ClockKind;
use crate::domain::event::What;
use crate::domain::form::name;
use crate::domain::notice::{Audience, NoticeKind};
use crate::domain::refusal::{Code, Detail, Refusal, Violation};
use crate::domain::status::Status;
use crate::domain::validate::{Validation, warnings};

pub(super) fn submit(case: &Case<'_>, attestation: bool) -> Result<Decision, Refusal> {
    case.status_is(&[Status::Editing])?;
    let mut violations = candidate_violations(case);
    if !attestation {
        violations.push(Violation::new(Code::AttestationRequired, name("attestationAccepted")));
    }
    Refusal::unless_empty(violations)?;
    let clocks = vec![case.start(ClockKind::PickUp), case.start(ClockKind::TotalDecision)];
    let warnings = warnings(case, case.claim);
    let mut events = vec![
        case.event(What::Submitted { policy: case.rules.policy.version.clone() }, clocks),
        case.notice(NoticeKind::SubmissionReceived, Audience::Partner),
    ];
    if warnings.iter().any(|warning| warning.code == Code::CompetingClaim) {
        events.push(case.notice(NoticeKind::CompetingClaim, Audience::Partner));
    }
    Ok(Decision { events, note: None, warnings })
}

pub(super) fn resubmit(case: &Case<'_>) -> Result<Decision, Refusal> {
    case.in_time_and_status_is(&[Status::PartnerActionRequired])?;
    if !case.claim.answered_since_request {
        return Err(Refusal::because(Code::NothingChanged, Detail::None));
    }
    Refusal::unless_empty(candidate_violations(case))?;
    let mut clocks: Vec<_> = case.end(&[ClockKind::PartnerResponse]).collect();
    if case.claim.dispute.is_some() {
        clocks.extend(case.resume(ClockKind::DisputeDecision));
    } else {
        clocks.push(case.start(ClockKind::PickUp));
        clocks.extend(case.resume(ClockKind::TotalDecision));
    }
    let mut events = vec![case.event(What::Resubmitted, clocks), case.notice(NoticeKind::SubmissionReceived, Audience::Partner)];
    if case.claim.assignee.is_some() {
        events.push(case.notice(NoticeKind::PartnerReplied, Audience::Assignee));
    }
    Ok(Decision { events, note: None, warnings: warnings(case, case.claim) })
}

fn candidate_violations(case: &Case<'_>) -> Vec<Violation> {
    let mut violations = Validation::of(case, &case.claim.details, &case.claim.products);
    if case.claim.current_documents().next().is_none() {
        violations.push(Violation::new(Code::PoeRequired, name("documents")));
    }
    violations
}
