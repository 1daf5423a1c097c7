//! The whole life cycle: a claim, a command, who gives it, what is known, and when → events, or everything that is wrong.

mod answers;
mod documents;
mod draft;
mod outcome;
mod partner;
mod review;
mod submit;
mod talk;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::actor::{Actor, PersonActor};
use super::claim::Claim;
use super::clock::{Clock, ClockChange, ClockKind};
use super::command::{Command, CommandKind, Create};
use super::details::MpnId;
use super::event::{Event, What};
use super::expire::brought_to;
use super::facts::{Facts, Rules};
use super::ids::{NoteId, PersonId};
use super::notice::{Audience, NoticeKind};
use super::reason::RejectionReason;
use super::refusal::{Code, Detail, Refusal, Warning};
use super::status::Status;

pub use draft::editable_fields;

/// What a command leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// What happened, in order; empty when the command changes nothing.
    pub events: Vec<Event>,
    /// An internal note, which is no part of the history.
    pub note: Option<Note>,
    /// What does not block but should be known.
    pub warnings: Vec<Warning>,
}

/// An internal note of reviewers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Identity.
    pub id: NoteId,
    /// The text.
    pub body: String,
}

/// Decides a command on a claim.
///
/// The claim is judged as it stands at `now`: expiries that nobody has recorded yet count. The events follow those of
/// [`super::expiries`], which the door records first.
///
/// # Errors
/// A refusal with all violations; never for outside reasons.
pub fn decide(
    claim: &Claim,
    command: &Command,
    actor: &Actor,
    facts: &Facts,
    now: DateTime<Utc>,
    rules: &Rules<'_>,
) -> Result<Decision, Refusal> {
    let claim = brought_to(claim, now, rules);
    let case = Case { claim: &claim, actor, facts, now, rules };
    case.admit(command.kind())?;
    match command {
        Command::Update(input) => draft::update(&case, input),
        Command::UpdateProducts { add, replace, remove } => draft::update_products(&case, add, replace, remove),
        Command::AttachDocument(document) => documents::attach(&case, document),
        Command::Comment { id, body } => talk::comment(&case, *id, body),
        Command::AddNote { id, body } => talk::note(&case, *id, body),
        Command::Submit { attestation } => submit::submit(&case, *attestation),
        Command::Resubmit => submit::resubmit(&case),
        Command::Cancel => draft::cancel(&case),
        Command::Withdraw { reason, comment } => partner::withdraw(&case, *reason, comment.as_deref()),
        Command::Disassociate { reason, comment } => partner::disassociate(&case, *reason, comment.as_deref()),
        Command::Dispute { justification, documents } => partner::dispute(&case, justification.as_deref(), documents),
        Command::StartReview => review::start(&case),
        Command::Assign { to } => review::assign(&case, *to),
        Command::RequestAction { comment, findings } => review::request_action(&case, comment, findings),
        Command::Approve { comment } => outcome::approve(&case, comment.as_deref()),
        Command::Reject { reason, comment, findings } => outcome::reject(&case, *reason, comment, findings),
        Command::Decline { reason } => answers::decline(&case, reason.as_deref()),
        Command::AnswerAssessment { eligible, reason } => answers::assessment(&case, *eligible, reason.as_deref()),
    }
}

/// Decides the creation of a claim (T1).
///
/// # Errors
/// A refusal with all violations.
pub fn create(
    command: &Create,
    number: super::ids::ClaimNumber,
    actor: &Actor,
    facts: &Facts,
    now: DateTime<Utc>,
) -> Result<Decision, Refusal> {
    draft::create(command, number, actor, facts, now)
}

/// One command being decided.
pub(super) struct Case<'a> {
    pub claim: &'a Claim,
    pub actor: &'a Actor,
    pub facts: &'a Facts,
    pub now: DateTime<Utc>,
    pub rules: &'a Rules<'a>,
}

impl Case<'_> {
    /// Role, organization and interest: what depends on who asks alone.
    fn admit(&self, kind: CommandKind) -> Result<(), Refusal> {
        let forbidden = || Err(Refusal::because(Code::Forbidden, Detail::None));
        let role = self.actor.role();
        if !role.may(kind) {
            return forbidden();
        }
        match self.actor {
            Actor::Customer { claim } if *claim != self.claim.id => forbidden(),
            Actor::Customer { .. } => Ok(()),
            Actor::Person(person) if role.is_partner() => {
                if person.organization != Some(self.claim.organization) || !is_within(person, &self.claim.details.location) {
                    return forbidden();
                }
                Ok(())
            }
            Actor::Person(person) if role.reviews() && person.organization == Some(self.claim.organization) => {
                Err(Refusal::because(Code::ConflictOfInterest, Detail::None))
            }
            Actor::Person(_) => Ok(()),
        }
    }

    /// The person who acts. Customers have passed `admit` only for the commands that do not ask.
    fn person(&self) -> Result<&PersonActor, Refusal> {
        self.actor.person().ok_or_else(|| Refusal::because(Code::Forbidden, Detail::None))
    }

    /// Whether the actor may claim for this location: one of the organization's, within the actor's limits.
    pub fn may_claim_for(&self, location: &MpnId) -> bool {
        self.facts.locations.contains(location) && self.actor.person().is_none_or(|person| is_within(person, location))
    }

    fn status_is(&self, allowed: &[Status]) -> Result<(), Refusal> {
        if allowed.contains(&self.claim.status) { Ok(()) } else { Err(self.state_conflict()) }
    }

    fn state_conflict(&self) -> Refusal {
        Refusal::because(Code::StateConflict, Detail::Status(self.claim.status))
    }

    /// Like [`Self::status_is`], for what a partner could have done in PARTNER_ACTION_REQUIRED: the late hear what they missed.
    fn in_time_and_status_is(&self, allowed: &[Status]) -> Result<(), Refusal> {
        let missed =
            self.claim.rejection.as_ref().filter(|rejection| {
                self.claim.status == Status::Rejected && rejection.reason == RejectionReason::NoPartnerResponse
            });
        match missed {
            Some(rejection) if allowed.contains(&Status::PartnerActionRequired) => Err(Refusal::because(
                Code::DeadlinePassed,
                Detail::Deadline { kind: ClockKind::PartnerResponse, expired_at: rejection.at },
            )),
            _ => self.status_is(allowed),
        }
    }

    fn is_assignee(&self) -> Result<PersonId, Refusal> {
        let me = self.person()?.id;
        if self.claim.assignee == Some(me) { Ok(me) } else { Err(Refusal::because(Code::NotAssigned, Detail::None)) }
    }

    fn event(&self, what: What, clocks: Vec<ClockChange>) -> Event {
        Event { at: self.now, by: self.actor.author(), what, clocks }
    }

    fn notice(&self, notice: NoticeKind, audience: Audience) -> Event {
        self.event(What::NoticeQueued { notice, audience }, Vec::new())
    }

    fn start(&self, kind: ClockKind) -> ClockChange {
        ClockChange::Started(Clock::started(kind, self.now, self.rules.policy, self.rules.calendar))
    }

    /// Ends the clocks of these kinds that the claim has.
    fn end(&self, kinds: &[ClockKind]) -> impl Iterator<Item = ClockChange> {
        kinds.iter().filter(|kind| self.claim.clock(**kind).is_some()).map(|kind| ClockChange::Ended(*kind))
    }

    /// Lets a running clock stand still. One that has run out stays overdue instead.
    fn pause(&self, kind: ClockKind) -> Option<ClockChange> {
        let clock = self.claim.clock(kind).filter(|clock| !clock.has_run_out(self.now) && clock.expires_at().is_some())?;
        Some(ClockChange::Paused { kind, days_left: clock.days_left(self.now, self.rules.calendar) })
    }

    /// Lets a clock that stands still go on, laid out anew over the days it kept.
    fn resume(&self, kind: ClockKind) -> Option<ClockChange> {
        let clock = self.claim.clock(kind).filter(|clock| clock.expires_at().is_none())?;
        let days = clock.days_left(self.now, self.rules.calendar);
        Some(ClockChange::Resumed(Clock::laid_out(kind, self.now, days, self.rules.calendar)))
    }
}

fn is_within(person: &PersonActor, location: &MpnId) -> bool {
    person.locations.as_ref().is_none_or(|some: &BTreeSet<MpnId>| some.contains(location))
}

fn decided(events: Vec<Event>) -> Result<Decision, Refusal> {
    Ok(Decision { events, ..Decision::default() })
}
