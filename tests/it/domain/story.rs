//! A claim's story: what the door does with commands, without a database. Expiries are recorded first, then the command decides.

use chrono::{DateTime, TimeDelta, Utc};
use cpor::domain::actor::Actor;
use cpor::domain::calendar::Calendar;
use cpor::domain::claim::Claim;
use cpor::domain::clock::{Clock, ClockKind};
use cpor::domain::command::{Command, Create};
use cpor::domain::event::{Event, What};
use cpor::domain::ids::ClaimNumber;
use cpor::domain::notice::{Audience, NoticeKind};
use cpor::domain::refusal::{Code, Refusal};
use cpor::domain::{Decision, create, decide, expiries};

use super::cast::{anna, as_assignee};
use super::moves::creation;
use super::world::{World, utc};

/// A claim, its whole history, the world around it, and the time.
#[derive(Clone, Debug)]
pub struct Story {
    pub world: World,
    pub claim: Claim,
    pub history: Vec<Event>,
    pub now: DateTime<Utc>,
}

impl Story {
    /// Anna creates Northwind's claim.
    pub fn begin(world: World, at: &str, command: &Create) -> Self {
        let now = utc(at);
        let decision = create(command, ClaimNumber(100_001), &anna(), &world.facts, now).unwrap();
        let claim = Claim::from_created(&decision.events[0]).unwrap();
        Self { world, claim, history: decision.events, now }
    }

    /// The same with a faultless claim on Monday, 13 September 2021.
    pub fn new() -> Self {
        Self::begin(World::default(), "2021-09-13 10:00", &creation())
    }

    /// The same under a calendar.
    pub fn under(calendar: Calendar, at: &str) -> Self {
        Self::begin(World { calendar, ..World::default() }, at, &creation())
    }

    /// Time goes on; nobody looks at the claim.
    pub fn on(mut self, at: &str) -> Self {
        self.now = utc(at);
        self
    }

    /// Somebody looks: what is due is recorded.
    pub fn swept(mut self) -> Self {
        self.sweep();
        self
    }

    /// What is due, recorded now.
    pub fn sweep(&mut self) -> Vec<Event> {
        let due = expiries(&self.claim, self.now, &self.world.rules());
        self.record(&due);
        due
    }

    fn record(&mut self, events: &[Event]) {
        for event in events {
            self.claim.apply(event);
            self.history.push(event.clone());
        }
    }

    /// The command at the door.
    pub fn tries(&mut self, actor: &Actor, command: &Command) -> Result<Decision, Refusal> {
        self.sweep();
        if let Command::Assign { to } = command {
            self.world.facts.assignee = to.and_then(as_assignee);
        }
        let decision = decide(&self.claim, command, actor, &self.world.facts, self.now, &self.world.rules())?;
        self.record(&decision.events);
        Ok(decision)
    }

    /// The command, which must be allowed.
    pub fn then(mut self, actor: &Actor, command: Command) -> Self {
        if let Err(refusal) = self.tries(actor, &command) {
            panic!("{command:?} is refused: {refusal:?}");
        }
        self
    }

    /// The command, which must be refused: its codes.
    pub fn refuses(&self, actor: &Actor, command: &Command) -> Vec<Code> {
        let refusal = self.clone().tries(actor, command).unwrap_err();
        refusal.violations.iter().map(|violation| violation.code).collect()
    }

    /// The clock of this kind; there must be one.
    pub fn clock(&self, kind: ClockKind) -> &Clock {
        self.claim.clock(kind).unwrap_or_else(|| panic!("no {kind} in {:?}", self.claim.clocks))
    }

    /// The exclusive end of this clock, which must be running.
    pub fn end_of(&self, kind: ClockKind) -> DateTime<Utc> {
        self.clock(kind).expires_at().unwrap_or_else(|| panic!("{kind} stands still"))
    }

    /// The kinds of clock that there are.
    pub fn clocks(&self) -> Vec<ClockKind> {
        self.claim.clocks.iter().map(|clock| clock.kind).collect()
    }

    /// The notices of the entries since the `from`-th.
    pub fn notices_since(&self, from: usize) -> Vec<(NoticeKind, Audience)> {
        let notices = self.history[from..].iter().filter_map(|event| match &event.what {
            What::NoticeQueued { notice, audience } => Some((*notice, *audience)),
            _ => None,
        });
        notices.collect()
    }

    /// Time moves to so many microseconds after the instant.
    pub fn at_micros_from(mut self, instant: DateTime<Utc>, micros: i64) -> Self {
        self.now = instant + TimeDelta::microseconds(micros);
        self
    }
}
