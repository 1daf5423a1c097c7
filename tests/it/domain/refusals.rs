//! Every code of the catalogue, produced at least once, with the path that the client is pointed to.

use std::collections::BTreeSet;

use cpor::domain::actor::Actor;
use cpor::domain::command::{Command, Create, DetailsInput, ProductInput};
use cpor::domain::create;
use cpor::domain::facts::{DirectoryFacts, SubscriptionFacts, TenantFacts};
use cpor::domain::ids::{ClaimNumber, UploadId};
use cpor::domain::product::{Activity, ProductCode};
use cpor::domain::reason::RejectionReason;
use cpor::domain::refusal::{Code, Path, Refusal, Segment, Violation};

use super::cast::{NORA, anna, lena, rita, rolf, ulrich};
use super::moves::{add_product, approve, assign, attach, creation, dispute, document, reject, submit, update};
use super::situations::{action_required, business_draft, disputed, draft, rejected, submitted, under_review};
use super::story::Story;
use super::world::{
    UPLOAD, World, contact, faultless, faultless_business, key_of, product, subscribed, subscription, tenant, utc,
};

/// What was refused or warned of: code and path, `products[0].subscriptionId`.
type Told = Vec<(Code, String)>;

fn written(path: &Path) -> String {
    path.iter().fold(String::new(), |text, segment| match segment {
        Segment::Name(name) if text.is_empty() => (*name).to_owned(),
        Segment::Name(name) => format!("{text}.{name}"),
        Segment::Index(index) => format!("{text}[{index}]"),
    })
}

fn told(refusal: &Refusal) -> Told {
    refusal.violations.iter().map(|Violation { code, path, .. }| (*code, written(path))).collect()
}

fn refused(mut story: Story, actor: &Actor, command: Command) -> Told {
    told(&story.tries(actor, &command).unwrap_err())
}

fn warned(mut story: Story) -> Told {
    let decision = story.tries(&anna(), &submit()).unwrap();
    decision.warnings.iter().map(|warning| (warning.code, written(&warning.path))).collect()
}

/// What the submission of a draft with these fields and products is told.
fn submission(details: DetailsInput, products: Vec<ProductInput>) -> Told {
    let story = Story::begin(World::default(), "2021-09-13 10:00", &Create { details, products, ..creation() });
    refused(story.then(&anna(), attach(1)), &anna(), submit())
}

fn faultless_but(change: impl FnOnce(&mut DetailsInput)) -> Told {
    let mut details = faultless();
    change(&mut details);
    submission(details, vec![product(1, "EXCHANGE_ONLINE")])
}

fn creation_but(change: impl FnOnce(&mut Create)) -> Told {
    let mut command = creation();
    change(&mut command);
    let facts = World::default().facts;
    told(&create(&command, ClaimNumber(100_001), &anna(), &facts, utc("2021-09-13 10:00")).unwrap_err())
}

fn known(change: impl FnOnce(&mut SubscriptionFacts)) -> Told {
    let mut facts = SubscriptionFacts { tenant: tenant(), is_csp: false, is_provisioned: true, is_active: true };
    change(&mut facts);
    let mut story = business_draft();
    let subscriptions = [(subscription(), facts)].into();
    story.world.facts.directory = Some(DirectoryFacts { tenant: None, subscriptions });
    refused(story, &anna(), submit())
}

fn with_tenant(domain: &str, workload: &str) -> Told {
    let mut story = draft();
    let domains = [cpor::domain::details::Domain::parse(domain).unwrap()].into();
    let products = [ProductCode(workload.to_owned())].into();
    let tenant = Some(TenantFacts { domains, products });
    story.world.facts.directory = Some(DirectoryFacts { tenant, ..DirectoryFacts::default() });
    refused(story, &anna(), submit())
}

fn with_facts(mut story: Story, change: impl FnOnce(&mut cpor::domain::facts::Facts)) -> Story {
    change(&mut story.world.facts);
    story
}

fn clear<T>(field: &mut Option<Option<T>>) {
    *field = None;
}

/// The faults of what a client writes.
fn faults_of_input() -> Vec<(Code, &'static str, Told)> {
    let bad_guid = |details: &mut DetailsInput| details.tenant_id = Some(Some("{not-a-guid}".to_owned()));
    let too_long = |details: &mut DetailsInput| details.name = Some(Some("x".repeat(201)));
    let presales = |details: &mut DetailsInput| details.activities = Some(BTreeSet::from([Activity::Presales]));
    let all = DetailsInput { activities: Some(Activity::ALL.iter().copied().collect()), ..faultless_business() };
    let stranger = Some("9999999".to_owned());
    let twice = vec![product(1, "TEAMS"), product(2, "TEAMS")];
    let mut infected = draft();
    infected.world.facts.infected = [UPLOAD].into();
    let mut unknown_upload = document(2);
    unknown_upload.upload = UploadId(uuid::Uuid::from_u128(0xBAD));
    let mut unknown_line = document(2);
    unknown_line.covers.insert(super::world::line(9));
    vec![
        (Code::RequiredFieldMissing, "name", faultless_but(|details| clear(&mut details.name))),
        (Code::RequiredFieldMissing, "location", creation_but(|command| command.details.location = None)),
        (Code::InvalidFormat, "tenantId", creation_but(|command| bad_guid(&mut command.details))),
        (Code::TooLong, "name", creation_but(|command| too_long(&mut command.details))),
        (Code::PartnerLocationForbidden, "location", creation_but(|command| command.details.location = stranger)),
        (Code::ActivityNotInArea, "activities", faultless_but(presales)),
        (Code::ActivityCombinationInvalid, "activities", submission(all, vec![subscribed(1, "SALES")])),
        (Code::ProductNotEligible, "products[0].product", submission(faultless(), vec![product(1, "YAMMER")])),
        (Code::ProductNotEligible, "products[0].product", submission(faultless(), vec![product(1, "SALES")])),
        (Code::ProductNotEligible, "add[0].product", refused(draft(), &anna(), add_product(2, "WORD_PERFECT"))),
        (Code::DuplicateProduct, "products[1]", creation_but(|command| command.products = twice)),
        (Code::SubscriptionRequired, "products[0].subscriptionId", submission(faultless_business(), vec![product(1, "SALES")])),
        (Code::PoeRequired, "documents", refused(Story::new(), &anna(), submit())),
        (Code::UploadNotFound, "uploadId", refused(draft(), &anna(), Command::AttachDocument(Box::new(unknown_upload)))),
        (Code::FileInfected, "uploadId", refused(infected, &anna(), attach(2))),
        (Code::UnknownReference, "covers[0]", refused(draft(), &anna(), Command::AttachDocument(Box::new(unknown_line)))),
        (Code::AttestationRequired, "attestationAccepted", refused(draft(), &anna(), Command::Submit { attestation: false })),
        (Code::ReasonNotAllowed, "reason", {
            let (reason, comment) = (RejectionReason::CustomerDeclined, "He said so.".to_owned());
            refused(under_review(), &rita(), Command::Reject { reason, comment, findings: Vec::new() })
        }),
        (Code::AssigneeNotEligible, "assigneeId", refused(submitted(), &lena(), assign(NORA))),
    ]
}

/// What the world outside the claim has against it.
fn faults_of_the_world() -> Vec<(Code, &'static str, Told)> {
    let mine = |facts: &mut cpor::domain::facts::Facts| {
        facts.own_claims.insert(key_of("EXCHANGE_ONLINE"), ClaimNumber(100_000));
    };
    let line = "products[0].subscriptionId";
    vec![
        (Code::AlreadyClaimedByYou, "products[0]", refused(with_facts(draft(), mine), &anna(), submit())),
        (Code::AlreadyClaimedByYou, "products[0]", refused(with_facts(rejected(), mine), &anna(), dispute())),
        (Code::AlreadyClaimedByYou, "products[0]", refused(with_facts(submitted(), mine), &anna(), add_product(2, "TEAMS"))),
        (Code::DomainTenantMismatch, "customerDomain", with_tenant("contoso.org", "EXCHANGE_ONLINE")),
        (Code::ProductNotOnTenant, "products[0].product", with_tenant("contoso.com", "TEAMS")),
        (Code::SubscriptionWrongTenant, line, known(|facts| facts.tenant.0 = uuid::Uuid::from_u128(9))),
        (Code::SubscriptionIsCsp, line, known(|facts| facts.is_csp = true)),
        (Code::SubscriptionNotProvisioned, line, known(|facts| facts.is_provisioned = false)),
        (Code::SubscriptionInactive, line, known(|facts| facts.is_active = false)),
        (Code::CompetingClaim, "products[0]", {
            warned(with_facts(draft(), |facts| facts.competing_keys.extend([key_of("EXCHANGE_ONLINE")])))
        }),
        (Code::ContactDomainMismatch, "customerContact.email", {
            let carla = Some(Some(contact("Carla Contoso", "carla@gmail.example")));
            warned(draft().then(&anna(), update(DetailsInput { customer_contact: carla, ..DetailsInput::default() })))
        }),
        (Code::KeyHeld, "", {
            let held = with_facts(under_review(), |facts| facts.held_keys.extend([key_of("EXCHANGE_ONLINE")]));
            refused(held, &rita(), approve())
        }),
        (Code::ArbitrationOpen, "", {
            refused(with_facts(under_review(), |facts| facts.arbitration_open = true), &rita(), approve())
        }),
    ]
}

/// What the life cycle does not allow.
fn faults_of_the_time() -> Vec<(Code, &'static str, Told)> {
    let rename = update(DetailsInput { name: Some(Some("Another name".to_owned())), ..DetailsInput::default() });
    let twenty = (2..=20).fold(draft(), |story, n| story.then(&anna(), attach(n)));
    let nora = super::cast::everybody().into_iter().find(|(who, _)| who.starts_with("Nora")).unwrap().1;
    vec![
        (Code::StateConflict, "", refused(submitted(), &rita(), reject())),
        (Code::DeadlinePassed, "", refused(action_required().on("2021-09-21 00:00"), &anna(), Command::Resubmit)),
        (Code::DisputeAlreadyUsed, "", refused(disputed(), &anna(), dispute())),
        (Code::NotDisputable, "", refused(submitted().then(&anna(), super::moves::withdraw()), &anna(), dispute())),
        (Code::NotAssigned, "", refused(under_review(), &rolf(), reject())),
        (Code::FieldNotEditable, "name", refused(submitted(), &anna(), rename)),
        (Code::NothingChanged, "", refused(action_required(), &anna(), Command::Resubmit)),
        (Code::PoeLimitReached, "", refused(twenty, &anna(), attach(21))),
        (Code::Forbidden, "", refused(draft(), &ulrich(), submit())),
        (Code::ConflictOfInterest, "", refused(submitted(), &nora, Command::StartReview)),
    ]
}

/// Codes that the layers around the domain give: they know versions, visibility and idempotency keys.
const OF_OTHER_LAYERS: [Code; 4] = [Code::VersionConflict, Code::NotFound, Code::IdempotencyKeyReused, Code::FileRefused];

#[test]
fn each_fault_is_told_by_its_code_at_its_path_and_nothing_else_is() {
    let cases = [faults_of_input(), faults_of_the_world(), faults_of_the_time()].concat();
    for (code, path, told) in &cases {
        assert_eq!(told, &[(*code, (*path).to_owned())]);
    }
    for code in Code::ALL.iter().filter(|code| !OF_OTHER_LAYERS.contains(code)) {
        assert!(cases.iter().any(|case| case.0 == *code), "{code} has no case");
    }
}

#[test]
fn all_that_is_missing_from_an_empty_draft_is_told_at_once() {
    let location = Some("1234567".to_owned());
    let details = DetailsInput { location, ..DetailsInput::default() };
    let story = Story::begin(World::default(), "2021-09-13 10:00", &Create { details, products: Vec::new(), ..creation() });
    let told = refused(story, &anna(), Command::Submit { attestation: false });
    let paths: Vec<_> = told.iter().map(|(_, path)| path.as_str()).collect();
    let fields = [
        "name",
        "tenantId",
        "customerName",
        "area",
        "activities",
        "customerContact",
        "partnerContact",
        "products",
        "documents",
        "attestationAccepted",
    ];
    assert_eq!(paths, fields);
}

#[test]
fn a_creation_hears_of_every_fault_even_without_a_location() {
    let told = creation_but(|command| {
        command.details.location = None;
        command.details.tenant_id = Some(Some("no guid".to_owned()));
        command.products = vec![product(1, "WORD_PERFECT")];
    });
    let paths: Vec<_> = told.iter().map(|(_, path)| path.as_str()).collect();
    assert_eq!(paths, ["location", "products[0].product", "tenantId"]);
}

#[test]
fn a_field_without_its_form_is_told_once_not_also_as_missing() {
    let nowhere = contact("Carla Contoso", "carla at contoso");
    let told =
        refused(submitted(), &anna(), update(DetailsInput { customer_contact: Some(Some(nowhere)), ..DetailsInput::default() }));
    assert_eq!(told, [(Code::InvalidFormat, "customerContact.email".to_owned())]);
}
