//! What a reviewer checks in the proof of execution (`domain.md`, section 7), as far as it can be told before anybody reads it.
//!
//! The one list for both sides: the partner sees what is missing before submitting, the reviewer ticks it off, and findings come from it.

use chrono::{Months, NaiveDate};

use super::closed::closed_list;
use super::ids::ProductLineId;
use super::poe::{Document, DocumentKind};
use super::product::ProductLine;
use super::reason::{Finding, FindingKind};

/// How old dates may be at the first submission, in months.
pub const MAX_AGE_MONTHS: u32 = 12;

closed_list! {
    /// What the proof of execution must show.
    Requirement {
        /// It is the right file, for this claim.
        RightFile = "RIGHT_FILE",
        /// It names the customer, the domain and the tenant as the claim does.
        CustomerIdentified = "CUSTOMER_IDENTIFIED",
        /// The customer signed.
        CustomerSignature = "CUSTOMER_SIGNATURE",
        /// It is dated, not older than 12 months before the first submission.
        RecentDates = "RECENT_DATES",
        /// It describes the partner's work.
        WorkDescribed = "WORK_DESCRIBED",
        /// It names the claimed product.
        ProductNamed = "PRODUCT_NAMED",
    }
}

closed_list! {
    /// How far a requirement is met.
    ItemState {
        /// What the partner said meets it.
        Satisfied = "SATISFIED",
        /// Nothing that the partner said meets it.
        Missing = "MISSING",
        /// Only who reads the documents can tell.
        ToJudge = "TO_JUDGE",
    }
}

impl Requirement {
    /// What a reviewer misses where it is not met.
    #[must_use]
    pub fn finding(self) -> FindingKind {
        match self {
            Self::RightFile | Self::CustomerIdentified => FindingKind::MissingAllPoe,
            Self::CustomerSignature => FindingKind::MissingCustomerAcknowledgment,
            Self::RecentDates => FindingKind::MissingOrOldDates,
            Self::WorkDescribed => FindingKind::MissingPartnerService,
            Self::ProductNamed => FindingKind::MissingProducts,
        }
    }
}

/// A requirement for a claim or one of its products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChecklistItem {
    /// What must be shown.
    pub requirement: Requirement,
    /// The product line concerned; `None` means the whole claim.
    pub product: Option<ProductLineId>,
    /// How far it is.
    pub state: ItemState,
}

impl ChecklistItem {
    /// Whether the claim cannot be submitted because of it: without any document. All else is for the reviewer to judge, however it looks.
    #[must_use]
    pub fn blocks_submission(&self) -> bool {
        self.requirement == Requirement::RightFile && self.state == ItemState::Missing
    }
}

/// A reviewer's tick at a requirement that is not met, as a finding.
#[must_use]
pub fn missed(requirement: Requirement, product: Option<ProductLineId>, words: Option<String>) -> Finding {
    Finding { kind: requirement.finding(), product, words }
}

/// The list for these documents, of which only current ones count, and these products. `submitted_on` is the day of the first submission
/// in the business calendar, or today before it.
#[must_use]
pub fn checklist<'d>(
    documents: impl IntoIterator<Item = &'d Document>,
    products: &[ProductLine],
    submitted_on: NaiveDate,
) -> Vec<ChecklistItem> {
    let current: Vec<&Document> = documents.into_iter().filter(|document| document.superseded_by.is_none()).collect();
    let claim = |requirement, state| ChecklistItem { requirement, product: None, state };
    let mut items = vec![
        claim(Requirement::RightFile, judged(!current.is_empty())),
        claim(Requirement::CustomerIdentified, judged(!current.is_empty())),
        claim(Requirement::CustomerSignature, judged(current.iter().any(|document| may_be_signed(document)))),
        claim(Requirement::RecentDates, dates(&current, submitted_on)),
        claim(Requirement::WorkDescribed, described(&current)),
    ];
    items.extend(products.iter().map(|line| ChecklistItem {
        requirement: Requirement::ProductNamed,
        product: Some(line.id),
        state: named(&current, line.id),
    }));
    items
}

/// What only a reader can tell, once there is something to read.
fn judged(is_there: bool) -> ItemState {
    if is_there { ItemState::ToJudge } else { ItemState::Missing }
}

/// A date of signature is the partner's word that there is one. An e-mail of the customer is its own acknowledgment and has its own date.
fn may_be_signed(document: &Document) -> bool {
    document.signed_on.is_some() || document.kind == DocumentKind::CustomerEmail
}

fn dates(current: &[&Document], submitted_on: NaiveDate) -> ItemState {
    let oldest = submitted_on.checked_sub_months(Months::new(MAX_AGE_MONTHS)).unwrap_or(NaiveDate::MIN);
    let dated: Vec<NaiveDate> = current.iter().filter_map(|document| document.signed_on).collect();
    let recent = dated.iter().filter(|day| **day >= oldest).count();
    match (dated.len(), recent) {
        (0, _) => judged(current.iter().any(|document| may_be_signed(document))),
        (all, recent) if all == recent => ItemState::Satisfied,
        // Old ones beside recent ones: who reads them sees which matter.
        (_, recent) => judged(recent > 0),
    }
}

fn described(current: &[&Document]) -> ItemState {
    let is_described = current.iter().any(|document| document.description.is_some());
    if is_described { ItemState::Satisfied } else { ItemState::Missing }
}

/// A document that the partner says is about this product; one that is about the whole claim may or may not name it.
fn named(current: &[&Document], line: ProductLineId) -> ItemState {
    if current.iter().any(|document| document.covers.contains(&line)) {
        return ItemState::Satisfied;
    }
    judged(current.iter().any(|document| document.covers.is_empty()))
}
