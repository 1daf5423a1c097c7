//! What is true of every claim after every event: the rules that the database's CHECKs witness, and those of the clocks.

use std::collections::BTreeSet;

use cpor::domain::MAX_PRODUCTS;
use cpor::domain::actor::Author;
use cpor::domain::calendar::Calendar;
use cpor::domain::claim::Claim;
use cpor::domain::clock::{Clock, ClockChange, ClockKind, ClockState};
use cpor::domain::event::{Event, What};
use cpor::domain::poe::{MAX_CURRENT_DOCUMENTS, MAX_DOCUMENTS};
use cpor::domain::product::Area;
use cpor::domain::reason::RejectionReason;
use cpor::domain::status::{Assessment, AssociationState, Consent, Status};

use super::cast::NORA;

/// All that is true of a claim by itself.
pub fn check(claim: &Claim) {
    times(claim);
    submission(claim);
    answers(claim);
    consent(claim);
    parts(claim);
    clocks(claim);
}

fn times(claim: &Claim) {
    assert!(claim.created_at <= claim.updated_at && claim.updated_at <= claim.last_event_at);
    assert!(claim.version <= claim.sequence);
}

fn submission(claim: &Claim) {
    let never = matches!(claim.status, Status::Editing | Status::Canceled);
    assert_eq!(claim.submitted_at.is_none(), never);
    assert_eq!(claim.policy.is_none(), never);
    if never {
        assert_eq!((claim.assignee, claim.decided_at), (None, None));
        return;
    }
    let details = &claim.details;
    assert!(details.name.is_some() && details.tenant.is_some() && details.customer_name.is_some());
    assert!(details.area.is_some() && !details.activities.is_empty() && !claim.products.is_empty());
    let contact = details.customer_contact.as_ref().unwrap();
    assert!(contact.name.is_some() && contact.title.is_some() && contact.email.is_some());
    let contact = details.partner_contact.as_ref().unwrap();
    assert!(contact.name.is_some() && contact.email.is_some());
    assert!(details.area != Some(Area::BusinessApplications) || details.technical_contact.is_some());
    assert!(claim.current_documents().next().is_some());
}

fn answers(claim: &Claim) {
    let status = claim.status;
    assert!(claim.decided_at.is_some() || !matches!(status, Status::Approved | Status::Rejected | Status::Disputed));
    assert!(claim.request.is_some() || status != Status::PartnerActionRequired);
    assert!(claim.rejection.is_some() || !matches!(status, Status::Rejected | Status::Disputed));
    assert!(claim.dispute.is_some() || status != Status::Disputed);
    assert!(claim.dispute.is_some() || claim.excluded_reviewer.is_none());
    assert!(claim.assignee.is_none() || claim.assignee != claim.excluded_reviewer);
    if let Some(rejection) = &claim.rejection {
        assert_eq!(rejection.reason == RejectionReason::PartnerRequest, rejection.partner_reason.is_some());
        assert!(rejection.reason.is_disputable() || rejection.disputable_until.is_none());
        assert!(rejection.disputable_until.is_none_or(|end| end > rejection.at));
    }
}

fn consent(claim: &Claim) {
    assert_eq!(claim.consent.is_some(), claim.assessment.is_some());
    assert!(claim.consent.is_some() || claim.status != Status::Approved);
    let was_sent = matches!(claim.assessment, Some(Assessment::Sent | Assessment::Eligible | Assessment::Ineligible));
    assert!(!was_sent || claim.consent == Some(Consent::Elapsed));
    assert_eq!(claim.has_living_association(), claim.status == Status::Approved);
    let mut living = BTreeSet::new();
    for one in &claim.associations {
        let is_ended = one.state == AssociationState::Ended;
        assert_eq!((one.ended_at.is_some(), one.end_reason.is_some()), (is_ended, is_ended));
        assert!(one.ended_at.is_none_or(|end| end >= one.started_at));
        assert!(is_ended || living.insert((&one.product, one.subscription, one.activity)), "a key held twice");
    }
}

fn parts(claim: &Claim) {
    let lines: BTreeSet<_> = claim.products.iter().map(|line| (&line.product, line.subscription)).collect();
    assert_eq!(lines.len(), claim.products.len(), "a product stands twice");
    assert!(lines.len() <= MAX_PRODUCTS);
    let ids: BTreeSet<_> = claim.documents.iter().map(|document| document.id).collect();
    assert_eq!(ids.len(), claim.documents.len());
    assert!(ids.len() <= MAX_DOCUMENTS && claim.current_documents().count() <= MAX_CURRENT_DOCUMENTS);
    for document in &claim.documents {
        let newer = document.superseded_by.map(|newer| claim.document(newer).unwrap());
        assert!(newer.is_none_or(|newer| newer.attached_at >= document.attached_at));
    }
}

/// Which clocks a claim has in its status, and whether they run.
fn clocks(claim: &Claim) {
    let kinds: Vec<_> = claim.clocks.iter().map(|clock| clock.kind).collect();
    let expected: &[ClockKind] = match (claim.status, claim.dispute.is_some()) {
        (Status::Editing | Status::Canceled, _) => &[],
        (Status::Submitted, _) => &[ClockKind::PickUp, ClockKind::TotalDecision],
        (Status::UnderReview, _) => &[ClockKind::Review, ClockKind::TotalDecision],
        (Status::PartnerActionRequired, false) => &[ClockKind::TotalDecision, ClockKind::PartnerResponse],
        (Status::PartnerActionRequired, true) => &[ClockKind::PartnerResponse, ClockKind::DisputeDecision],
        (Status::Disputed, _) => &[ClockKind::DisputeDecision],
        (Status::Approved, _) if claim.consent == Some(Consent::Open) => &[ClockKind::Consent],
        (Status::Rejected, _) if kinds == [ClockKind::DisputeFiling] => {
            assert_eq!(claim.rejection.as_ref().unwrap().disputable_until, claim.clocks[0].expires_at());
            &[ClockKind::DisputeFiling]
        }
        (Status::Approved | Status::Rejected, _) => &[],
    };
    assert_eq!(kinds, expected, "clocks of {}", claim.status);
    for clock in &claim.clocks {
        let (first, end) = (clock.laid_out_at, clock.expires_at());
        assert!(clock.reminders.iter().all(|at| *at > first && end.is_some_and(|end| *at < end)), "{clock:?}");
        assert!(clock.reminders.is_sorted() && clock.reminders.len() <= clock.kind.reminders().len(), "{clock:?}");
        assert_eq!(stands_still(claim, clock.kind), is_still_or_ran_out(claim, clock), "{clock:?}");
    }
}

fn stands_still(claim: &Claim, kind: ClockKind) -> bool {
    claim.status == Status::PartnerActionRequired && kind.is_reviewers()
}

fn is_still_or_ran_out(claim: &Claim, clock: &Clock) -> bool {
    match clock.state {
        ClockState::Paused { days_left } => days_left >= 1 && days_left <= clock.days,
        ClockState::Running { expires_at } => {
            let asked = claim.request.as_ref().map(|request| request.at);
            stands_still(claim, clock.kind) && asked.is_some_and(|asked| asked >= expires_at) && clock.overdue_recorded
        }
    }
}

/// A clock that an event lays out ends at the end of a day that counts, after the day of the event.
pub fn check_layout(event: &Event, calendar: &Calendar) {
    for change in &event.clocks {
        let (ClockChange::Started(clock) | ClockChange::Resumed(clock)) = change else { continue };
        let last = calendar.last_day(clock.expires_at().unwrap());
        assert_eq!(clock.laid_out_at, event.at);
        assert!(clock.days >= 1 && last > calendar.date_of(event.at), "{clock:?}");
        assert!(clock.kind.counts_every_day() || calendar.is_business_day(last), "{clock:?} ends on {last}");
    }
}

/// A decision is the assignee's, and never that of somebody of the claim's own organization.
pub fn check_author(before: &Claim, event: &Event) {
    let is_decision = match &event.what {
        What::Approved { .. } | What::ActionRequested { .. } => true,
        What::Rejected { reason, .. } => reason.is_reviewers(),
        _ => false,
    };
    if let (true, Author::Person { id, .. }) = (is_decision, event.by) {
        assert_eq!(before.assignee, Some(id));
        assert_ne!(id, NORA);
    }
}

/// Whether the transitions of the table lead from the one status to the other.
pub fn is_transition(from: Status, to: Status) -> bool {
    use Status::{Approved, Canceled, Disputed, Editing, PartnerActionRequired, Rejected, Submitted, UnderReview};
    let next: &[Status] = match from {
        Editing => &[Submitted, Canceled],
        Submitted => &[UnderReview, Rejected],
        UnderReview => &[PartnerActionRequired, Approved, Rejected],
        PartnerActionRequired => &[Submitted, Disputed, Rejected],
        Approved => &[Rejected],
        Rejected => &[Disputed],
        Disputed => &[Approved, PartnerActionRequired, Rejected],
        Canceled => &[],
    };
    from == to || next.contains(&to)
}
