//! Creating, editing and dropping: T1, T3, T4.

use std::collections::BTreeSet;

use super::{Case, Decision, decided, is_within};
use crate::domain::actor::Actor;
use crate::domain::claim::Claim;
use crate::domain::command::{CommandKind, Create, DetailsInput, ProductInput};
use crate::domain::details::{Changed, Details, Field, FieldChange, MpnId};
use crate::domain::event::{Event, What};
use crate::domain::facts::{Facts, Rules};
use crate::domain::form::{Reader, item, name};
use crate::domain::ids::{ClaimNumber, ProductLineId};
use crate::domain::notice::{Audience, NoticeKind};
use crate::domain::product::ProductLine;
use crate::domain::refusal::{Code, Detail, Refusal, Violation};
use crate::domain::status::Status;
use crate::domain::validate::{Validation, duplicate_lines};

/// The fields that the claim's status and policy let a partner change now.
#[must_use]
pub fn editable_fields(claim: &Claim, rules: &Rules<'_>) -> Vec<Field> {
    let after_submission = || Field::ALL.iter().copied().filter(|field| field.is_editable_after_submission());
    match claim.status {
        Status::Editing => Field::ALL.to_vec(),
        Status::PartnerActionRequired => after_submission().collect(),
        Status::Submitted if rules.policy.edits_when_submitted => after_submission().collect(),
        Status::Submitted => vec![Field::Documents],
        Status::Approved => vec![Field::CustomerContact, Field::Documents],
        Status::UnderReview | Status::Rejected | Status::Disputed | Status::Canceled => Vec::new(),
    }
}

const EDITING_STATES: &[Status] = &[Status::Editing, Status::Submitted, Status::PartnerActionRequired, Status::Approved];

/// Without a location there will be no claim; this one stands in while everything else is read, so that all is told at once.
const STAND_IN: &str = "0";

pub(super) fn create(
    command: &Create,
    number: ClaimNumber,
    actor: &Actor,
    facts: &Facts,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Decision, Refusal> {
    let forbidden = || Refusal::because(Code::Forbidden, Detail::None);
    let person = actor.person().filter(|_| actor.role().may(CommandKind::Create)).ok_or_else(forbidden)?;
    let organization = person.organization.ok_or_else(forbidden)?;
    let mut reader = Reader::default();
    let written = command.details.location.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if written.is_none() {
        reader.refuse(Code::RequiredFieldMissing, name(Field::Location.path()));
    }
    let location = written.and_then(|text| reader.location(text));
    if location.as_ref().is_some_and(|own| !facts.locations.contains(own) || !is_within(person, own)) {
        reader.refuse(Code::PartnerLocationForbidden, name(Field::Location.path()));
    }
    let products = read_lines(&mut reader, &command.products, facts, Field::Products.path());
    reader.violations.extend(duplicate_lines(&products));
    let Some(mut details) = location.or_else(|| MpnId::parse(STAND_IN)).map(blank) else {
        return Err(Refusal { violations: reader.violations });
    };
    let input = DetailsInput { location: None, ..command.details.clone() };
    reader.changes(&input, &details.clone()).iter().for_each(|change| change.apply(&mut details));
    Refusal::unless_empty(reader.violations)?;
    let created = What::Created { id: command.id, number, organization, details: Box::new(details), products };
    decided(vec![Event { at: now, by: actor.author(), what: created, clocks: Vec::new() }])
}

fn blank(location: MpnId) -> Details {
    Details {
        name: None,
        location,
        tenant: None,
        customer_domain: None,
        customer_name: None,
        area: None,
        activities: BTreeSet::new(),
        customer_contact: None,
        technical_contact: None,
        partner_contact: None,
        external_reference: None,
        tags: BTreeSet::new(),
    }
}

fn read_lines(reader: &mut Reader, inputs: &[ProductInput], facts: &Facts, list: &'static str) -> Vec<ProductLine> {
    inputs.iter().enumerate().filter_map(|(index, input)| reader.line(input, facts, list, index)).collect()
}

pub(super) fn update(case: &Case<'_>, input: &DetailsInput) -> Result<Decision, Refusal> {
    case.in_time_and_status_is(EDITING_STATES)?;
    let editable = editable_fields(case.claim, case.rules);
    if !editable.iter().any(|field| !matches!(field, Field::Documents | Field::Products)) {
        return Err(case.state_conflict());
    }
    let mut reader = Reader::default();
    let changes = reader.changes(input, &case.claim.details);
    if changes.is_empty() && reader.violations.is_empty() {
        return Ok(Decision::default());
    }
    let mut details = case.claim.details.clone();
    changes.iter().for_each(|change| change.apply(&mut details));
    for field in changes.iter().map(FieldChange::field).filter(|field| !editable.contains(field)) {
        reader.refuse(Code::FieldNotEditable, name(field.path()));
    }
    if case.claim.status == Status::Editing {
        if details.location != case.claim.details.location && !case.may_claim_for(&details.location) {
            reader.refuse(Code::PartnerLocationForbidden, name(Field::Location.path()));
        }
    } else if case.claim.status == Status::Approved {
        reader.violations.extend(contact_of_approved(&details));
    } else {
        let in_reach =
            |violation: &Violation| editable.iter().any(|field| *field != Field::Products && violation.is_about(*field));
        merge(&mut reader.violations, Validation::of(case, &details, &case.claim.products), in_reach);
    }
    Refusal::unless_empty(reader.violations)?;
    let new_link = case.claim.status == Status::Approved && case.claim.has_living_association() && moves_contact(&changes);
    let mut events = vec![case.event(What::Edited { changes }, Vec::new())];
    if new_link {
        events.push(case.notice(NoticeKind::ConsentRequest, Audience::Customer));
    }
    decided(events)
}

/// Adds what is not told yet: a field that took no form is also missing, and once is enough.
///
/// Only what is in the command's reach: a fault that came up elsewhere since the submission waits for the command that can mend
/// it, or for the resubmission. Two such faults would otherwise bar each other's repair.
fn merge(told: &mut Vec<Violation>, more: Vec<Violation>, in_reach: impl Fn(&Violation) -> bool) {
    let is_new = |new: &Violation| in_reach(new) && told.iter().all(|old| old.path != new.path);
    let news: Vec<Violation> = more.into_iter().filter(is_new).collect();
    told.extend(news);
}

/// An approved claim keeps a customer contact to whom a link can go.
fn contact_of_approved(details: &Details) -> Vec<Violation> {
    let path = Field::CustomerContact.path();
    let contact = details.customer_contact.as_ref();
    let parts = [
        ("name", contact.is_some_and(|contact| contact.name.is_some())),
        ("title", contact.is_some_and(|contact| contact.title.is_some())),
        ("email", contact.is_some_and(|contact| contact.email.is_some())),
    ];
    let missing = parts.iter().filter(|(_, present)| !present);
    missing.map(|(part, _)| Violation::new(Code::RequiredFieldMissing, crate::domain::form::under(path, part))).collect()
}

/// Whether the customer contact's address changes: the old link is void then.
fn moves_contact(changes: &[FieldChange]) -> bool {
    changes.iter().any(|change| match change {
        FieldChange::CustomerContact(contact) => {
            contact.old.as_ref().map(|old| &old.email) != contact.new.as_ref().map(|new| &new.email)
        }
        _ => false,
    })
}

pub(super) fn update_products(
    case: &Case<'_>,
    add: &[ProductInput],
    replace: &[(ProductLineId, ProductInput)],
    remove: &[ProductLineId],
) -> Result<Decision, Refusal> {
    case.in_time_and_status_is(&[Status::Editing, Status::Submitted, Status::PartnerActionRequired])?;
    if !editable_fields(case.claim, case.rules).contains(&Field::Products) {
        return Err(case.state_conflict());
    }
    let mut reader = Reader::default();
    let added = read_lines(&mut reader, add, case.facts, "add");
    let removed = known_lines(&mut reader, case.claim, remove);
    let mut replaced = Vec::new();
    for (index, (old, input)) in replace.iter().enumerate() {
        let new = reader.line(input, case.facts, "replace", index);
        let is_named_before = remove.contains(old) || replace[..index].iter().any(|(before, _)| before == old);
        match (case.claim.line(*old).filter(|_| !is_named_before), new) {
            (Some(old), Some(new)) => {
                // The line keeps its identity: findings and documents that name it still do.
                replaced.push(Changed { old: old.clone(), new: ProductLine { id: old.id, ..new } });
            }
            (None, _) => reader.refuse(Code::UnknownReference, item("replace", index)),
            (Some(_), None) => {}
        }
    }
    replaced.retain(|change| change.old != change.new);
    let what = What::ProductsChanged { added, replaced, removed };
    let mut candidate = case.claim.clone();
    candidate.apply(&case.event(what.clone(), Vec::new()));
    if candidate.products == case.claim.products && reader.violations.is_empty() {
        return Ok(Decision::default());
    }
    reader.violations.extend(duplicate_lines(&candidate.products));
    if case.claim.status != Status::Editing {
        let in_reach = |violation: &Violation| violation.is_about(Field::Products);
        merge(&mut reader.violations, Validation::of(case, &candidate.details, &candidate.products), in_reach);
    }
    Refusal::unless_empty(reader.violations)?;
    decided(vec![case.event(what, Vec::new())])
}

fn known_lines(reader: &mut Reader, claim: &Claim, ids: &[ProductLineId]) -> Vec<ProductLine> {
    let mut lines: Vec<ProductLine> = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        match claim.line(*id) {
            Some(line) if lines.iter().all(|other| other.id != *id) => lines.push(line.clone()),
            Some(_) => {}
            None => reader.refuse(Code::UnknownReference, item("remove", index)),
        }
    }
    lines
}

pub(super) fn cancel(case: &Case<'_>) -> Result<Decision, Refusal> {
    case.status_is(&[Status::Editing])?;
    decided(vec![case.event(What::Canceled, Vec::new())])
}
