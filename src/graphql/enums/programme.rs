//! Areas, activities, clocks and days of the week.

use async_graphql::Enum;

/// The solution area of a claim.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::product::Area")]
pub enum SolutionArea {
    /// Business Applications: products, each with its subscription. Usage and/or pre-sales together, or revenue association alone.
    BusinessApplications,
    /// Microsoft 365: workloads of a tenant. Usage only.
    #[graphql(name = "MICROSOFT_365")]
    Microsoft365,
}

/// How the partner influences the customer.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::product::Activity")]
pub enum Activity {
    /// Pre-sales work; Business Applications only.
    Presales,
    /// Usage work.
    Usage,
    /// Association of revenue alone, not paid; Business Applications only.
    RevenueAssociation,
}

/// The clocks of a claim. BD: business day.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::clock::ClockKind")]
pub enum ClockKind {
    /// Reviewers: from each entry into SUBMITTED until a review starts.
    PickUp,
    /// Reviewers: from each entry into UNDER_REVIEW.
    Review,
    /// Reviewers: their own time from the first submission to the first decision; stands still in PARTNER_ACTION_REQUIRED.
    TotalDecision,
    /// The partner: from each entry into PARTNER_ACTION_REQUIRED.
    PartnerResponse,
    /// The customer: the consent window, in calendar days.
    Consent,
    /// The partner: the window for disputing a rejection, in calendar days.
    DisputeFiling,
    /// Reviewers: from a dispute to its decision; stands still in PARTNER_ACTION_REQUIRED.
    DisputeDecision,
}

/// What happens when a deadline passes.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineConsequence {
    /// The claim is shown as overdue to both sides and escalated; its status does not change.
    Overdue,
    /// The claim is rejected, with reason NO_PARTNER_RESPONSE.
    Rejection,
    /// The consent window closes and the claim is sent to assessment.
    Assessment,
    /// The rejection is final: it cannot be disputed any more.
    FinalRejection,
}

/// A day of the week.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// The day with this ISO 8601 number, 1 for Monday to 7 for Sunday.
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        let days = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
        days.get(usize::from(number).checked_sub(1)?).copied()
    }
}
