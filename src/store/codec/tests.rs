//! The canonical form, there and back.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::*;
use crate::domain::actor::{Author, Role};
use crate::domain::clock::{Clock, ClockChange, ClockKind, ClockState};
use crate::domain::details::{Changed, Contact, Details, Domain, EmailAddress, FieldChange, MpnId};
use crate::domain::event::{Association, What};
use crate::domain::ids::*;
use crate::domain::notice::{Audience, NoticeKind};
use crate::domain::poe::{Document, DocumentKind, FileFacts};
use crate::domain::product::{Activity, Area, ProductCode, ProductLine};
use crate::domain::reason::{Finding, FindingKind, PartnerReason, RejectionReason};
use crate::domain::status::{AssociationState, EndReason};

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_default()
}

fn contact() -> Contact {
    Contact { name: Some("Ana \"Ruiz\"\n".into()), title: None, email: EmailAddress::parse("ana@contoso.com") }
}

fn details() -> Details {
    Details {
        name: Some("Zażółć 🦀 \\ \u{1}".into()),
        location: MpnId::parse("0012").unwrap_or_else(|| unreachable!()),
        tenant: Some(TenantId(id(7))),
        customer_domain: Domain::parse("contoso.com"),
        customer_name: None,
        area: Some(Area::BusinessApplications),
        activities: BTreeSet::from([Activity::Usage, Activity::Presales]),
        customer_contact: Some(contact()),
        technical_contact: None,
        partner_contact: Some(Contact::default()),
        external_reference: Some(String::new()),
        tags: BTreeSet::from(["b".into(), "a".into()]),
    }
}

fn line(n: u128, subscription: Option<u128>) -> ProductLine {
    ProductLine {
        id: ProductLineId(id(n)),
        product: ProductCode("SALES".into()),
        subscription: subscription.map(|n| SubscriptionId(id(n))),
    }
}

fn document() -> Document {
    Document {
        id: DocumentId(id(20)),
        upload: UploadId(id(21)),
        file: FileFacts { name: "a.pdf".into(), media_type: "application/pdf".into(), size_bytes: 1 << 40, sha256: [0xa5; 32] },
        kind: DocumentKind::Contract,
        description: Some("what".into()),
        covers: BTreeSet::from([ProductLineId(id(1))]),
        signed_on: NaiveDate::from_ymd_opt(2021, 9, 1),
        attached_at: at("2021-09-13T10:00:00.000001Z"),
        attached_by: PersonId(id(3)),
        in_dispute: true,
        superseded_by: None,
    }
}

fn association() -> Association {
    Association {
        id: AssociationId(id(30)),
        line: ProductLineId(id(1)),
        product: ProductCode("SALES".into()),
        subscription: None,
        activity: Activity::RevenueAssociation,
        state: AssociationState::Ended,
        started_at: at("2021-09-13T10:00:00Z"),
        ended_at: Some(at("2021-09-14T10:00:00Z")),
        end_reason: Some(EndReason::Superseded),
    }
}

fn finding() -> Finding {
    Finding { kind: FindingKind::Other, product: Some(ProductLineId(id(1))), words: Some("why".into()) }
}

fn changed<T>(old: T, new: T) -> Changed<T> {
    Changed { old, new }
}

fn every_field_change() -> Vec<FieldChange> {
    let location = details().location;
    vec![
        FieldChange::Name(changed(None, Some("n".into()))),
        FieldChange::Location(changed(location.clone(), location)),
        FieldChange::Tenant(changed(Some(TenantId(id(1))), None)),
        FieldChange::CustomerDomain(changed(None, Domain::parse("a.b"))),
        FieldChange::CustomerName(changed(Some("x".into()), None)),
        FieldChange::Area(changed(None, Some(Area::Microsoft365))),
        FieldChange::Activities(changed(BTreeSet::new(), BTreeSet::from([Activity::Usage]))),
        FieldChange::CustomerContact(changed(None, Some(contact()))),
        FieldChange::TechnicalContact(changed(Some(contact()), None)),
        FieldChange::PartnerContact(changed(Some(contact()), Some(Contact::default()))),
        FieldChange::ExternalReference(changed(None, Some("r".into()))),
        FieldChange::Tags(changed(BTreeSet::from(["t".into()]), BTreeSet::new())),
    ]
}

fn everything_that_happens() -> Vec<What> {
    vec![
        What::Created {
            id: ClaimId(id(1)),
            number: ClaimNumber(100_001),
            organization: OrganizationId(id(2)),
            details: Box::new(details()),
            products: vec![line(1, None), line(2, Some(9))],
        },
        What::Edited { changes: every_field_change() },
        What::ProductsChanged {
            added: vec![line(3, None)],
            replaced: vec![changed(line(1, None), line(1, Some(4)))],
            removed: vec![line(2, Some(9))],
        },
        What::DocumentAttached { document: Box::new(document()), supersedes: Some(DocumentId(id(19))) },
        What::Commented { id: CommentId(id(5)), body: "a\u{2028}b".into() },
        What::Submitted { policy: "2020".into() },
        What::Resubmitted,
        What::Canceled,
        What::ReviewStarted { reviewer: PersonId(id(3)) },
        What::Assigned { from: None, to: Some(PersonId(id(3))) },
        What::ActionRequested { comment: "more".into(), findings: vec![finding()] },
        What::Approved { comment: None, associations: vec![association()] },
        What::Rejected {
            reason: RejectionReason::PartnerRequest,
            partner_reason: Some(PartnerReason::Other),
            comment: Some("c".into()),
            findings: vec![finding()],
            is_final: true,
        },
        What::Disputed { justification: Some("j".into()), excluded: None },
        What::ConsentElapsed,
        What::AssessmentSent,
        What::AssessmentAnswered { eligible: false, reason: Some("r".into()) },
        What::DeadlinePassed { kind: ClockKind::Review },
        What::NoticeQueued { notice: NoticeKind::Approved, audience: Audience::Customer },
    ]
}

fn every_clock_change() -> Vec<ClockChange> {
    let running = ClockState::Running { expires_at: at("2021-09-21T00:00:00Z") };
    let clock = |state| Clock {
        kind: ClockKind::PickUp,
        laid_out_at: at("2021-09-13T10:00:00.123456Z"),
        days: 5,
        state,
        overdue_recorded: true,
        reminders: vec![at("2021-09-17T00:00:00Z"), at("2021-09-20T00:00:00Z")],
    };
    vec![
        ClockChange::Started(clock(running)),
        ClockChange::Paused { kind: ClockKind::TotalDecision, days_left: 7 },
        ClockChange::Resumed(clock(ClockState::Paused { days_left: 0 })),
        ClockChange::Ended(ClockKind::Consent),
    ]
}

fn authors() -> [Author; 3] {
    [Author::Person { id: PersonId(id(3)), role: Role::ReviewLead }, Author::Customer, Author::Clock]
}

#[test]
fn every_event_is_read_as_it_was_written() -> Result<(), StoreError> {
    let clocks = every_clock_change();
    for (index, what) in everything_that_happens().into_iter().enumerate() {
        let by = authors()[index % 3];
        let event = Event { at: at("2021-09-13T10:00:00Z"), by, what, clocks: clocks[..index % 5].to_vec() };
        let body = encode(&event, ClaimId(id(1)), 12);
        let entry = decode(&body)?;
        assert_eq!(entry, Entry { claim: ClaimId(id(1)), seq: 12, event });
        assert_eq!(encode(&entry.event, entry.claim, entry.seq), body, "the form is canonical");
    }
    Ok(())
}

#[test]
fn every_kind_of_event_has_a_code_of_its_own() {
    let all = everything_that_happens();
    let codes: BTreeSet<&str> = all.iter().map(kind).collect();
    assert_eq!(codes.len(), all.len());
    assert_eq!(codes.len(), 19);
}

#[test]
fn the_body_is_one_line_of_sorted_keys() {
    let what = What::Commented { id: CommentId(id(5)), body: "quoted \" and \n".into() };
    let event = Event { at: at("2021-09-13T10:00:00Z"), by: Author::Customer, what, clocks: vec![] };
    assert_eq!(
        encode(&event, ClaimId(id(1)), 3),
        r#"{"at":"2021-09-13T10:00:00.000000Z","by":{"kind":"CUSTOMER"},"claim":"00000000-0000-0000-0000-000000000001","clocks":[],"seq":3,"what":{"body":"quoted \" and \u000a","id":"00000000-0000-0000-0000-000000000005","kind":"COMMENTED"}}"#
    );
}

#[test]
fn a_body_with_a_field_too_many_or_too_few_is_refused() {
    let event = Event { at: at("2021-09-13T10:00:00Z"), by: Author::Clock, what: What::Canceled, clocks: vec![] };
    let body = encode(&event, ClaimId(id(1)), 1);
    assert!(decode(&body).is_ok());
    assert!(decode(&body.replace("\"seq\":1,", "")).is_err());
    assert!(decode(&body.replace("\"seq\":1,", "\"seq\":1,\"sec\":1,")).is_err());
    assert!(decode(&body.replace("\"seq\":1", "\"seq\":1.5")).is_err());
    assert!(decode(&body.replace("CANCELED", "CANCELLED")).is_err());
}

#[test]
fn each_hash_covers_its_predecessor_and_its_body() {
    let first = chain(FIRST_PREDECESSOR, "a");
    assert_ne!(first, chain(FIRST_PREDECESSOR, "b"));
    assert_ne!(chain(first, "b"), chain(FIRST_PREDECESSOR, "b"));
}

#[test]
fn a_clock_without_reminders_has_the_form_it_had_before_there_were_any() {
    let clock = Clock {
        kind: ClockKind::PickUp,
        laid_out_at: at("2021-09-13T10:00:00Z"),
        days: 5,
        state: ClockState::Running { expires_at: at("2021-09-21T00:00:00Z") },
        overdue_recorded: false,
        reminders: Vec::new(),
    };
    let clocks = vec![ClockChange::Started(clock)];
    let event = Event { at: at("2021-09-13T10:00:00Z"), by: Author::Clock, what: What::Resubmitted, clocks };
    let body = encode(&event, ClaimId(id(1)), 3);
    assert!(!body.contains("reminders"), "{body}");
    assert_eq!(decode(&body).ok().map(|entry| entry.event), Some(event));
}
