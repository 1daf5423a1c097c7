//! What people read: one sentence per code and language. The one place of prose about refusals.
//!
//! A second language is a second function beside [`english`] and an arm in [`sentence`].

use crate::domain::refusal::Code;

/// A language for prose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, the language of everything that has no translation.
    #[default]
    English,
}

impl Language {
    /// The language of a tag such as `en-GB`; English for those that have no table yet.
    #[must_use]
    pub fn of_tag(_tag: Option<&str>) -> Self {
        Self::English
    }
}

/// The sentence of a code.
#[must_use]
pub fn sentence(code: Code, language: Language) -> &'static str {
    match language {
        Language::English => english(code),
    }
}

fn english(code: Code) -> &'static str {
    match code {
        Code::RequiredFieldMissing => "This field is required.",
        Code::InvalidFormat => "This value does not have the required form.",
        Code::TooLong => "This is longer than allowed.",
        Code::PartnerLocationForbidden => "This is not a partner location that you may claim for.",
        Code::ActivityNotInArea => "This activity cannot be claimed in the solution area.",
        Code::ActivityCombinationInvalid => "These activities cannot be claimed together.",
        Code::ProductNotEligible => "This product cannot be claimed in the solution area today.",
        Code::DuplicateProduct => "This product stands in the claim twice.",
        Code::SubscriptionRequired => "A subscription is required for this product.",
        Code::PoeRequired => "At least one proof of execution is required.",
        Code::PoeLimitReached => "The claim cannot take any more documents.",
        Code::UploadNotFound => "There is no complete, unused upload of yours with this id.",
        Code::AttestationRequired => "Please attest that what the claim says is true.",
        Code::AlreadyClaimedByYou => "Your organization already has a claim for this customer, product and activity.",
        Code::DomainTenantMismatch => "This domain does not belong to the customer's tenant.",
        Code::ProductNotOnTenant => "The customer's tenant does not have this product.",
        Code::SubscriptionWrongTenant => "This subscription belongs to another tenant.",
        Code::SubscriptionIsCsp => "This subscription was bought through a cloud solution provider and cannot be claimed.",
        Code::SubscriptionNotProvisioned => "This subscription is not provisioned yet. Try again later.",
        Code::SubscriptionInactive => "This subscription is inactive.",
        Code::CompetingClaim => "Another partner claims the same.",
        Code::ContactDomainMismatch => "The contact's e-mail address is not of the customer's domain.",
        Code::StateConflict => "The status of the claim does not allow this.",
        Code::DeadlinePassed => "The deadline for this has passed.",
        Code::VersionConflict => "The claim has changed in the meantime.",
        Code::DisputeAlreadyUsed => "The claim was disputed before, and can be disputed only once.",
        Code::NotDisputable => "This rejection cannot be disputed.",
        Code::NotAssigned => "Only the reviewer to whom the claim is assigned may do this.",
        Code::FieldNotEditable => "This field cannot be changed now.",
        Code::NothingChanged => "Nothing changed since the request: add a document, change a field or reply first.",
        Code::KeyHeld => "Another partner is partner of record for this.",
        Code::ArbitrationOpen => "An arbitration about this claim is open.",
        Code::Forbidden => "Your role may not do this.",
        Code::ConflictOfInterest => "You belong to the organization of the claim and may not review it.",
        Code::AssigneeNotEligible => "The claim cannot be assigned to this person.",
        Code::ReasonNotAllowed => "A reviewer may not reject for this reason.",
        Code::UnknownReference => "This is not part of the claim.",
        Code::NotFound => "There is no such claim.",
        Code::IdempotencyKeyReused => "This idempotency key was used with other input.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_one_sentence_of_its_own() {
        let mut sentences: Vec<_> = Code::ALL.iter().map(|code| sentence(*code, Language::English)).collect();
        assert!(sentences.iter().all(|text| text.ends_with('.') && text.len() < 120));
        sentences.sort_unstable();
        sentences.dedup();
        assert_eq!(sentences.len(), Code::ALL.len());
    }
}
