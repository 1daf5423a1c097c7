//! English.

use crate::domain::checklist::Requirement;
use crate::domain::file::{FileFlag, FileRefusal};
use crate::domain::product::Activity;
use crate::domain::reason::{FindingKind, PartnerReason, RejectionReason};
use crate::domain::refusal::Code;
use crate::domain::status::Status;

pub(super) fn sentence(code: Code) -> &'static str {
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
        Code::FileRefused => "This file cannot be taken: it is empty, too large, or of a type that is not allowed.",
        Code::FileInfected => "The virus scanner found something in this file.",
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

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Editing => "Being edited",
        Status::Submitted => "Submitted",
        Status::UnderReview => "Under review",
        Status::PartnerActionRequired => "Action required from the partner",
        Status::Approved => "Approved",
        Status::Rejected => "Rejected",
        Status::Disputed => "Disputed",
        Status::Canceled => "Canceled",
    }
}

pub(super) fn rejection_reason(reason: RejectionReason) -> &'static str {
    match reason {
        RejectionReason::PartnerRequest => "The partner asked for the rejection",
        RejectionReason::CustomerDeclined => "The customer declined the association",
        RejectionReason::InsufficientPoe => "The proof of execution does not suffice",
        RejectionReason::MissingCustomerConsentOnPoe => "The proof of execution lacks the customer's consent",
        RejectionReason::MissingProducts => "The proof of execution does not cover the claimed products",
        RejectionReason::NoPartnerResponse => "The partner did not answer in time",
        RejectionReason::PoeUnavailable => "The proof of execution could not be opened or found",
        RejectionReason::CompetingClaimLost => "Another partner's claim won",
    }
}

pub(super) fn partner_reason(reason: PartnerReason) -> &'static str {
    match reason {
        PartnerReason::WrongPartnerId => "The claim names the wrong partner id",
        PartnerReason::WrongActivity => "The claim names the wrong activity",
        PartnerReason::NoLongerWorkingWithCustomer => "The partner no longer works with the customer",
        PartnerReason::Other => "Another reason",
    }
}

pub(super) fn finding(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::MissingAllPoe => "The file is wrong or unrelated",
        FindingKind::MissingCustomerAcknowledgment => "The customer's signature is missing",
        FindingKind::MissingOrOldDates => "Dates are missing or too old",
        FindingKind::MissingPartnerService => "The partner's work is not described",
        FindingKind::MissingProducts => "Claimed products are not named",
        FindingKind::Other => "Other",
    }
}

pub(super) fn activity(activity: Activity) -> &'static str {
    match activity {
        Activity::Presales => "pre-sales",
        Activity::Usage => "usage",
        Activity::RevenueAssociation => "revenue association",
    }
}

pub(super) fn file_refusal(value: FileRefusal) -> &'static str {
    match value {
        FileRefusal::Empty => "The file is empty.",
        FileRefusal::TooLarge => "The file is larger than 25 MiB.",
        FileRefusal::TypeNotAllowed => "The content is of no type that may prove execution.",
        FileRefusal::ExtensionMismatch => "The file's name says another type than its content has.",
        FileRefusal::IsArchive => "The file is an archive: send the documents one by one.",
        FileRefusal::ExpandsTooMuch => "Unpacked, the file is out of all proportion.",
        FileRefusal::UnsafeParts => "The file is packed in an unsafe way.",
        FileRefusal::Polyglot => "The file can be read as two different types.",
        FileRefusal::Encrypted => "The file needs a password: send one that everybody can open.",
        FileRefusal::Broken => "The file is broken.",
        FileRefusal::ImageDimensions => "The image has no points, or too many.",
        FileRefusal::Infected => "The virus scanner found something in the file.",
    }
}

pub(super) fn file_flag(value: FileFlag) -> &'static str {
    match value {
        FileFlag::Macros => "Macros are inside.",
        FileFlag::JavaScript => "A script is inside.",
        FileFlag::LaunchAction => "It would start a program.",
        FileFlag::EmbeddedFiles => "Other files are inside or attached.",
        FileFlag::ExternalContent => "It would fetch something from elsewhere.",
        FileFlag::Encrypted => "It is encrypted, and may need a password.",
        FileFlag::TrailingData => "Bytes follow its end.",
        FileFlag::Incomplete => "Its end is missing: it may have been cut off.",
        FileFlag::Formulas => "Cells would become formulas in a spreadsheet program.",
        FileFlag::DoubleExtension => "Its name has two extensions.",
        FileFlag::DeclaredTypeDiffers => "It was sent as another type than it is.",
    }
}

pub(super) fn requirement(value: Requirement) -> &'static str {
    match value {
        Requirement::RightFile => {
            "Attach the document that shows your work for this customer: statement of work, contract, customer e-mail or report."
        }
        Requirement::CustomerIdentified => "The document must name the customer, the domain and the tenant as the claim does.",
        Requirement::CustomerSignature => "Attach a copy that the customer signed, and give the day of the signature.",
        Requirement::RecentDates => {
            "Attach a document that is dated within the 12 months before the first submission, and give its date."
        }
        Requirement::WorkDescribed => "Attach a document that describes your work, and say in its description what it shows.",
        Requirement::ProductNamed => "Attach a document that names this product, and mark the product as covered by it.",
    }
}

pub(super) const REMEDY_IN_WORDS: &str = "Do what the reviewer asks for in words.";
