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

/// The expiries and reminders that are due at `now` and not yet recorded, each dated at its own instant and in that order; those that
/// follow from them included. However late somebody looks, the answer is what a look at each instant would have given.
#[must_use]
pub fn expiries(claim: &Claim, now: DateTime<Utc>, rules: &Rules<'_>) -> Vec<Event> {
    let mut claim = Cow::Borrowed(claim);
    let mut events = Vec::new();
    while let Some(due) = next_due(&claim, now) {
        let batch = match due {
            Due::Reminder(at, kind) => reminder(kind, at).into_iter().collect(),
            Due::End(at, kind) => expiry(&claim, kind, at, rules),
        };
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

/// What time brings next; of what comes at the same instant, reminders first, then by the kind of clock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Reminder(DateTime<Utc>, ClockKind),
    End(DateTime<Utc>, ClockKind),
}

impl Due {
    fn place(self) -> (DateTime<Utc>, bool, ClockKind) {
        match self {
            Self::Reminder(at, kind) => (at, false, kind),
            Self::End(at, kind) => (at, true, kind),
        }
    }
}

fn next_due(claim: &Claim, now: DateTime<Utc>) -> Option<Due> {
    let of_clock = |clock: &Clock| {
        let reminder = clock.reminders.first().map(|at| Due::Reminder(*at, clock.kind));
        let end = clock.expires_at().filter(|_| !clock.overdue_recorded).map(|at| Due::End(at, clock.kind));
        reminder.into_iter().chain(end)
    };
    claim.clocks.iter().flat_map(of_clock).filter(|due| due.place().0 <= now).min_by_key(|due| due.place())
}

/// A reminder to the partner, dated at the instant it is for.
fn reminder(kind: ClockKind, at: DateTime<Utc>) -> Option<Event> {
    let notice = NoticeKind::reminder_of(kind)?;
    let what = What::NoticeQueued { notice, audience: Audience::Partner };
    Some(Event { at, by: Author::Clock, what, clocks: Vec::new() })
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
