//! The clocks of a claim: what runs, until when, and what stands still.

use chrono::{DateTime, Utc};

use super::calendar::Calendar;
use super::closed::closed_list;
use super::policy::Policy;

closed_list! {
    /// The kinds of clock (`domain.md`, section 4).
    ClockKind {
        /// From each entry into SUBMITTED until a reviewer starts; overdue when it runs out.
        PickUp = "PICK_UP",
        /// From each entry into UNDER_REVIEW; overdue when it runs out.
        Review = "REVIEW",
        /// The reviewers' own time from the first submission to the first decision; overdue when it runs out.
        TotalDecision = "TOTAL_DECISION",
        /// From each entry into PARTNER_ACTION_REQUIRED; the claim is rejected when it runs out.
        PartnerResponse = "PARTNER_RESPONSE",
        /// The customer's consent window; the claim goes to assessment when it closes.
        Consent = "CONSENT",
        /// The window for disputing a rejection; afterwards the rejection is final.
        DisputeFiling = "DISPUTE_FILING",
        /// From the dispute to its decision; overdue when it runs out.
        DisputeDecision = "DISPUTE_DECISION",
    }
}

impl ClockKind {
    /// Whether the clock measures the reviewers: running out makes the claim overdue and changes nothing else.
    #[must_use]
    pub fn is_reviewers(self) -> bool {
        use ClockKind::{DisputeDecision, PickUp, Review, TotalDecision};
        matches!(self, PickUp | Review | TotalDecision | DisputeDecision)
    }

    /// The whole length under a policy, in business days, or in calendar days for the consent and dispute-filing clocks.
    #[must_use]
    pub fn length(self, policy: &Policy) -> u16 {
        match self {
            Self::PickUp => policy.pick_up_bd,
            Self::Review => policy.review_bd,
            Self::TotalDecision => policy.decision_bd,
            Self::PartnerResponse => policy.partner_response_bd,
            Self::Consent => policy.consent_days,
            Self::DisputeFiling => policy.dispute_filing_days,
            Self::DisputeDecision => policy.dispute_decision_bd,
        }
    }

    /// How long before its end people are reminded, the earliest first, in the days that the clock counts.
    #[must_use]
    pub fn reminders(self) -> &'static [u16] {
        match self {
            Self::PartnerResponse => &[2, 1],
            Self::DisputeFiling => &[7, 1],
            _ => &[],
        }
    }

    /// Whether the length counts every day rather than business days.
    #[must_use]
    pub fn counts_every_day(self) -> bool {
        matches!(self, Self::Consent | Self::DisputeFiling)
    }
}

/// A clock of a claim that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Its kind; a claim has at most one clock of a kind.
    pub kind: ClockKind,
    /// When it was last laid out: its start, or the last time it resumed.
    pub laid_out_at: DateTime<Utc>,
    /// The days it was laid out for at that time.
    pub days: u16,
    /// Running or standing still.
    pub state: ClockState,
    /// Whether its running out was recorded.
    pub overdue_recorded: bool,
    /// When people are to be reminded of its end, as far as that is not recorded yet; in order, each before the end.
    pub reminders: Vec<DateTime<Utc>>,
}

/// Whether a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockState {
    /// It runs until this exclusive instant.
    Running {
        /// The first instant that is too late.
        expires_at: DateTime<Utc>,
    },
    /// It stands still with this many whole business days left.
    Paused {
        /// Business days left, the day of the pause counted as unused.
        days_left: u16,
    },
}

/// One effect of an event on the clocks. Events carry the instants, so that folding a history never counts days again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockChange {
    /// The clock starts, anew if it was there.
    Started(Clock),
    /// The clock stands still.
    Paused {
        /// Which.
        kind: ClockKind,
        /// Business days it keeps.
        days_left: u16,
    },
    /// The clock goes on, laid out anew.
    Resumed(Clock),
    /// The clock is over.
    Ended(ClockKind),
}

impl Clock {
    /// A clock of the policy's whole length, started by an event at `at`.
    #[must_use]
    pub fn started(kind: ClockKind, at: DateTime<Utc>, policy: &Policy, calendar: &Calendar) -> Self {
        Self::laid_out(kind, at, kind.length(policy), calendar)
    }

    /// A clock of `days`, laid out from an event at `at`.
    #[must_use]
    pub fn laid_out(kind: ClockKind, at: DateTime<Utc>, days: u16, calendar: &Calendar) -> Self {
        let expires_at =
            if kind.counts_every_day() { calendar.calendar_deadline(at, days) } else { calendar.business_deadline(at, days) };
        let reminders = reminders(kind, expires_at, calendar).filter(|reminder| *reminder > at).collect();
        Self { kind, laid_out_at: at, days, state: ClockState::Running { expires_at }, overdue_recorded: false, reminders }
    }

    /// The exclusive end, unless the clock stands still.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        match self.state {
            ClockState::Running { expires_at } => Some(expires_at),
            ClockState::Paused { .. } => None,
        }
    }

    /// The earliest instant at which something is to be recorded: a reminder, or the end.
    #[must_use]
    pub fn next_at(&self) -> Option<DateTime<Utc>> {
        let end = self.expires_at().filter(|_| !self.overdue_recorded);
        self.reminders.first().copied().into_iter().chain(end).min()
    }

    /// Whether the clock has run out at `now`; the deadline itself is already too late.
    #[must_use]
    pub fn has_run_out(&self, now: DateTime<Utc>) -> bool {
        self.expires_at().is_some_and(|end| now >= end)
    }

    /// Whole business days left on a pause at `now`; the day of the pause counts as unused.
    ///
    /// Counted both from the end and from the beginning, the larger wins: an edit of the holidays since never shortens the clock.
    /// One that has not run out has its last day left at least. (Only a holiday added ahead together with one taken back behind
    /// cannot be told from none: the clock does not keep the calendar that laid it out.)
    #[must_use]
    pub fn days_left(&self, now: DateTime<Utc>, calendar: &Calendar) -> u16 {
        match self.state {
            ClockState::Paused { days_left } => days_left,
            ClockState::Running { expires_at } => {
                let ahead = calendar.business_days_between(now, expires_at);
                ahead.max(self.days.saturating_sub(self.days_used(now, calendar))).max(1).min(self.days)
            }
        }
    }

    /// Business days after the day of the layout and before the day of `now`.
    fn days_used(&self, now: DateTime<Utc>, calendar: &Calendar) -> u16 {
        let (first, today) = (calendar.date_of(self.laid_out_at), calendar.date_of(now));
        let used = first.iter_days().skip(1).take_while(|day| *day < today).filter(|day| calendar.is_business_day(*day));
        u16::try_from(used.count()).unwrap_or(u16::MAX)
    }
}

/// The days before the end as instants: each the beginning of the day from which on so many days are left, that day included.
fn reminders(kind: ClockKind, expires_at: DateTime<Utc>, calendar: &Calendar) -> impl Iterator<Item = DateTime<Utc>> {
    kind.reminders().iter().map(move |days| match kind.counts_every_day() {
        true => calendar.calendar_days_before(expires_at, *days),
        false => calendar.business_days_before(expires_at, *days),
    })
}
