//! Deadlines: the server counts, clients print.

use std::sync::Arc;

use async_graphql::{Context, Description, Object, Result};
use chrono::Utc;

use crate::domain::calendar::Calendar;
use crate::domain::clock::{Clock, ClockKind as Kind, ClockState};
use crate::graphql::context::AskExt;
use crate::graphql::enums::{ClockKind, DeadlineConsequence};
use crate::graphql::scalars::{Date, DateTime};
use crate::store::claims::ClaimRow;

/// A deadline of a claim: a clock that runs, has run out, or stands still.
#[derive(Description, Clone)]
pub struct Deadline {
    clock: Clock,
    calendar: Arc<Calendar>,
    after_dispute: bool,
}

#[Object(use_type_description)]
impl Deadline {
    /// Which clock.
    async fn kind(&self) -> ClockKind {
        self.clock.kind.into()
    }

    /// The first instant that is too late; null while the clock stands still.
    async fn expires_at(&self) -> Option<DateTime> {
        self.clock.expires_at().map(DateTime)
    }

    /// The last day, by the calendar's time zone, on which it is not too late; null while the clock stands still.
    async fn local_date(&self) -> Option<Date> {
        self.clock.expires_at().map(|end| Date(self.calendar.last_day(end)))
    }

    /// The time zone in which days are counted (IANA name).
    async fn time_zone(&self) -> &str {
        self.calendar.time_zone.name()
    }

    /// Business days left, today included if it is one; 0 when the deadline has passed. While the clock stands still, those it keeps.
    async fn business_days_left(&self, ctx: &Context<'_>) -> Result<i32> {
        let now = ctx.ask()?.now();
        Ok(match self.clock.state {
            ClockState::Paused { days_left } => days_left.into(),
            ClockState::Running { expires_at } if now >= expires_at => 0,
            ClockState::Running { expires_at } => self.calendar.business_days_between(now, expires_at).into(),
        })
    }

    /// Whether it has passed.
    async fn is_overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.clock.has_run_out(ctx.ask()?.now()))
    }

    /// Whether the clock stands still, because the partner's turn does not count against the reviewers.
    async fn is_paused(&self) -> bool {
        self.clock.expires_at().is_none()
    }

    /// What happens when it passes.
    async fn consequence(&self) -> DeadlineConsequence {
        match self.clock.kind {
            Kind::PickUp | Kind::Review | Kind::TotalDecision | Kind::DisputeDecision => DeadlineConsequence::Overdue,
            Kind::PartnerResponse if self.after_dispute => DeadlineConsequence::FinalRejection,
            Kind::PartnerResponse => DeadlineConsequence::Rejection,
            Kind::Consent => DeadlineConsequence::Assessment,
            Kind::DisputeFiling => DeadlineConsequence::FinalRejection,
        }
    }
}

impl Deadline {
    /// The first instant that is too late.
    #[must_use]
    pub fn end(&self) -> Option<chrono::DateTime<Utc>> {
        self.clock.expires_at()
    }

    /// Whether it runs and has not passed.
    #[must_use]
    pub fn is_ahead(&self, now: chrono::DateTime<Utc>) -> bool {
        self.end().is_some_and(|end| now < end)
    }
}

/// The deadlines of a claim, the earliest first, those that stand still last.
///
/// # Errors
/// Our own failures.
pub async fn deadlines(ctx: &Context<'_>, row: &ClaimRow) -> Result<Vec<Deadline>> {
    let ask = ctx.ask()?;
    let clocks = ask.loaded(ask.loaders().clocks(row.id).await)?;
    let calendar = ask.loaded(ask.loaders().calendar().await)?;
    let deadline =
        |clock: &Clock| Deadline { clock: clock.clone(), calendar: Arc::clone(&calendar), after_dispute: row.dispute.is_some() };
    let mut all: Vec<_> = clocks.iter().map(deadline).collect();
    all.sort_by_key(|deadline| (deadline.end().is_none(), deadline.end()));
    Ok(all)
}
