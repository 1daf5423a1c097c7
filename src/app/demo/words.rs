//! What the demo's people say. `{customer}`, `{product}` and `{partner}` stand for those of the claim.

use crate::domain::reason::{FindingKind, RejectionReason};

use super::random::Random;

pub(super) const CLAIM_NAMES: &[&str] = &[
    "{product} rollout at {customer}",
    "{customer}: {product} adoption",
    "{product} for the whole of {customer}",
    "{customer} modern workplace",
    "{customer}, phase two",
    "{product} migration, {customer}",
    "{customer} service contract",
];

pub(super) const WORK: &[&str] = &[
    "Deployment and adoption of the products above: design, configuration, migration of the existing data, training of twelve key users, and support for three months after going live.",
    "Analysis of the present processes, a pilot in two departments, rollout to all sites, and monthly adoption reviews with the customer's IT.",
    "Migration from the former system with parallel operation for four weeks, security baseline, governance guide, and hand-over to the service desk.",
    "Requirements workshops, set-up of the environments, integration with the customer's finance system, acceptance tests, and training of trainers.",
];

pub(super) const TAGS: &[&str] =
    &["adoption", "renewal", "new-customer", "migration", "public-sector", "q1", "q2", "q3", "q4", "strategic"];

pub(super) const ASK: &[&str] = &[
    "Could you tell us which team at {customer} uses {product} today? The document names the product but not its users.",
    "The statement mentions two sites. Does the work at the second site belong to this claim?",
    "Thank you for the documents. Is the person who signed still the right contact at {customer}?",
];

/// The answer to each of [`ASK`].
pub(super) const REPLY: &[&str] = &[
    "Finance and the back office of {customer} work with {product} every day; the field teams follow in the next quarter.",
    "Both sites belong to the same tenant and to this claim.",
    "Yes, the contact at {customer} is unchanged.",
];

/// What a partner tells unasked.
pub(super) const TELL: &[&str] = &[
    "{product} is in use in all departments since last month; the signed page is the last one of the document.",
    "We have talked to {customer} and can confirm what the document says. Please go on with the review.",
    "The work went on without interruption; the report of the last quarter is available on request.",
];

pub(super) const NOTES: &[&str] = &[
    "Signature compared with an earlier claim of the same customer: plausible.",
    "Domain and tenant agree with the directory. Dates within twelve months.",
    "Third claim of this partner this month; documents are carefully made.",
    "The customer's name on the first page is spelled without accents. Same company.",
    "Keep an eye on this one: the template is not ours.",
];

pub(super) const LEAD_NOTES: &[&str] = &[
    "Given to you because you know the customer.",
    "Please decide before the end of the week.",
    "Second pair of eyes, as always with these.",
];

pub(super) const APPROVALS: &[&str] = &[
    "Everything is in order. Thank you for the complete documents.",
    "The proof covers all products and is signed and dated.",
    "Approved; please keep the project report for the assessment.",
];

pub(super) const JUSTIFICATIONS: &[&str] = &[
    "We believe the decision overlooked the second page, where the customer describes and acknowledges our work on {product}.",
    "{customer} has confirmed the association in writing. The project has been running since spring; please look at the proof again.",
    "The work is described in the annex that the statement refers to. It was agreed with {customer} before the claim was submitted.",
];

pub(super) const DECLINES: &[&str] = &[
    "We have chosen another partner for this.",
    "We do not know of this project. Please contact us before claiming.",
    "The contract with this partner has ended.",
];

pub(super) const INELIGIBLE: &[&str] = &[
    "No growth in active usage during the measured period.",
    "The subscription is below the smallest size that earns incentives.",
    "The partner location is not enrolled in the incentive programme.",
];

pub(super) const LEAVING: &[&str] = &[
    "The project has ended and {customer} now looks after {product} itself.",
    "Entered for the wrong location; a new claim follows.",
    "Agreed with {customer}.",
];

/// What a reviewer writes with a request for action.
pub(super) fn request(finding: FindingKind) -> &'static str {
    match finding {
        FindingKind::MissingAllPoe => "The file is not about this claim. Please send the statement of work with {customer}.",
        FindingKind::MissingCustomerAcknowledgment => "The document is not signed by {customer}. Please send the signed version.",
        FindingKind::MissingOrOldDates => "The document is older than twelve months. Please send one with current dates.",
        FindingKind::MissingPartnerService => {
            "The document does not describe what {partner} does for {customer}. Please add that."
        }
        FindingKind::MissingProducts => {
            "The document does not name every claimed product. Please send proof for the missing one, or remove it."
        }
        FindingKind::Other => "The document names a tenant's former domain. Please confirm that it is the same customer.",
    }
}

/// What the partner answers to a request for action.
pub(super) fn answer(finding: FindingKind) -> &'static str {
    match finding {
        FindingKind::MissingAllPoe => "Sorry, that was the wrong file. The statement of work is attached now.",
        FindingKind::MissingCustomerAcknowledgment => "Here is the version that {customer} has signed.",
        FindingKind::MissingOrOldDates => "The agreement was renewed with {customer}; the new one has current dates.",
        FindingKind::MissingPartnerService => {
            "Our work at {customer}: design and migration of {product}, training of the key users, and support since. \
             The annex of the agreement, which {customer} has signed as well, describes it in full."
        }
        FindingKind::MissingProducts => "The product that was not named is no longer part of this claim.",
        FindingKind::Other => "It is the same customer: {customer} changed its domain two years ago.",
    }
}

/// What a finding says in the reviewer's own words.
pub(super) fn finding(kind: FindingKind) -> Option<&'static str> {
    match kind {
        FindingKind::MissingProducts => Some("{product} is not mentioned."),
        FindingKind::MissingCustomerAcknowledgment => Some("The signature line of the customer is empty."),
        FindingKind::Other => Some("Former domain on the first page."),
        _ => None,
    }
}

/// What a reviewer writes with a rejection.
pub(super) fn rejection(reason: RejectionReason) -> &'static str {
    match reason {
        RejectionReason::MissingCustomerConsentOnPoe => {
            "Nothing in the documents shows that {customer} agrees to the association."
        }
        RejectionReason::MissingProducts => "The proof does not cover {product}.",
        RejectionReason::PoeUnavailable => "The document cannot be read as proof of anything: it is another file.",
        _ => "The documents do not show what work {partner} did for {customer}.",
    }
}

/// What stands for the claim's own names in a phrase.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    pub customer: &'a str,
    pub product: &'a str,
    pub partner: &'a str,
}

impl Names<'_> {
    /// A phrase with the claim's names in it.
    pub fn fill(&self, phrase: &str) -> String {
        phrase.replace("{customer}", self.customer).replace("{product}", self.product).replace("{partner}", self.partner)
    }

    /// One of these phrases, filled.
    pub fn say(&self, random: &mut Random, phrases: &[&str]) -> String {
        self.fill(random.pick(phrases))
    }
}
