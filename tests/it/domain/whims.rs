//! Commands as random people would give them: mostly sensible, sometimes not.

use cpor::domain::claim::Claim;
use cpor::domain::command::{Command, CommandKind, Create, DetailsInput, ProductInput};
use cpor::domain::ids::{DocumentId, PersonId, ProductLineId};
use cpor::domain::poe::NewDocument;
use cpor::domain::product::Area;
use cpor::domain::reason::{Finding, FindingKind, PartnerReason, RejectionReason};
use uuid::Uuid;

use super::cast::{LENA, NORA, RITA, ROLF};
use super::dice::Dice;
use super::moves::{answer, comment, creation, document, faultless_command, finding, update};
use super::world::{contact, faultless, faultless_business, line, product, subscribed};

const WORKLOADS: [&str; 5] = ["EXCHANGE_ONLINE", "TEAMS", "INTUNE", "YAMMER", "SALES"];
const BUSINESS: [&str; 2] = ["SALES", "FINANCE"];

/// A creation: Microsoft 365 or Business Applications, now and then with almost nothing in it.
pub fn some_creation(dice: &mut Dice) -> Create {
    if dice.one_in(10) {
        let details = DetailsInput { location: Some("1234567".to_owned()), ..DetailsInput::default() };
        return Create { details, products: Vec::new(), ..creation() };
    }
    if dice.one_in(3) {
        return Create { details: faultless_business(), products: vec![subscribed(1, "SALES")], ..creation() };
    }
    creation()
}

/// A command of this kind; its input is faultless more often than not.
pub fn some_command(dice: &mut Dice, kind: CommandKind, claim: &Claim, fresh: u128) -> Command {
    match kind {
        CommandKind::Update => update(some_details(dice)),
        CommandKind::UpdateProducts => some_products(dice, claim, fresh),
        CommandKind::AttachDocument => Command::AttachDocument(Box::new(some_document(dice, claim, fresh))),
        CommandKind::Comment => comment(if dice.one_in(8) { " " } else { "A word." }),
        CommandKind::Submit => Command::Submit { attestation: !dice.one_in(8) },
        CommandKind::Withdraw => Command::Withdraw { reason: *dice.pick(PartnerReason::ALL), comment: None },
        CommandKind::Disassociate => Command::Disassociate { reason: *dice.pick(PartnerReason::ALL), comment: None },
        CommandKind::Dispute => {
            let documents = if dice.one_in(2) { vec![some_document(dice, claim, fresh)] } else { Vec::new() };
            Command::Dispute { justification: dice.one_in(2).then(|| "Look again.".to_owned()), documents }
        }
        CommandKind::RequestAction => {
            let kind = *dice.pick(FindingKind::ALL);
            let findings = if dice.one_in(8) { Vec::new() } else { vec![Finding { kind, ..finding() }] };
            Command::RequestAction { comment: "More, please.".to_owned(), findings }
        }
        CommandKind::Reject => {
            let reason = *dice.pick(RejectionReason::ALL);
            Command::Reject { reason, comment: "No.".to_owned(), findings: Vec::new() }
        }
        CommandKind::Assign => Command::Assign { to: some_reviewer(dice) },
        CommandKind::AnswerAssessment => answer(dice.one_in(2)),
        _ => faultless_command(kind, claim).unwrap_or(Command::Resubmit),
    }
}

fn some_reviewer(dice: &mut Dice) -> Option<PersonId> {
    *dice.pick(&[Some(RITA), Some(ROLF), Some(LENA), Some(NORA), None])
}

fn some_details(dice: &mut Dice) -> DetailsInput {
    let blank = DetailsInput::default;
    let text = |text: &str| Some(Some(text.to_owned()));
    let address = format!("carla{}@contoso.com", dice.below(3));
    match dice.below(9) {
        0 => DetailsInput { name: text("Another name"), ..blank() },
        1 => DetailsInput { location: Some((*dice.pick(&["1234567", "7654321", "9999999", "x"])).to_owned()), ..blank() },
        2 => DetailsInput { customer_contact: Some(Some(contact("Carla Contoso", &address))), ..blank() },
        3 => DetailsInput { customer_contact: Some(None), ..blank() },
        4 => DetailsInput { partner_contact: Some(Some(contact("Ann", "not an address"))), ..blank() },
        5 => DetailsInput { external_reference: text(&address), tags: Some(vec![address]), ..blank() },
        6 => DetailsInput { area: Some(Some(*dice.pick(Area::ALL))), ..blank() },
        7 => faultless_business(),
        _ => faultless(),
    }
}

fn some_products(dice: &mut Dice, claim: &Claim, fresh: u128) -> Command {
    let business = claim.details.area == Some(Area::BusinessApplications);
    let input = |dice: &mut Dice| -> ProductInput {
        let is_subscribed = business != dice.one_in(10);
        let code = if is_subscribed { *dice.pick(&BUSINESS) } else { *dice.pick(&WORKLOADS) };
        if is_subscribed { subscribed(fresh, code) } else { product(fresh, code) }
    };
    let known = |dice: &mut Dice| -> ProductLineId {
        if claim.products.is_empty() || dice.one_in(10) { line(0xBAD) } else { dice.pick(&claim.products).id }
    };
    let add = if dice.one_in(2) { vec![input(dice)] } else { Vec::new() };
    let replace = if dice.one_in(3) { vec![(known(dice), input(dice))] } else { Vec::new() };
    let remove = if dice.one_in(3) { vec![known(dice)] } else { Vec::new() };
    Command::UpdateProducts { add, replace, remove }
}

fn some_document(dice: &mut Dice, claim: &Claim, fresh: u128) -> NewDocument {
    let old = if claim.documents.is_empty() || !dice.one_in(3) { None } else { Some(dice.pick(&claim.documents).id) };
    NewDocument { id: DocumentId(Uuid::from_u128(0xD0_0000 + fresh)), supersedes: old, ..document(0) }
}
