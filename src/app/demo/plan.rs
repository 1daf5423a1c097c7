//! The plan: which partner claims what for which customer, and when. The same each time but for its dates.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::cast::{Cast, PROGRAMME_OPENS};
use super::customers::Customer;
use super::days::{Slot, lay_out};
use super::paper::Paper;
use super::random::Random;
use super::scenario::{Act, Rivalry, Scenario, Side};
use super::table::SCENARIOS;
use crate::domain::calendar::Calendar;
use crate::domain::ids::{ClaimId, SubscriptionId};
use crate::domain::product::{Activity, Area, ProductCode};

/// The seed of everything that looks random.
const SEED: u64 = 0x0C90_2021;
/// The namespace of identities that are the same each time.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b0c_44d2_9e53_5c1e_8d7a_11aa_c90f_2021);
/// The customer, by its place in the directory, whose Microsoft 365 workloads are left for those who try the demo.
const FREE_CUSTOMER: usize = 0;
/// Business Applications products, by the subscription that they come with.
const PRODUCTS: [&[&str]; 3] = [
    &["BUSINESS_CENTRAL", "COMMERCE", "FINANCE", "HUMAN_RESOURCES", "PROJECT_OPERATIONS", "SUPPLY_CHAIN_MANAGEMENT"],
    &["CUSTOMER_INSIGHTS", "CUSTOMER_SERVICE", "FIELD_SERVICE", "FRAUD_PROTECTION", "MARKETING", "SALES"],
    &["POWER_APPS", "POWER_AUTOMATE", "POWER_BI", "POWER_VIRTUAL_AGENTS"],
];
/// What Business Applications claims claim.
const ACTIVITIES: [&[Activity]; 5] = [
    &[Activity::Usage],
    &[Activity::Usage],
    &[Activity::Presales, Activity::Usage],
    &[Activity::Presales],
    &[Activity::RevenueAssociation],
];
/// How many products a claim has; drawn from here.
const LINE_COUNTS: [usize; 6] = [1, 1, 1, 2, 2, 3];
/// The business that each partner organization has, drawn by its place in the file.
const SHARES: [usize; 10] = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];

/// A product line of a claim to be.
pub(super) type Line = (ProductCode, Option<SubscriptionId>);

/// A claim to be.
pub(super) struct Story {
    pub number: usize,
    pub scenario: &'static Scenario,
    /// Which partner, of the cast.
    pub partner: usize,
    /// Which of the partner's locations.
    pub location: usize,
    /// Which customer.
    pub customer: usize,
    pub area: Area,
    pub activities: BTreeSet<Activity>,
    pub lines: Vec<Line>,
    /// When it is created, and when each step happens.
    pub times: Vec<DateTime<Utc>>,
}

impl Story {
    /// An identity within the story; the same each time.
    pub fn id(&self, what: &str) -> Uuid {
        Uuid::new_v5(&NAMESPACE, format!("{}/{what}", self.number).as_bytes())
    }

    pub fn claim(&self) -> ClaimId {
        ClaimId(self.id("claim"))
    }

    /// What is drawn while the story is played.
    pub fn random(&self) -> Random {
        Random::new(SEED ^ (u64::try_from(self.number).unwrap_or_default() << 20))
    }
}

/// Every claim to be.
pub(super) fn plan(cast: &Cast, customers: &[Customer], calendar: &Calendar, now: DateTime<Utc>) -> Vec<Story> {
    let mut planner =
        Planner { cast, calendar, now, free: free_lines(customers), random: Random::new(SEED), stories: Vec::new() };
    for scenario in SCENARIOS {
        for _ in 0..scenario.count {
            planner.add(scenario);
        }
    }
    planner.stories
}

struct Planner<'a> {
    cast: &'a Cast,
    calendar: &'a Calendar,
    now: DateTime<Utc>,
    /// What nobody claims yet, by customer and area.
    free: Vec<(usize, Area, Vec<Line>)>,
    random: Random,
    stories: Vec<Story>,
}

impl Planner<'_> {
    fn add(&mut self, scenario: &'static Scenario) {
        let subject = match scenario.rivalry {
            Some(rivalry) => self.contested(rivalry),
            None => self.unclaimed(scenario),
        };
        let Some((partner, customer, area, activities, lines)) = subject else { return };
        let location = self.random.below(self.cast.partners[partner].locations.len());
        let times = self.times(scenario, partner);
        let number = self.stories.len();
        self.stories.push(Story { number, scenario, partner, location, customer, area, activities, lines, times });
    }

    fn unclaimed(&mut self, scenario: &Scenario) -> Option<Subject> {
        let least = if scenario.drops_product() || forgets_product(scenario) { 2 } else { 1 };
        let count = self.random.pick(&LINE_COUNTS).max(least);
        let suits: Vec<usize> = (0..self.free.len())
            .filter(|index| {
                let (_, area, lines) = &self.free[*index];
                scenario.area.is_none_or(|wanted| wanted == *area) && lines.len() >= count
            })
            .collect();
        if suits.is_empty() {
            return None;
        }
        let (customer, area, lines) = &mut self.free[self.random.pick(&suits)];
        let (customer, area, lines) = (*customer, *area, lines.split_off(lines.len() - count));
        let activities: &[Activity] = if area == Area::Microsoft365 { &[Activity::Usage] } else { self.random.pick(&ACTIVITIES) };
        let partner = self.random.pick(&SHARES) % self.cast.partners.len();
        Some((partner, customer, area, activities.iter().copied().collect(), lines))
    }

    /// What another partner has, or had.
    fn contested(&mut self, rivalry: Rivalry) -> Option<Subject> {
        let taken = |story: &Story| self.stories.iter().any(|other| other.number != story.number && other.lines == story.lines);
        let suits = self.stories.iter().filter(|story| !taken(story) && !story.scenario.drops_product());
        let of_kind = suits.filter(|story| match (rivalry, story.scenario.steps().last().map(|step| step.act)) {
            (Rivalry::Contested, Some(Act::Assess(_) | Act::Note)) => true,
            (Rivalry::Succession, Some(Act::Decline | Act::Disassociate(_))) => story.scenario.ago.0 >= LONG_AGO,
            _ => false,
        });
        let of_kind: Vec<usize> = of_kind.map(|story| story.number).collect();
        if of_kind.is_empty() {
            return None;
        }
        let story = &self.stories[self.random.pick(&of_kind)];
        let partner = (story.partner + 1) % self.cast.partners.len();
        Some((partner, story.customer, story.area, story.activities.clone(), story.lines.clone()))
    }

    fn times(&mut self, scenario: &Scenario, partner: usize) -> Vec<DateTime<Utc>> {
        let partner_opens = self.cast.partners[partner].opens;
        let mut slots = vec![Slot { gap: 0, opens: partner_opens }];
        for step in scenario.steps() {
            let opens = if step.act.side() == Side::Partner { partner_opens } else { PROGRAMME_OPENS };
            slots.push(Slot { gap: self.random.between(step.gap.0, step.gap.1), opens });
        }
        let ago = self.random.between(scenario.ago.0, scenario.ago.1);
        lay_out(&slots, ago, self.now, self.calendar, &mut self.random)
    }
}

/// Business days after which a partner's successor can be through a review.
const LONG_AGO: u16 = 20;

type Subject = (usize, usize, Area, BTreeSet<Activity>, Vec<Line>);

fn forgets_product(scenario: &Scenario) -> bool {
    scenario.steps().any(|step| step.act == Act::Attach(Paper::PartialStatement))
}

fn free_lines(customers: &[Customer]) -> Vec<(usize, Area, Vec<Line>)> {
    let mut random = Random::new(SEED);
    let mut free = Vec::new();
    for (index, customer) in customers.iter().enumerate() {
        let mut workloads: Vec<Line> = customer.workloads.iter().map(|code| (code.clone(), None)).collect();
        random.shuffle(&mut workloads);
        if index != FREE_CUSTOMER {
            free.push((index, Area::Microsoft365, workloads));
        }
        let by_subscription = customer.subscriptions.iter().zip(PRODUCTS);
        let products =
            by_subscription.flat_map(|(id, codes)| codes.iter().map(|code| (ProductCode((*code).to_owned()), Some(*id))));
        let mut products: Vec<Line> = products.collect();
        random.shuffle(&mut products);
        free.push((index, Area::BusinessApplications, products));
    }
    free
}
