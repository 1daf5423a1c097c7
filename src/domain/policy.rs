//! The versioned numbers of the programme (`domain.md`, section 4).

/// A policy: the set of numbers a claim keeps from its first submission on.
///
/// `bd` counts business days, `days` calendar days, `months` calendar months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its name, such as `2020`.
    pub version: String,
    /// Pick-up clock, business days.
    pub pick_up_bd: u16,
    /// Review clock, business days.
    pub review_bd: u16,
    /// Total-decision clock, business days of the reviewers' own time.
    pub decision_bd: u16,
    /// Partner-response clock, business days.
    pub partner_response_bd: u16,
    /// Consent window, calendar days.
    pub consent_days: u16,
    /// Window for filing a dispute, calendar days.
    pub dispute_filing_days: u16,
    /// Dispute-decision clock, business days.
    pub dispute_decision_bd: u16,
    /// Whether fields stay editable in SUBMITTED; otherwise only in PARTNER_ACTION_REQUIRED.
    pub edits_when_submitted: bool,
    /// Age at which a proof of execution is too old, calendar months before the first submission.
    pub poe_max_age_months: u16,
}

impl Policy {
    /// The policy of 2020, the default.
    #[must_use]
    pub fn of_2020() -> Self {
        Self {
            version: "2020".to_owned(),
            pick_up_bd: 5,
            review_bd: 5,
            decision_bd: 10,
            partner_response_bd: 5,
            consent_days: 7,
            dispute_filing_days: 30,
            dispute_decision_bd: 5,
            edits_when_submitted: true,
            poe_max_age_months: 12,
        }
    }

    /// The policy of 2023: longer review and response, edits only when asked for.
    #[must_use]
    pub fn of_2023() -> Self {
        Self {
            version: "2023".to_owned(),
            review_bd: 14,
            partner_response_bd: 14,
            edits_when_submitted: false,
            ..Self::of_2020()
        }
    }
}
