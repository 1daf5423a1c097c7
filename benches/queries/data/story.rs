//! What happened to one claim: true events, folded by the domain itself, so that the rows are what the server would have written.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use cpor::domain::actor::{Author, Role};
use cpor::domain::claim::Claim;
use cpor::domain::clock::{Clock, ClockChange, ClockKind, ClockState};
use cpor::domain::details::{Contact, Details, Domain, EmailAddress, MpnId};
use cpor::domain::event::{Event, What};
use cpor::domain::ids::{
    ClaimId, ClaimNumber, CommentId, DocumentId, OrganizationId, PersonId, ProductLineId, TenantId, UploadId,
};
use cpor::domain::poe::{Document, DocumentKind, FileFacts};
use cpor::domain::product::{Activity, Area, ProductCode, ProductLine};
use sha2::{Digest, Sha256};

use super::cast::{Cast, Kind, Of, PARTS, REVIEWERS, location, mixed, name, pick, quoted};

const WORKLOADS: [&str; 10] = [
    "EXCHANGE_ONLINE",
    "SHAREPOINT_ONLINE",
    "TEAMS",
    "MICROSOFT_365_APPS",
    "YAMMER",
    "INTUNE",
    "AZURE_AD_PREMIUM",
    "AZURE_INFORMATION_PROTECTION",
    "DEFENDER_FOR_OFFICE_365",
    "DEFENDER_FOR_IDENTITY",
];
const CUSTOMERS: [&str; 8] = [
    "Adventure Works",
    "Żabka Logistyka",
    "Wide World Importers",
    "Proseware",
    "Margie's Travel",
    "Litware",
    "Trey Research",
    "Æro Bank",
];
const SENTENCES: [&str; 6] = [
    "The statement of work is signed on page 4.",
    "Please name the workloads in the project report.",
    "The customer confirmed the migration by e-mail last week.",
    "We have added the acceptance protocol of the second phase.",
    "The tenant id on the cover sheet is not that of the claim.",
    "Thank you, that is all we need for now.",
];
/// When the clocks of the data run out, in seconds since 1970: long after every run (2100-01-01).
const END_SECONDS: i64 = 4_102_444_800;

/// A claim and how it came to be so.
pub struct Story {
    pub claim: Claim,
    /// Each event, with the claim's version and status after it.
    pub events: Vec<(Event, i32, &'static str)>,
}

struct Teller {
    cast: Cast,
    claim: u64,
    at: DateTime<Utc>,
    story: Option<Story>,
}

/// The story of a claim.
pub fn story(cast: Cast, claim: u64) -> Option<Story> {
    let mut teller = Teller { cast, claim, at: cast.created_at(claim), story: None };
    let kind = cast.kind(claim);
    let (products, documents, comments) = match kind {
        Kind::UnderReview => (6, 5, 10),
        Kind::Submitted => (2, 1, 3),
        Kind::Editing => (2, 1, 0),
    };
    teller.create(products);
    (0..documents).for_each(|number| teller.attach(number));
    if kind != Kind::Editing {
        let clocks = vec![clock(ClockKind::PickUp, teller.at), clock(ClockKind::TotalDecision, teller.at)];
        let by = teller.partner(0);
        teller.tell(by, What::Submitted { policy: "2020".to_owned() }, clocks);
    }
    if kind == Kind::UnderReview {
        let by = teller.reviewer();
        let clocks = vec![ClockChange::Ended(ClockKind::PickUp), clock(ClockKind::Review, teller.at)];
        let Author::Person { id, .. } = by else { return None };
        teller.tell(by, What::ReviewStarted { reviewer: id }, clocks);
    }
    (0..comments).for_each(|number| teller.comment(number));
    teller.story
}

impl Teller {
    fn tell(&mut self, by: Author, what: What, clocks: Vec<ClockChange>) {
        let event = Event { at: self.at, by, what, clocks };
        self.at += TimeDelta::minutes(37) + TimeDelta::microseconds(123_457);
        match &mut self.story {
            None => {
                let claim = Claim::from_created(&event);
                self.story = claim.map(|claim| Story { events: vec![(event, claim.version, claim.status.code())], claim });
            }
            Some(story) => {
                story.claim.apply(&event);
                story.events.push((event, story.claim.version, story.claim.status.code()));
            }
        }
    }

    fn organization(&self) -> u64 {
        self.cast.organization_of(self.claim)
    }

    fn partner(&self, draw: u64) -> Author {
        let person = self.cast.person_of(self.organization(), mixed(self.claim).wrapping_add(draw));
        Author::Person { id: PersonId(self.cast.id(Of::Person, person)), role: Role::IncentivesAdmin }
    }

    fn reviewer(&self) -> Author {
        let reviewer = mixed(self.claim) % REVIEWERS;
        Author::Person { id: PersonId(self.cast.id(Of::Reviewer, reviewer)), role: Role::Reviewer }
    }

    /// The number of a part of this claim.
    fn part(&self, number: u64) -> u64 {
        self.claim * PARTS + number
    }

    fn create(&mut self, products: u64) {
        let organization = self.organization();
        let line = |number| ProductLine {
            id: ProductLineId(self.cast.id(Of::Line, self.part(number))),
            product: ProductCode(pick(&WORKLOADS, self.claim + number).to_owned()),
            subscription: None,
        };
        let products = (0..products).map(line).collect();
        let what = What::Created {
            id: ClaimId(self.cast.id(Of::Claim, self.claim)),
            number: ClaimNumber(i64::try_from(quoted(self.claim)).unwrap_or(i64::MAX)),
            organization: OrganizationId(self.cast.id(Of::Organization, organization)),
            details: Box::new(self.details(organization)),
            products,
        };
        let by = self.partner(0);
        self.tell(by, what, Vec::new());
    }

    fn details(&self, organization: u64) -> Details {
        let draw = mixed(self.claim);
        let customer = format!("{} {}", pick(&CUSTOMERS, draw), draw % 9_000);
        let host = format!("customer{}.example", self.claim);
        let contact = |number: u64, host: &str, title: Option<&str>| Contact {
            name: Some(name(number)),
            title: title.map(str::to_owned),
            email: EmailAddress::parse(&format!("contact{}@{host}", number % 1_000)),
        };
        Details {
            name: Some(format!("Rollout of workloads, phase {}", 1 + draw % 5)),
            location: MpnId::parse(&location(organization, draw)).unwrap_or_else(|| unreachable!("digits are an MPN id")),
            tenant: Some(TenantId(self.cast.id(Of::Tenant, self.claim))),
            customer_domain: Domain::parse(&host),
            customer_name: Some(customer),
            area: Some(Area::Microsoft365),
            activities: BTreeSet::from([Activity::Usage]),
            customer_contact: Some(contact(draw, &host, Some("Head of IT"))),
            technical_contact: None,
            partner_contact: Some(contact(draw / 7, &format!("partner{organization}.example"), None)),
            external_reference: Some(format!("PO-{}", draw % 1_000_000)),
            tags: BTreeSet::from([format!("wave-{}", draw % 40)]),
        }
    }

    fn attach(&mut self, number: u64) {
        let part = self.part(number);
        let by = self.partner(number);
        let Author::Person { id: attached_by, .. } = by else { return };
        let document = Document {
            id: DocumentId(self.cast.id(Of::Document, part)),
            upload: UploadId(self.cast.id(Of::Upload, part)),
            file: FileFacts {
                name: format!("statement-of-work-{}.pdf", number + 1),
                media_type: "application/pdf".to_owned(),
                size_bytes: 20_000 + i64::try_from(mixed(part) % 900_000).unwrap_or_default(),
                sha256: Sha256::digest(part.to_be_bytes()).into(),
            },
            kind: DocumentKind::StatementOfWork,
            description: Some(pick(&SENTENCES, part).to_owned()),
            covers: BTreeSet::new(),
            signed_on: Some(self.at.date_naive()),
            attached_at: self.at,
            attached_by,
            in_dispute: false,
            superseded_by: None,
        };
        self.tell(by, What::DocumentAttached { document: Box::new(document), supersedes: None }, Vec::new());
    }

    fn comment(&mut self, number: u64) {
        let part = self.part(number);
        let by = if self.cast.kind(self.claim) == Kind::UnderReview && number % 2 == 1 {
            self.reviewer()
        } else {
            self.partner(number)
        };
        let body = format!("{} {}", pick(&SENTENCES, mixed(part)), pick(&SENTENCES, mixed(part) / 6));
        self.tell(by, What::Commented { id: CommentId(self.cast.id(Of::Comment, part)), body }, Vec::new());
    }
}

fn clock(kind: ClockKind, at: DateTime<Utc>) -> ClockChange {
    let expires_at = DateTime::from_timestamp(END_SECONDS, 0).unwrap_or_default();
    let state = ClockState::Running { expires_at };
    ClockChange::Started(Clock { kind, laid_out_at: at, days: 5, state, overdue_recorded: false, reminders: Vec::new() })
}
