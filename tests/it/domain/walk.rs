//! Random walks: claims, people, commands, days and holidays at random, from a seed; the invariants hold all the way.
//!
//! `CPOR_WALK_COMMANDS` sets how many commands are given in all, `CPOR_WALK_SEED` repeats one walk.

use std::collections::BTreeSet;
use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use cpor::domain::actor::{Actor, Role};
use cpor::domain::calendar::Calendar;
use cpor::domain::claim::Claim;
use cpor::domain::clock::Clock;
use cpor::domain::command::{Command, CommandKind};
use cpor::domain::decide;
use cpor::domain::facts::DirectoryFacts;
use cpor::domain::ids::ClaimNumber;
use cpor::domain::policy::Policy;
use cpor::domain::status::Status;

use super::cast::{as_assignee, everybody};
use super::dice::Dice;
use super::invariants::{check, check_author, check_layout, is_transition};
use super::offers::offered_is_allowed;
use super::story::Story;
use super::whims::{some_command, some_creation};
use super::world::{World, key_of};

/// Commands in all when nothing else is said.
const COMMANDS: u64 = 1_000_000;
/// Commands on one claim at most; where nothing can happen any more, a walk ends earlier.
const COMMANDS_A_WALK: u64 = 96;
/// Walks that go on side by side; a fixed number, so that every machine takes the same walks.
const LANES: u64 = 4;
/// One in so many steps, what is offered is compared with what is allowed.
const STEPS_BETWEEN_COMPARISONS: u64 = 32;

#[test]
fn random_walks_keep_the_invariants_and_go_everywhere() {
    if let Some(seed) = number("CPOR_WALK_SEED") {
        Walk::from_seed(seed).go();
        return;
    }
    let commands = number("CPOR_WALK_COMMANDS").unwrap_or(COMMANDS);
    let taken: BTreeSet<_> = thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|lane| scope.spawn(move || walk_lane(lane, commands / LANES))).collect();
        lanes.into_iter().flat_map(|lane| lane.join().unwrap()).collect()
    });
    let pairs = Status::ALL.iter().flat_map(|from| Status::ALL.iter().map(move |to| (*from, *to)));
    let is_missed = |(from, to): &(Status, Status)| from != to && is_transition(*from, *to) && !taken.contains(&(*from, *to));
    let missed: Vec<_> = pairs.filter(is_missed).collect();
    assert!(commands < COMMANDS || missed.is_empty(), "no walk went {missed:?}");
}

/// Walks of this lane until so many commands were given; the transitions that they took.
fn walk_lane(lane: u64, commands: u64) -> BTreeSet<(Status, Status)> {
    let mut taken = BTreeSet::new();
    let mut given = 0;
    let mut seeds = (lane..).step_by(LANES as usize);
    while given < commands {
        let (steps, transitions) = Walk::from_seed(seeds.next().unwrap()).go();
        given += steps;
        taken.extend(transitions);
    }
    taken
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

    /// The number of commands given and the transitions taken.
    fn go(mut self) -> (u64, BTreeSet<(Status, Status)>) {
        let (mut laid_out, mut given) = (0, 0);
        while given < COMMANDS_A_WALK && !(self.is_over() && self.dice.one_in(4)) {
            given += 1;
            self.time_passes();
            self.world_changes();
            self.somebody_acts();
            // Holidays change on the way: each clock is measured by the calendar that laid it out.
            for event in &self.story.history[laid_out..] {
                check_layout(event, &self.story.world.calendar);
            }
            laid_out = self.story.history.len();
            if self.dice.one_in(STEPS_BETWEEN_COMPARISONS) {
                let actor = self.dice.pick(&self.people).clone();
                offered_is_allowed(&mut self.story, &actor);
            }
        }
        let (folded, transitions) = replay(&self.story);
        assert_eq!(folded, self.story.claim, "folding the history gives the claim");
        (given, transitions)
    }

    fn is_over(&self) -> bool {
        let Story { claim, now, .. } = &self.story;
        let is_final = claim.rejection.as_ref().is_some_and(|rejection| rejection.is_final(*now));
        claim.status == Status::Canceled || claim.status == Status::Rejected && is_final
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
        self.story
            .claim
            .clocks
            .iter()
            .filter_map(Clock::next_at)
            .min()
            .map_or(self.story.now, |due| due + TimeDelta::microseconds(micros))
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
        if let Command::Assign { to } = &command {
            self.story.world.facts.assignee = to.and_then(as_assignee);
        }
        let Story { claim, world, now, .. } = &self.story;
        let unswept = decide(claim, &command, &actor, &world.facts, *now, &world.rules());
        self.story.sweep();
        let entries = self.story.history.len();
        let decided = self.story.tries(&actor, &command);
        assert_eq!(decided, unswept, "whether somebody swept before does not matter");
        let events = decided.map_or(0, |decision| decision.events.len());
        assert_eq!(self.story.history.len(), entries + events, "a refused command leaves nothing behind");
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
}

/// Folds the history anew, event by event, and checks what is true after each; the transitions go beside.
fn replay(story: &Story) -> (Claim, BTreeSet<(Status, Status)>) {
    let (first, rest) = story.history.split_first().unwrap();
    let mut claim = Claim::from_created(first).unwrap();
    let mut transitions = BTreeSet::new();
    let mut version = 1;
    check(&claim);
    for event in rest {
        let (before, at) = (claim.status, claim.last_event_at);
        check_author(&claim, event);
        claim.apply(event);
        version += i32::from(event.what.changes_state());
        transitions.insert((before, claim.status));
        assert!(event.at >= at, "time goes back at {event:?}");
        assert!(is_transition(before, claim.status), "from {before} to {} by {event:?}", claim.status);
        assert_eq!(claim.version, version);
        check(&claim);
    }
    assert_eq!(usize::try_from(claim.sequence).unwrap(), story.history.len());
    (claim, transitions)
}
