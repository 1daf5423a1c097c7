//! The documents of the demo's claims: what they say, and what some of them fail to say.

use chrono::{Days, NaiveDate};

use super::pdf::Page;
use crate::domain::poe::DocumentKind;

/// A document that a partner may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paper {
    /// A statement of work as it should be.
    Statement,
    /// One that the customer has not signed.
    UnsignedStatement,
    /// One from years ago.
    OldStatement,
    /// One that does not describe the work.
    ThinStatement,
    /// One that forgets a product.
    PartialStatement,
    /// Something else altogether.
    UnrelatedFile,
    /// A contract.
    Contract,
    /// An e-mail of the customer.
    CustomerMail,
    /// Hours worked, as a table.
    HoursSheet,
    /// Minutes of a meeting.
    Minutes,
    /// A report at the end of the project.
    Report,
    /// A disclosure, as the public sector requires it.
    Disclosure,
}

/// What documents tell about a claim.
pub(super) struct Told<'a> {
    pub customer: &'a str,
    pub tenant: String,
    pub domain: &'a str,
    pub contact: &'a str,
    pub contact_title: &'a str,
    pub contact_email: &'a str,
    pub partner: &'a str,
    pub partner_contact: &'a str,
    pub partner_email: &'a str,
    pub location: &'a str,
    pub products: Vec<String>,
    pub work: &'a str,
    /// The day on which the document is attached.
    pub today: NaiveDate,
}

/// A file and what the partner says about it.
pub(super) struct File {
    pub name: String,
    pub bytes: Vec<u8>,
    pub kind: DocumentKind,
    pub description: &'static str,
    pub signed_on: Option<NaiveDate>,
}

impl Paper {
    /// The file for a claim.
    pub fn file(self, told: &Told<'_>) -> File {
        let recent = told.today.checked_sub_days(Days::new(12)).unwrap_or(told.today);
        let old = told.today.checked_sub_days(Days::new(820)).unwrap_or(told.today);
        use DocumentKind as Kind;
        let (stem, bytes, kind, description, signed_on) = match self {
            Self::Statement => {
                let bytes = statement(told, recent, true, true, 0);
                ("statement-of-work.pdf", bytes, Kind::StatementOfWork, "Statement of work, signed by both sides", Some(recent))
            }
            Self::UnsignedStatement => {
                let bytes = statement(told, recent, false, true, 0);
                ("statement-of-work-draft.pdf", bytes, Kind::StatementOfWork, "Statement of work", None)
            }
            Self::OldStatement => {
                let bytes = statement(told, old, true, true, 0);
                ("statement-of-work.pdf", bytes, Kind::StatementOfWork, "Statement of work", Some(old))
            }
            Self::ThinStatement => {
                let bytes = statement(told, recent, true, false, 0);
                ("agreement.pdf", bytes, Kind::StatementOfWork, "Agreement with the customer", Some(recent))
            }
            Self::PartialStatement => {
                let bytes = statement(told, recent, true, true, 1);
                ("statement-of-work.pdf", bytes, Kind::StatementOfWork, "Statement of work", Some(recent))
            }
            Self::UnrelatedFile => ("canteen-menu.pdf", unrelated(), Kind::Other, "Proof of execution", None),
            Self::Contract => ("contract.pdf", contract(told, recent), Kind::Contract, "Framework contract", Some(recent)),
            Self::CustomerMail => {
                let description = "The customer confirms the work";
                ("customer-confirmation.eml", mail(told, recent), Kind::CustomerEmail, description, None)
            }
            Self::HoursSheet => ("hours.csv", hours(told, recent), Kind::ProjectReport, "Hours worked, by consultant", None),
            Self::Minutes => ("minutes.txt", minutes(told), Kind::Other, "Minutes of the meeting with the customer", None),
            Self::Report => {
                ("project-report.pdf", report(told), Kind::ProjectReport, "Report at the end of the rollout", Some(told.today))
            }
            Self::Disclosure => {
                let description = "Disclosure of the partner's role in the tender";
                ("disclosure.pdf", disclosure(told, recent), Kind::PublicSectorDisclosure, description, Some(recent))
            }
        };
        let owner = told.domain.split('.').next().unwrap_or_default();
        File { name: format!("{owner}-{stem}"), bytes, kind, description, signed_on }
    }
}

fn parties(page: &mut Page, told: &Told<'_>) {
    page.field("Customer", told.customer);
    page.field("Tenant id", &told.tenant);
    page.field("Domain", told.domain);
    page.field("Partner", told.partner);
    page.field("Partner location", told.location);
}

fn signatures(page: &mut Page, told: &Told<'_>, date: NaiveDate, customer_signed: bool) {
    let ours = format!("For {}, {date}", told.partner);
    let theirs = if customer_signed {
        format!("For {}: {}, {date}", told.customer, told.contact_title)
    } else {
        format!("For {} (name, date)", told.customer)
    };
    page.signature(0, Some(told.partner_contact), &ours);
    page.signature(1, customer_signed.then_some(told.contact), &theirs);
}

/// A statement of work that leaves out the last `forgotten` products.
fn statement(told: &Told<'_>, date: NaiveDate, customer_signed: bool, describes_work: bool, forgotten: usize) -> Vec<u8> {
    let mut page = Page::titled("Statement of work", &format!("Agreed on {date} between {} and {}", told.customer, told.partner));
    parties(&mut page, told);
    page.field("Date", &date.to_string());
    page.heading("1. Products");
    let named = told.products.len().saturating_sub(forgotten).max(usize::from(forgotten == 0));
    for product in told.products.iter().take(named) {
        page.item(product);
    }
    page.heading("2. Services of the partner");
    if describes_work {
        page.paragraph(told.work);
        page.paragraph("The partner reports once a month on active usage and on open points. Work is done remotely, with two visits on site.");
    } else {
        page.paragraph("The parties will work together in the spirit of partnership. Details are agreed as the need arises.");
    }
    page.heading("3. Acknowledgment");
    page.paragraph(&format!(
        "{} acknowledges {} as its partner for the products named above and agrees that the partner is associated with its tenant.",
        told.customer, told.partner
    ));
    signatures(&mut page, told, date, customer_signed);
    page.into_file()
}

fn contract(told: &Told<'_>, date: NaiveDate) -> Vec<u8> {
    let mut page = Page::titled("Framework contract", &format!("No. {}-{}", date.format("%Y%m"), told.products.len() + 17));
    parties(&mut page, told);
    page.heading("Subject");
    page.paragraph(told.work);
    page.heading("Products covered");
    for product in &told.products {
        page.item(product);
    }
    page.heading("Term");
    page.paragraph(&format!("From {date} for twenty-four months, extended by twelve months unless ended three months before."));
    signatures(&mut page, told, date, true);
    page.into_file()
}

fn report(told: &Told<'_>) -> Vec<u8> {
    let mut page = Page::titled("Project report", &format!("{} for {}, {}", told.partner, told.customer, told.today));
    parties(&mut page, told);
    page.heading("What was done");
    page.paragraph(told.work);
    page.heading("Products in use");
    for product in &told.products {
        page.item(product);
    }
    page.heading("Result");
    page.paragraph("Key users are trained, the old system is read-only, and support has moved to the partner's service desk.");
    signatures(&mut page, told, told.today, true);
    page.into_file()
}

fn disclosure(told: &Told<'_>, date: NaiveDate) -> Vec<u8> {
    let mut page = Page::titled("Public sector disclosure", &format!("Filed by {} on {date}", told.partner));
    parties(&mut page, told);
    page.heading("Disclosure");
    page.paragraph(&format!(
        "{} discloses to {} that it may receive incentives for the products below in connection with its services.",
        told.partner, told.customer
    ));
    for product in &told.products {
        page.item(product);
    }
    page.heading("Services");
    page.paragraph(told.work);
    signatures(&mut page, told, date, true);
    page.into_file()
}

fn unrelated() -> Vec<u8> {
    let mut page = Page::titled("Canteen, this week", "Vegetarian dishes every day");
    for (day, dish) in
        [("Monday", "Lentil soup, bread"), ("Tuesday", "Pierogi"), ("Wednesday", "Risotto"), ("Thursday", "Fish, potatoes")]
    {
        page.field(day, dish);
    }
    page.into_file()
}

fn mail(told: &Told<'_>, date: NaiveDate) -> Vec<u8> {
    let Told { contact, contact_email, contact_title, partner, partner_contact, partner_email, customer, tenant, domain, .. } =
        told;
    let products = told.products.join(", ");
    format!(
        "From: {contact_email}\r\nTo: {partner_email}\r\nDate: {}\r\nSubject: Our work together\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n\
         Dear {partner_contact},\r\n\r\n\
         I confirm that {partner} works with us on {products} (tenant {tenant}, {domain}) and may be\r\n\
         associated with our tenant as our partner.\r\n\r\n{}\r\n\r\nKind regards\r\n{contact}\r\n{contact_title}, {customer}\r\n",
        date.format("%a, %d %b %Y 09:12:00 +0000"),
        told.work
    )
    .into_bytes()
}

fn hours(told: &Told<'_>, from: NaiveDate) -> Vec<u8> {
    let mut table = "date;consultant;product;hours;task\n".to_owned();
    let tasks = ["workshop", "configuration", "migration", "training", "support"];
    for (index, (day, task)) in from.iter_days().zip(tasks).enumerate() {
        let product = told.products.get(index % told.products.len().max(1)).map_or("", String::as_str);
        table.push_str(&format!("{day};{};{product};{}.5;{task}\n", told.partner_contact, 3 + index));
    }
    table.into_bytes()
}

fn minutes(told: &Told<'_>) -> Vec<u8> {
    format!(
        "Minutes, {}\n\nPresent: {} ({}), {} ({})\n\n1. State of the rollout\n   {}\n\n2. Products in use\n   {}\n\n\
         3. Next steps\n   Training of the second group of key users; acceptance by the end of the month.\n",
        told.today,
        told.contact,
        told.customer,
        told.partner_contact,
        told.partner,
        told.work,
        told.products.join("\n   ")
    )
    .into_bytes()
}
