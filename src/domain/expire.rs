//! Deadlines that have passed: recorded once each, dated at the deadline, in order, however late somebody looks.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::actor::Author;
use super::claim::Claim;
use super::clock::{Clock, ClockChange, ClockKind};
use super::event::{Event, What};
use super::facts::Rules;
use super::notice::{Audience, NoticeKind};
use super::reason::RejectionReason;

/// The expiries that are due at `now` and not yet recorded, in the order of their deadlines; those that follow from them included.
#[must_use]
pub fn expiries(claim: &Claim, now: DateTime<Utc>, rules: &Rules<'_>) -> Vec<Event> {
    let mut claim = Cow::Borrowed(claim);
    let mut events = Vec::new();
    while let Some((kind, deadline)) = next_due(&claim, now) {
        let batch = expiry(&claim, kind, deadline, rules);
        let folded = claim.to_mut();
        batch.iter().for_each(|event| folded.apply(event));
        events.extend(batch);
    }
    events
}

/// The claim as it stands at `now`, with every due expiry folded in.
#[must_use]
pub fn brought_to<'a>(claim: &'a Claim, now: DateTime<Utc>, rules: &Rules<'_>) -> Cow<'a, Claim> {
    let events = expiries(claim, now, rules);
    let mut claim = Cow::Borrowed(claim);
    if !events.is_empty() {
        let folded = claim.to_mut();
        events.iter().for_each(|event| folded.apply(event));
    }
    claim
}

fn next_due(claim: &Claim, now: DateTime<Utc>) -> Option<(ClockKind, DateTime<Utc>)> {
    let due = claim.clocks.iter().filter(|clock| !clock.overdue_recorded && clock.has_run_out(now));
    due.filter_map(|clock| clock.expires_at().map(|end| (clock.kind, end))).min_by_key(|(kind, end)| (*end, *kind))
}

fn expiry(claim: &Claim, kind: ClockKind, at: DateTime<Utc>, rules: &Rules<'_>) -> Vec<Event> {
    let event = |what, clocks| Event { at, by: Author::Clock, what, clocks };
    let notice = |notice, audience| event(What::NoticeQueued { notice, audience }, Vec::new());
    match kind {
        ClockKind::PartnerResponse => {
            let is_final = claim.dispute.is_some();
            let mut clocks = end_all(claim);
            if !is_final {
                let filing = Clock::started(ClockKind::DisputeFiling, at, rules.policy, rules.calendar);
                clocks.push(ClockChange::Started(filing));
            }
            let rejected = What::Rejected {
                reason: RejectionReason::NoPartnerResponse,
                partner_reason: None,
                comment: None,
                findings: claim.request.as_ref().map(|request| request.findings.clone()).unwrap_or_default(),
                is_final,
            };
            vec![event(rejected, clocks), notice(NoticeKind::Rejected, Audience::Partner)]
        }
        ClockKind::Consent => vec![
            event(What::ConsentElapsed, vec![ClockChange::Ended(ClockKind::Consent)]),
            event(What::AssessmentSent, Vec::new()),
            notice(NoticeKind::ConsentElapsed, Audience::Partner),
            notice(NoticeKind::AssessmentRequest, Audience::EligibilitySystem),
        ],
        ClockKind::DisputeFiling => {
            vec![event(What::DeadlinePassed { kind }, vec![ClockChange::Ended(kind)])]
        }
        ClockKind::PickUp | ClockKind::Review | ClockKind::TotalDecision | ClockKind::DisputeDecision => {
            let mut events = vec![event(What::DeadlinePassed { kind }, Vec::new())];
            if claim.assignee.is_some() {
                events.push(notice(NoticeKind::Overdue, Audience::Assignee));
            }
            events.push(notice(NoticeKind::Overdue, Audience::Leads));
            events
        }
    }
}

/// Ends every clock that the claim has.
pub(super) fn end_all(claim: &Claim) -> Vec<ClockChange> {
    claim.clocks.iter().map(|clock| ClockChange::Ended(clock.kind)).collect()
}
