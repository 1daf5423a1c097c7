//! What the partner does about a decision: T11, T14, T15.

use super::{Case, Decision, decided, documents};
use crate::domain::clock::ClockKind;
use crate::domain::event::What;
use crate::domain::expire::end_all;
use crate::domain::form::{Reader, item, name};
use crate::domain::notice::{Audience, NoticeKind};
use crate::domain::poe::NewDocument;
use crate::domain::product::keys;
use crate::domain::reason::{PartnerReason, RejectionReason};
use crate::domain::refusal::{Code, Detail, Refusal, Violation};
use crate::domain::status::{Assessment, Status};

pub(super) fn withdraw(case: &Case<'_>, reason: PartnerReason, comment: Option<&str>) -> Result<Decision, Refusal> {
    case.in_time_and_status_is(&[Status::Submitted, Status::UnderReview, Status::PartnerActionRequired])?;
    let rejected = partner_request(reason, comment)?;
    decided(vec![case.event(rejected, end_all(case.claim)), case.notice(NoticeKind::Rejected, Audience::Partner)])
}

pub(super) fn disassociate(case: &Case<'_>, reason: PartnerReason, comment: Option<&str>) -> Result<Decision, Refusal> {
    case.status_is(&[Status::Approved])?;
    if !case.claim.has_living_association() {
        return Err(case.state_conflict());
    }
    let rejected = partner_request(reason, comment)?;
    let mut events = vec![
        case.event(rejected, end_all(case.claim)),
        case.notice(NoticeKind::Rejected, Audience::Partner),
        case.notice(NoticeKind::AssociationEnded, Audience::Customer),
    ];
    if was_sent(case.claim.assessment) {
        events.push(case.notice(NoticeKind::AssessmentWithdrawn, Audience::EligibilitySystem));
    }
    decided(events)
}

/// Whether the eligibility system knows the claim and must hear that it is withdrawn.
pub(super) fn was_sent(assessment: Option<Assessment>) -> bool {
    matches!(assessment, Some(Assessment::Sent | Assessment::Eligible | Assessment::Ineligible))
}

fn partner_request(reason: PartnerReason, comment: Option<&str>) -> Result<What, Refusal> {
    let mut reader = Reader::default();
    let comment = reader.prose(comment, name("comment"));
    if reason == PartnerReason::Other && comment.is_none() {
        reader.refuse(Code::RequiredFieldMissing, name("comment"));
    }
    Refusal::unless_empty(reader.violations)?;
    Ok(What::Rejected {
        reason: RejectionReason::PartnerRequest,
        partner_reason: Some(reason),
        comment,
        findings: Vec::new(),
        is_final: true,
    })
}

pub(super) fn dispute(case: &Case<'_>, justification: Option<&str>, new: &[NewDocument]) -> Result<Decision, Refusal> {
    may_dispute(case)?;
    let mut reader = Reader::default();
    let justification = reader.prose(justification, name("justification"));
    if justification.is_none() && new.is_empty() {
        reader.refuse(Code::RequiredFieldMissing, name("justification"));
    }
    let mut events = documents::attach_all(case, &mut reader, new);
    reader.violations.extend(own_claims(case));
    Refusal::unless_empty(reader.violations)?;
    let mut clocks = end_all(case.claim);
    clocks.push(case.start(ClockKind::DisputeDecision));
    events.push(case.event(What::Disputed { justification, excluded: case.claim.assignee }, clocks));
    events.push(case.notice(NoticeKind::DisputeFiled, Audience::Leads));
    decided(events)
}

fn may_dispute(case: &Case<'_>) -> Result<(), Refusal> {
    let refused = |code| Err(Refusal::because(code, Detail::None));
    if case.claim.dispute.is_some() {
        return refused(Code::DisputeAlreadyUsed);
    }
    case.status_is(&[Status::Rejected])?;
    match case.claim.rejection.as_ref().and_then(|rejection| rejection.disputable_until) {
        None => refused(Code::NotDisputable),
        Some(end) if case.now >= end => {
            Err(Refusal::because(Code::DeadlinePassed, Detail::Deadline { kind: ClockKind::DisputeFiling, expired_at: end }))
        }
        Some(_) => Ok(()),
    }
}

/// While this claim was rejected, the organization may have claimed a key of it anew.
fn own_claims(case: &Case<'_>) -> Vec<Violation> {
    let Some(tenant) = case.claim.details.tenant else { return Vec::new() };
    let lines = case.claim.products.iter().enumerate();
    lines
        .filter_map(|(index, line)| {
            let mine = keys(tenant, std::slice::from_ref(line), &case.claim.details.activities);
            let number = mine.iter().find_map(|key| case.facts.own_claims.get(key))?;
            Some(Violation::new(Code::AlreadyClaimedByYou, item("products", index)).with(Detail::Claim(*number)))
        })
        .collect()
}
