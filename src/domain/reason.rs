//! What reviewers miss and why claims are rejected.

use super::closed::closed_list;
use super::ids::ProductLineId;

closed_list! {
    /// What a reviewer misses in the proof of execution.
    FindingKind {
        /// Wrong or unrelated file.
        MissingAllPoe = "MISSING_ALL_POE",
        /// No customer signature.
        MissingCustomerAcknowledgment = "MISSING_CUSTOMER_ACKNOWLEDGMENT",
        /// Dates are absent, or older than twelve months before the first submission.
        MissingOrOldDates = "MISSING_OR_OLD_DATES",
        /// The partner's work is not described.
        MissingPartnerService = "MISSING_PARTNER_SERVICE",
        /// A claimed product is not named.
        MissingProducts = "MISSING_PRODUCTS",
        /// Something else, said in words.
        Other = "OTHER",
    }
}

/// What a reviewer misses, tied to the claim or to one product of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is missing.
    pub kind: FindingKind,
    /// The product line concerned; `None` means the whole claim.
    pub product: Option<ProductLineId>,
    /// The reviewer's own words; required for [`FindingKind::Other`].
    pub words: Option<String>,
}

closed_list! {
    /// Why a claim was rejected.
    RejectionReason {
        /// The partner asked for it, before or after approval; cannot be disputed.
        PartnerRequest = "PARTNER_REQUEST",
        /// The customer declined; cannot be disputed.
        CustomerDeclined = "CUSTOMER_DECLINED",
        /// The proof of execution does not suffice.
        InsufficientPoe = "INSUFFICIENT_POE",
        /// The proof of execution lacks the customer's consent.
        MissingCustomerConsentOnPoe = "MISSING_CUSTOMER_CONSENT_ON_POE",
        /// Claimed products are not covered.
        MissingProducts = "MISSING_PRODUCTS",
        /// The partner did not answer in time.
        NoPartnerResponse = "NO_PARTNER_RESPONSE",
        /// The proof of execution could not be opened or found.
        PoeUnavailable = "POE_UNAVAILABLE",
        /// Another partner's claim on the same key won.
        CompetingClaimLost = "COMPETING_CLAIM_LOST",
    }
}

impl RejectionReason {
    /// Whether a first rejection for this reason may be disputed.
    #[must_use]
    pub fn is_disputable(self) -> bool {
        !matches!(self, Self::PartnerRequest | Self::CustomerDeclined)
    }

    /// Whether a reviewer may give this reason; the others come from the clock, the partner, the customer or an arbitration.
    #[must_use]
    pub fn is_reviewers(self) -> bool {
        use RejectionReason::{InsufficientPoe, MissingCustomerConsentOnPoe, MissingProducts, PoeUnavailable};
        matches!(self, InsufficientPoe | MissingCustomerConsentOnPoe | MissingProducts | PoeUnavailable)
    }
}

closed_list! {
    /// Why a partner asks for a rejection or ends an association.
    PartnerReason {
        /// The claim names the wrong partner id.
        WrongPartnerId = "WRONG_PARTNER_ID",
        /// The claim names the wrong activity.
        WrongActivity = "WRONG_ACTIVITY",
        /// The partner no longer works with the customer.
        NoLongerWorkingWithCustomer = "NO_LONGER_WORKING_WITH_CUSTOMER",
        /// Something else, said in the comment.
        Other = "OTHER",
    }
}
