//! Approving and rejecting: T9, T10, T16, T18.

use super::review::read_findings;
use super::{Case, Decision, decided};
use crate::domain::clock::ClockKind;
use crate::domain::event::{Association, What};
use crate::domain::expire::end_all;
use crate::domain::form::{Reader, name};
use crate::domain::ids::{AssociationId, ProductLineId};
use crate::domain::notice::{Audience, NoticeKind};
use crate::domain::product::{Key, keys};
use crate::domain::reason::{Finding, RejectionReason};
use crate::domain::refusal::{Code, Detail, Refusal};
use crate::domain::status::{AssociationState, Status};

const DECIDABLE: &[Status] = &[Status::UnderReview, Status::Disputed];

pub(super) fn approve(case: &Case<'_>, comment: Option<&str>) -> Result<Decision, Refusal> {
    case.status_is(DECIDABLE)?;
    case.is_assignee()?;
    let mut reader = Reader::default();
    let comment = reader.prose(comment, name("comment"));
    Refusal::unless_empty(reader.violations)?;
    if case.facts.arbitration_open {
        return Err(Refusal::because(Code::ArbitrationOpen, Detail::None));
    }
    let held = held_lines(case);
    if !held.is_empty() {
        return Err(Refusal::because(Code::KeyHeld, Detail::Products(held)));
    }
    let mut clocks = end_all(case.claim);
    clocks.push(case.start(ClockKind::Consent));
    let approved = What::Approved { comment, associations: associations(case) };
    decided(vec![
        case.event(approved, clocks),
        case.notice(decision_notice(case, NoticeKind::Approved), Audience::Partner),
        case.notice(NoticeKind::ConsentRequest, Audience::Customer),
    ])
}

/// The lines with a key that somebody already holds.
fn held_lines(case: &Case<'_>) -> Vec<ProductLineId> {
    let Some(tenant) = case.claim.details.tenant else { return Vec::new() };
    let is_held = |key: &Key| case.facts.held_keys.contains(key) || case.facts.own_claims.contains_key(key);
    let held = case
        .claim
        .products
        .iter()
        .filter(|line| keys(tenant, std::slice::from_ref(*line), &case.claim.details.activities).iter().any(is_held));
    held.map(|line| line.id).collect()
}

fn associations(case: &Case<'_>) -> Vec<Association> {
    let activities = &case.claim.details.activities;
    let pairs = case.claim.products.iter().flat_map(|line| activities.iter().map(move |activity| (line, *activity)));
    pairs
        .map(|(line, activity)| Association {
            id: AssociationId::derive(line.id, activity.code(), case.now.timestamp_micros()),
            line: line.id,
            product: line.product.clone(),
            subscription: line.subscription,
            activity,
            state: AssociationState::Active,
            started_at: case.now,
            ended_at: None,
            end_reason: None,
        })
        .collect()
}

pub(super) fn reject(case: &Case<'_>, reason: RejectionReason, comment: &str, findings: &[Finding]) -> Result<Decision, Refusal> {
    case.status_is(DECIDABLE)?;
    case.is_assignee()?;
    let mut reader = Reader::default();
    if !reason.is_reviewers() {
        reader.refuse(Code::ReasonNotAllowed, name("reason"));
    }
    let comment = reader.required_prose(Some(comment), name("comment"));
    let findings = read_findings(case, &mut reader, findings);
    Refusal::unless_empty(reader.violations)?;
    let is_final = case.claim.dispute.is_some();
    let mut clocks = end_all(case.claim);
    if !is_final {
        clocks.push(case.start(ClockKind::DisputeFiling));
    }
    let rejected = What::Rejected { reason, partner_reason: None, comment: Some(comment), findings, is_final };
    decided(vec![case.event(rejected, clocks), case.notice(decision_notice(case, NoticeKind::Rejected), Audience::Partner)])
}

/// The decision of a dispute is told as such.
fn decision_notice(case: &Case<'_>, otherwise: NoticeKind) -> NoticeKind {
    if case.claim.dispute.is_some() { NoticeKind::DisputeDecided } else { otherwise }
}
