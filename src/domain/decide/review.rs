//! Reviewing: T5, T6, T17, and assignments.

use super::{Case, Decision, decided};
use crate::domain::clock::ClockKind;
use crate::domain::event::What;
use crate::domain::facts::AssigneeFacts;
use crate::domain::form::{Reader, item_field, name};
use crate::domain::ids::PersonId;
use crate::domain::notice::{Audience, NoticeKind};
use crate::domain::reason::{Finding, FindingKind};
use crate::domain::refusal::{Code, Detail, Refusal, Violation};
use crate::domain::status::Status;

/// Findings a reviewer may give at once.
pub const MAX_FINDINGS: usize = 200;

pub(super) fn start(case: &Case<'_>) -> Result<Decision, Refusal> {
    case.status_is(&[Status::Submitted])?;
    let me = case.person()?.id;
    if case.claim.assignee.is_some_and(|assignee| assignee != me) {
        return Err(Refusal::because(Code::NotAssigned, Detail::None));
    }
    let mut clocks: Vec<_> = case.end(&[ClockKind::PickUp]).collect();
    clocks.push(case.start(ClockKind::Review));
    decided(vec![
        case.event(What::ReviewStarted { reviewer: me }, clocks),
        case.notice(NoticeKind::ReviewStarted, Audience::Partner),
    ])
}

pub(super) fn assign(case: &Case<'_>, to: Option<PersonId>) -> Result<Decision, Refusal> {
    if !case.claim.status.is_in_flight() {
        return Err(case.state_conflict());
    }
    if to.is_some() && !case.facts.assignee.as_ref().is_some_and(|person| is_eligible(case, person)) {
        return Err(Refusal { violations: vec![Violation::new(Code::AssigneeNotEligible, name("assigneeId"))] });
    }
    if to == case.claim.assignee {
        return Err(Refusal::because(Code::NothingChanged, Detail::None));
    }
    let mut events = vec![case.event(What::Assigned { from: case.claim.assignee, to }, Vec::new())];
    if to.is_some() {
        events.push(case.notice(NoticeKind::Assigned, Audience::Assignee));
    }
    decided(events)
}

/// A reviewer or lead, not of the claim's own organization, and not the one whose rejection is disputed.
fn is_eligible(case: &Case<'_>, person: &AssigneeFacts) -> bool {
    person.role.reviews()
        && person.organization != Some(case.claim.organization)
        && case.claim.excluded_reviewer != Some(person.person)
}

pub(super) fn request_action(case: &Case<'_>, comment: &str, findings: &[Finding]) -> Result<Decision, Refusal> {
    case.status_is(&[Status::UnderReview, Status::Disputed])?;
    case.is_assignee()?;
    let mut reader = Reader::default();
    let comment = reader.required_prose(Some(comment), name("comment"));
    if findings.is_empty() {
        reader.refuse(Code::RequiredFieldMissing, name("findings"));
    }
    let findings = read_findings(case, &mut reader, findings);
    Refusal::unless_empty(reader.violations)?;
    let mut clocks: Vec<_> = case.end(&[ClockKind::Review]).collect();
    clocks.extend(case.pause(ClockKind::TotalDecision));
    clocks.extend(case.pause(ClockKind::DisputeDecision));
    clocks.push(case.start(ClockKind::PartnerResponse));
    decided(vec![
        case.event(What::ActionRequested { comment, findings }, clocks),
        case.notice(NoticeKind::ActionRequired, Audience::Partner),
    ])
}

/// Findings that name lines of this claim, with words where words are all there is.
pub(super) fn read_findings(case: &Case<'_>, reader: &mut Reader, findings: &[Finding]) -> Vec<Finding> {
    let list = "findings";
    if findings.len() > MAX_FINDINGS {
        reader.violations.push(Violation::new(Code::TooLong, name(list)).with(Detail::Limit(MAX_FINDINGS)));
    }
    let mut read = Vec::with_capacity(findings.len());
    for (index, finding) in findings.iter().enumerate() {
        let words = reader.prose(finding.words.as_deref(), item_field(list, index, "words"));
        if finding.kind == FindingKind::Other && words.is_none() {
            reader.refuse(Code::RequiredFieldMissing, item_field(list, index, "words"));
        }
        if finding.product.is_some_and(|line| case.claim.line(line).is_none()) {
            reader.refuse(Code::UnknownReference, item_field(list, index, "productId"));
        }
        read.push(Finding { words, ..finding.clone() });
    }
    read
}
