//! Folding: what an event does to a claim. Never refuses, never counts days, never looks at the time.

use super::claim::{ActionRequest, Claim, Dispute, Rejection};
use super::clock::{Clock, ClockChange, ClockKind, ClockState};
use super::event::{Event, What};
use super::product::ProductLine;
use super::reason::RejectionReason;
use super::status::{Assessment, AssociationState, Consent, EndReason, Status};
use crate::domain::actor::Author;

impl Claim {
    /// The claim that its first event makes; `None` if the event is not a creation.
    #[must_use]
    pub fn from_created(event: &Event) -> Option<Self> {
        let What::Created { id, number, organization, details, products } = &event.what else { return None };
        Some(Self {
            id: *id,
            number: *number,
            organization: *organization,
            status: Status::Editing,
            version: 1,
            sequence: 1,
            created_at: event.at,
            updated_at: event.at,
            last_event_at: event.at,
            policy: None,
            details: details.as_ref().clone(),
            products: products.clone(),
            documents: Vec::new(),
            assignee: None,
            excluded_reviewer: None,
            submitted_at: None,
            decided_at: None,
            clocks: Vec::new(),
            request: None,
            answered_since_request: false,
            rejection: None,
            dispute: None,
            consent: None,
            assessment: None,
            assessment_sent_at: None,
            assessment_reason: None,
            associations: Vec::new(),
        })
    }

    /// Folds one event into the claim.
    pub fn apply(&mut self, event: &Event) {
        self.sequence += 1;
        self.last_event_at = event.at;
        if event.what.changes_state() {
            self.version += 1;
            self.updated_at = event.at;
        }
        for change in &event.clocks {
            self.apply_clock(change);
        }
        self.apply_what(event);
    }

    fn apply_what(&mut self, event: &Event) {
        match &event.what {
            What::Created { .. } => {}
            What::NoticeQueued { notice, .. } => {
                for clock in self.clocks.iter_mut().filter(|clock| notice.reminds_of() == Some(clock.kind)) {
                    clock.reminders.retain(|reminder| *reminder > event.at);
                }
            }
            What::Edited { changes } => {
                changes.iter().for_each(|change| change.apply(&mut self.details));
                self.note_answer(event.by);
            }
            What::ProductsChanged { added, replaced, removed } => {
                self.products.retain(|line| !removed.iter().any(|gone| gone.id == line.id));
                for change in replaced {
                    replace_line(&mut self.products, &change.old, &change.new);
                }
                self.products.extend(added.iter().cloned());
                self.note_answer(event.by);
            }
            What::DocumentAttached { document, supersedes } => {
                for old in self.documents.iter_mut().filter(|old| Some(old.id) == *supersedes) {
                    old.superseded_by = Some(document.id);
                }
                self.documents.push(document.as_ref().clone());
                self.note_answer(event.by);
            }
            What::Commented { .. } => self.note_answer(event.by),
            What::Submitted { policy } => {
                self.status = Status::Submitted;
                self.policy = Some(policy.clone());
                self.submitted_at = Some(event.at);
            }
            What::Resubmitted => {
                self.status = if self.dispute.is_some() { Status::Disputed } else { Status::Submitted };
            }
            What::Canceled => self.status = Status::Canceled,
            What::ReviewStarted { reviewer } => {
                self.status = Status::UnderReview;
                self.assignee = Some(*reviewer);
            }
            What::Assigned { to, .. } => self.assignee = *to,
            What::ActionRequested { comment, findings } => {
                self.status = Status::PartnerActionRequired;
                self.answered_since_request = false;
                self.request =
                    Some(ActionRequest { at: event.at, by: event.by, comment: comment.clone(), findings: findings.clone() });
            }
            What::Approved { associations, .. } => {
                self.status = Status::Approved;
                self.decided_at = Some(event.at);
                self.consent = Some(Consent::Open);
                self.assessment = Some(Assessment::NotSent);
                self.associations.extend(associations.iter().cloned());
            }
            What::Rejected { .. } => self.apply_rejection(event),
            What::Disputed { justification, excluded } => {
                self.status = Status::Disputed;
                self.assignee = None;
                self.excluded_reviewer = *excluded;
                self.dispute = Some(Dispute { at: event.at, by: event.by, justification: justification.clone() });
            }
            What::ConsentElapsed => self.consent = Some(Consent::Elapsed),
            What::AssessmentSent => {
                self.assessment = Some(Assessment::Sent);
                self.assessment_sent_at = Some(event.at);
            }
            What::AssessmentAnswered { eligible, reason } => {
                self.assessment = Some(if *eligible { Assessment::Eligible } else { Assessment::Ineligible });
                self.assessment_reason.clone_from(reason);
            }
            What::DeadlinePassed { kind } => {
                for clock in self.clocks.iter_mut().filter(|clock| clock.kind == *kind) {
                    clock.overdue_recorded = true;
                }
            }
        }
    }

    fn apply_rejection(&mut self, event: &Event) {
        let What::Rejected { reason, partner_reason, comment, findings, is_final } = &event.what else { return };
        let window = self.clock(ClockKind::DisputeFiling).and_then(Clock::expires_at);
        self.status = Status::Rejected;
        self.decided_at = Some(event.at);
        self.rejection = Some(Rejection {
            at: event.at,
            by: event.by,
            reason: *reason,
            partner_reason: *partner_reason,
            comment: comment.clone(),
            findings: findings.clone(),
            disputable_until: window.filter(|_| !is_final),
        });
        let end_reason = match reason {
            RejectionReason::CustomerDeclined => EndReason::CustomerDeclined,
            RejectionReason::CompetingClaimLost => EndReason::Superseded,
            _ => EndReason::PartnerRequest,
        };
        for association in self.associations.iter_mut().filter(|one| one.state != AssociationState::Ended) {
            association.state = AssociationState::Ended;
            association.ended_at = Some(event.at);
            association.end_reason = Some(end_reason);
        }
        self.consent = self.consent.map(|consent| match (reason, consent) {
            (RejectionReason::CustomerDeclined, _) => Consent::Declined,
            (_, Consent::Open) => Consent::Closed,
            (_, other) => other,
        });
        self.assessment = self.assessment.map(|_| Assessment::Withdrawn);
    }

    /// Remembers that the partner answered a request for action.
    fn note_answer(&mut self, by: Author) {
        let by_partner = matches!(by, Author::Person { role, .. } if role.is_partner());
        if by_partner && self.status == Status::PartnerActionRequired {
            self.answered_since_request = true;
        }
    }

    fn apply_clock(&mut self, change: &ClockChange) {
        match change {
            ClockChange::Started(clock) | ClockChange::Resumed(clock) => {
                self.clocks.retain(|old| old.kind != clock.kind);
                self.clocks.push(clock.clone());
                self.clocks.sort_by_key(|clock| clock.kind);
            }
            ClockChange::Paused { kind, days_left } => {
                for clock in self.clocks.iter_mut().filter(|clock| clock.kind == *kind) {
                    clock.state = ClockState::Paused { days_left: *days_left };
                }
            }
            ClockChange::Ended(kind) => self.clocks.retain(|clock| clock.kind != *kind),
        }
    }
}

fn replace_line(lines: &mut [ProductLine], old: &ProductLine, new: &ProductLine) {
    for line in lines.iter_mut().filter(|line| line.id == old.id) {
        line.clone_from(new);
    }
}
