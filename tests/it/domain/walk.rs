//! Random walks: claims, people, commands, days and holidays at random, from a seed; the invariants hold all the way.
//!
//! `CPOR_WALK_COMMANDS` sets how many commands are given in all, `CPOR_WALK_SEED` repeats one walk.

use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use cpor::domain::actor::{Actor, Role};
use cpor::domain::calendar::Calendar;
use cpor::domain::claim::Claim;
use cpor::domain::clock::Clock;
use cpor::domain::command::{Command, CommandKind, DetailsInput};
use cpor::domain::facts::DirectoryFacts;
use cpor::domain::ids::ClaimNumber;
use cpor::domain::policy::Policy;
use cpor::domain::status::Status;
use cpor::domain::{actions, brought_to, decide};

use super::cast::everybody;
use super::dice::Dice;
use super::invariants::{check, check_layout, is_transition};
use super::moves::{attach, faultless_command, update};
use super::story::Story;
use super::whims::{some_command, some_creation};
use super::world::{World, key_of};

/// Commands in all when nothing else is said.
const COMMANDS: u64 = 1_000_000;
/// Commands on one claim.
const COMMANDS_A_WALK: u64 = 64;
/// One in so many steps, what is offered is compared with what is allowed.
const STEPS_BETWEEN_COMPARISONS: u64 = 32;

#[test]
fn random_walks_keep_the_invariants() {
    if let Some(seed) = number("CPOR_WALK_SEED") {
        return Walk::from_seed(seed).go();
    }
    let walks = number("CPOR_WALK_COMMANDS").unwrap_or(COMMANDS).div_ceil(COMMANDS_A_WALK);
    let hands = thread::available_parallelism().map_or(1, usize::from).min(4) as u64;
    thread::scope(|scope| {
        for hand in 0..hands {
            scope.spawn(move || (hand..walks).step_by(hands as usize).for_each(|seed| Walk::from_seed(seed).go()));
        }
    });
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Tells the seed of a walk that fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the walk failed: CPOR_WALK_SEED={} repeats it", self.0);
        }
    }
}

struct Walk {
    _seed: Seed,
    dice: Dice,
    people: Vec<Actor>,
    story: Story,
    fresh: u128,
}

impl Walk {
    fn from_seed(seed: u64) -> Self {
        let mut dice = Dice::seeded(seed);
        // Zones at their oddest: clocks set, midnights skipped and repeated, a day lost.
        let places = [
            ("UTC", "2021-08-30 09:00"),
            ("Europe/Warsaw", "2021-03-15 09:00"),
            ("Europe/Warsaw", "2021-10-15 09:00"),
            ("America/Havana", "2021-10-25 09:00"),
            ("America/Sao_Paulo", "2018-02-05 09:00"),
            ("America/Sao_Paulo", "2018-10-25 09:00"),
            ("America/St_Johns", "2009-10-20 09:00"),
            ("Pacific/Apia", "2011-12-15 09:00"),
            ("UTC", "2024-02-15 09:00"),
            ("UTC", "2021-12-15 09:00"),
        ];
        let (zone, start) = dice.pick(&places);
        let time_zone: Tz = zone.parse().unwrap();
        let policy = if dice.one_in(3) { Policy::of_2023() } else { Policy::of_2020() };
        let world = World { policy, calendar: Calendar { time_zone, ..Calendar::default() }, ..World::default() };
        let story = Story::begin(world, start, &some_creation(&mut dice));
        let people = everybody().into_iter().map(|(_, actor)| actor).collect();
        Self { _seed: Seed(seed), dice, people, story, fresh: 1 }
    }

    fn go(mut self) {
        let mut laid_out = 0;
        for _ in 0..COMMANDS_A_WALK {
            self.time_passes();
            self.world_changes();
            self.somebody_acts();
            // Holidays change on the way: each clock is measured by the calendar that laid it out.
            for event in &self.story.history[laid_out..] {
                check_layout(event, &self.story.world.calendar);
            }
            laid_out = self.story.history.len();
            if self.dice.one_in(STEPS_BETWEEN_COMPARISONS) {
                self.offered_is_allowed();
            }
        }
        let folded = replay(&self.story);
        assert_eq!(folded, self.story.claim, "folding the history gives the claim");
    }

    fn time_passes(&mut self) {
        let now = self.story.now;
        let later = match self.dice.below(10) {
            0..4 => now + TimeDelta::seconds(self.below(4 * 3_600)),
            4..7 => now + TimeDelta::microseconds(self.below(3 * 86_400_000_000)),
            7 => self.around_a_deadline(),
            8 if self.dice.one_in(4) => now + TimeDelta::days(self.below(45)),
            _ => now,
        };
        self.story.now = later.max(now);
    }

    fn below(&mut self, limit: u64) -> i64 {
        i64::try_from(self.dice.below(limit)).unwrap()
    }

    fn around_a_deadline(&mut self) -> DateTime<Utc> {
        let micros = self.below(3) - 1;
        self.story.claim.clocks.iter().filter_map(Clock::next_at).min().map_or(self.story.now, |due| due + TimeDelta::microseconds(micros))
    }

    fn world_changes(&mut self) {
        if !self.dice.one_in(12) {
            return;
        }
        let code = *self.dice.pick(&["EXCHANGE_ONLINE", "TEAMS"]);
        let days = self.below(20) - 3;
        let World { facts, calendar, .. } = &mut self.story.world;
        let holiday = (self.story.now + TimeDelta::days(days)).date_naive();
        match self.dice.below(8) {
            0 => facts.held_keys.extend([key_of(code)]),
            1 => facts.own_claims.extend([(key_of(code), ClaimNumber(100_000))]),
            2 => facts.competing_keys.extend([key_of(code)]),
            3 => facts.arbitration_open = !facts.arbitration_open,
            4 => facts.directory = facts.directory.is_none().then(DirectoryFacts::default),
            5 => drop(calendar.holidays.pop_last()),
            6 => calendar.holidays.extend([holiday]),
            _ => {
                facts.held_keys.clear();
                facts.own_claims.clear();
                facts.arbitration_open = false;
            }
        }
    }

    /// Somebody gives a command: most often somebody who may.
    fn somebody_acts(&mut self) {
        let kind = self.some_kind();
        self.fresh += 1;
        let command = some_command(&mut self.dice, kind, &self.story.claim, self.fresh);
        let actor = self.some_actor(kind);
        self.story.sweep();
        let entries = self.story.history.len();
        if self.story.tries(&actor, &command).is_err() {
            assert_eq!(self.story.history.len(), entries, "a refused command leaves nothing behind");
        }
    }

    fn some_kind(&mut self) -> CommandKind {
        use CommandKind as C;
        let usual: &[C] = match self.story.claim.status {
            Status::Editing => &[C::Update, C::UpdateProducts, C::AttachDocument, C::Submit, C::Submit],
            Status::Submitted => &[C::StartReview, C::Assign, C::Update, C::UpdateProducts],
            Status::UnderReview => &[C::RequestAction, C::RequestAction, C::Approve, C::Reject, C::Assign],
            Status::PartnerActionRequired => &[C::AttachDocument, C::Comment, C::UpdateProducts, C::Resubmit, C::Resubmit],
            Status::Approved => &[C::Update, C::AnswerAssessment, C::Comment],
            Status::Rejected => &[C::Dispute, C::Comment],
            Status::Disputed => &[C::Assign, C::Approve, C::Reject, C::RequestAction],
            Status::Canceled => &[C::Comment],
        };
        if self.dice.one_in(5) { *self.dice.pick(&CommandKind::ALL[1..]) } else { *self.dice.pick(usual) }
    }

    fn some_actor(&mut self, kind: CommandKind) -> Actor {
        if self.dice.one_in(10) {
            return self.dice.pick(&self.people).clone();
        }
        let assignee = self.story.claim.assignee.filter(|_| Role::Reviewer.may(kind));
        let fits = |actor: &&Actor| match (assignee, actor.person()) {
            (Some(assignee), Some(person)) => person.id == assignee,
            _ => actor.role().may(kind),
        };
        let able: Vec<Actor> = self.people.iter().filter(fits).cloned().collect();
        if able.is_empty() { self.dice.pick(&self.people).clone() } else { self.dice.pick(&able).clone() }
    }

    /// What is offered is allowed to some faultless input, and what some faultless input is allowed is offered.
    fn offered_is_allowed(&mut self) {
        self.story.world.facts.assignee = super::cast::as_assignee(super::cast::ROLF);
        let Story { claim, world, now, .. } = &self.story;
        let actor = self.dice.pick(&self.people).clone();
        let current = brought_to(claim, *now, &world.rules());
        let offered = actions(claim, &actor, &world.facts, *now, &world.rules());
        for kind in &CommandKind::ALL[1..] {
            let is_offered = offered.iter().any(|action| action.kind == *kind && action.refusal.is_none());
            let allowed = faultless(*kind, &current)
                .into_iter()
                .find(|command| decide(claim, command, &actor, &world.facts, *now, &world.rules()).is_ok());
            if *kind == CommandKind::Assign && current.excluded_reviewer == Some(super::cast::ROLF) {
                continue;
            }
            assert_eq!(is_offered, allowed.is_some(), "{kind} by {actor:?} in {}: {allowed:?}", current.status);
        }
    }
}

/// Commands of this kind that nothing in their input speaks against.
fn faultless(kind: CommandKind, claim: &Claim) -> Vec<Command> {
    let mut commands: Vec<_> = faultless_command(kind, claim).into_iter().collect();
    match kind {
        CommandKind::Update => commands.push(update(DetailsInput::default())),
        CommandKind::UpdateProducts => {
            commands.extend([Command::UpdateProducts { add: Vec::new(), replace: Vec::new(), remove: Vec::new() }])
        }
        CommandKind::AttachDocument => {
            let replaced = claim.current_documents().next().map(|old| {
                let Command::AttachDocument(mut document) = attach(0xFFFF) else { unreachable!() };
                document.supersedes = Some(old.id);
                Command::AttachDocument(document)
            });
            commands.extend(replaced);
        }
        _ => {}
    }
    commands
}

/// Folds the history anew, event by event, and checks what is true after each.
fn replay(story: &Story) -> Claim {
    let (first, rest) = story.history.split_first().unwrap();
    let mut claim = Claim::from_created(first).unwrap();
    check(&claim);
    let mut version = 1;
    for event in rest {
        let (before, at) = (claim.status, claim.last_event_at);
        claim.apply(event);
        version += i32::from(event.what.changes_state());
        assert!(event.at >= at, "time goes back at {event:?}");
        assert!(is_transition(before, claim.status), "from {before} to {} by {event:?}", claim.status);
        assert_eq!(claim.version, version);
        check(&claim);
    }
    assert_eq!(usize::try_from(claim.sequence).unwrap(), story.history.len());
    claim
}
