//! What templates can speak of: the facts of a notice, in the reader's language.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use minijinja::{Value, context};

use crate::domain::calendar::Calendar;
use crate::domain::claim::{Claim, Rejection};
use crate::domain::clock::{Clock, ClockKind};
use crate::domain::notice::NoticeKind;
use crate::domain::product::ProductCode;
use crate::domain::reason::Finding;
use crate::domain::status::Status;
use crate::messages::{Language, Words, dates};
use crate::store::deliveries::Delivery;
use crate::store::outbox::Occasion;

/// What was read to word a notice.
pub(super) struct Facts {
    pub occasion: Occasion,
    pub calendar: Calendar,
    /// The partner organization's name.
    pub partner: String,
    /// The products' names.
    pub products: BTreeMap<ProductCode, String>,
}

/// The values that a template may name. Each is always there, absent ones as `none`.
pub(super) fn context(delivery: &Delivery, facts: &Facts, language: Language, public_url: &str, link: Option<&str>) -> Value {
    let claim = &facts.occasion.claim;
    let notice = delivery.owed.notice;
    let rejection = claim.rejection.as_ref().filter(|_| speaks_of_rejection(notice, claim));
    let deadline = deadline(notice, claim);
    let comment = comment(notice, &facts.occasion, rejection);
    let (last_day, deadline) = match deadline {
        Some(end) => (Some(dates::weekday(facts.calendar.last_day(end), language)), Some(instant(end, &facts.calendar))),
        None => (None, None),
    };
    context! {
        recipient => one_line(&delivery.to.name),
        number => claim.number.to_string(),
        title => claim.details.name.as_deref().map(one_line),
        customer => claim.details.customer_name.as_deref().map(one_line),
        partner => one_line(&facts.partner),
        status => claim.status.words(language),
        day => dates::day(facts.calendar.date_of(delivery.owed.queued_at), language),
        products => Value::from_iter(products(facts, language)),
        findings => Value::from_iter(findings(notice, facts, rejection, language)),
        comment => comment,
        justification => claim.dispute.as_ref().and_then(|dispute| dispute.justification.clone()),
        reason => rejection.map(|rejection| rejection.reason.words(language)),
        partner_reason => rejection.and_then(|rejection| rejection.partner_reason).map(|reason| reason.words(language)),
        disputable => rejection.is_some_and(|rejection| rejection.disputable_until.is_some()),
        last_day => last_day,
        deadline => deadline,
        link => link,
        home => public_url,
    }
}

/// Blanks and control characters become single blanks: a name cannot begin a line, or a header, of its own.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn speaks_of_rejection(notice: NoticeKind, claim: &Claim) -> bool {
    match notice {
        NoticeKind::DisputeDecided => claim.status == Status::Rejected,
        NoticeKind::Rejected | NoticeKind::CustomerDeclined | NoticeKind::DisputeReminder => true,
        _ => false,
    }
}

/// The clock whose end the reader must know.
fn deadline(notice: NoticeKind, claim: &Claim) -> Option<DateTime<Utc>> {
    let end = |kind| claim.clock(kind).and_then(Clock::expires_at);
    match notice {
        NoticeKind::ActionRequired | NoticeKind::ResponseReminder => end(ClockKind::PartnerResponse),
        NoticeKind::Rejected | NoticeKind::DisputeReminder => end(ClockKind::DisputeFiling),
        NoticeKind::Approved | NoticeKind::DisputeDecided | NoticeKind::ConsentRequest => end(ClockKind::Consent),
        _ => None,
    }
}

fn instant(end: DateTime<Utc>, calendar: &Calendar) -> String {
    format!("{} ({})", end.with_timezone(&calendar.time_zone).format("%Y-%m-%d %H:%M"), calendar.time_zone.name())
}

fn comment(notice: NoticeKind, occasion: &Occasion, rejection: Option<&Rejection>) -> Option<String> {
    match notice {
        NoticeKind::ActionRequired | NoticeKind::ResponseReminder => {
            occasion.claim.request.as_ref().map(|request| request.comment.clone())
        }
        NoticeKind::Approved => occasion.approval_comment.clone(),
        NoticeKind::DisputeDecided if rejection.is_none() => occasion.approval_comment.clone(),
        _ => rejection.and_then(|rejection| rejection.comment.clone()),
    }
}

/// Each product with its activities, such as `Teams (usage)`.
fn products(facts: &Facts, language: Language) -> Vec<String> {
    let claim = &facts.occasion.claim;
    let activities: BTreeSet<&str> = claim.details.activities.iter().map(|activity| activity.words(language)).collect();
    let activities = activities.into_iter().collect::<Vec<_>>().join(", ");
    claim.products.iter().map(|line| format!("{} ({activities})", product(facts, &line.product))).collect()
}

fn product(facts: &Facts, code: &ProductCode) -> String {
    facts.products.get(code).map_or_else(|| code.0.clone(), |name| one_line(name))
}

/// What was missing, each finding with its product and the reviewer's words.
fn findings(notice: NoticeKind, facts: &Facts, rejection: Option<&Rejection>, language: Language) -> Vec<String> {
    let claim = &facts.occasion.claim;
    let list: &[Finding] = match notice {
        NoticeKind::ActionRequired | NoticeKind::ResponseReminder => {
            claim.request.as_ref().map_or(&[], |request| &request.findings)
        }
        _ => rejection.map_or(&[], |rejection| &rejection.findings),
    };
    let line = |finding: &Finding| {
        let line = finding.product.and_then(|id| claim.line(id));
        let product = line.map(|line| format!("{}: ", product(facts, &line.product))).unwrap_or_default();
        let words = finding.words.as_deref().map(|words| format!(" – {}", one_line(words))).unwrap_or_default();
        format!("{product}{}{words}", finding.kind.words(language))
    };
    list.iter().map(line).collect()
}
