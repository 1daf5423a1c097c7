//! Why a command is refused: codes with facts, all of them at once. Prose is made at the edge.

use chrono::{DateTime, Utc};

use super::clock::ClockKind;
use super::closed::closed_list;
use super::details::Field;
use super::ids::{ClaimNumber, ProductLineId};
use super::status::Status;

closed_list! {
    /// The one catalogue of refusals and warnings.
    Code {
        /// A field that must be there at submission, or with this command, is missing.
        RequiredFieldMissing = "REQUIRED_FIELD_MISSING",
        /// A value has not the form of a GUID, e-mail address, MPN id or domain.
        InvalidFormat = "INVALID_FORMAT",
        /// A text or list is longer than allowed.
        TooLong = "TOO_LONG",
        /// The location is not one the actor may claim for.
        PartnerLocationForbidden = "PARTNER_LOCATION_FORBIDDEN",
        /// The activity does not exist in the solution area.
        ActivityNotInArea = "ACTIVITY_NOT_IN_AREA",
        /// The activities cannot be claimed together.
        ActivityCombinationInvalid = "ACTIVITY_COMBINATION_INVALID",
        /// The product cannot be claimed in this area today.
        ProductNotEligible = "PRODUCT_NOT_ELIGIBLE",
        /// The same product (and subscription) stands twice in the claim.
        DuplicateProduct = "DUPLICATE_PRODUCT",
        /// A Business Applications product needs a subscription.
        SubscriptionRequired = "SUBSCRIPTION_REQUIRED",
        /// At least one proof of execution is required.
        PoeRequired = "POE_REQUIRED",
        /// No more documents fit.
        PoeLimitReached = "POE_LIMIT_REACHED",
        /// The upload does not exist, is not complete, is used, or is not the actor's.
        UploadNotFound = "UPLOAD_NOT_FOUND",
        /// The file that was sent cannot be taken.
        FileRefused = "FILE_REFUSED",
        /// The virus scanner found something in the upload after it was taken.
        FileInfected = "FILE_INFECTED",
        /// The attestation was not accepted.
        AttestationRequired = "ATTESTATION_REQUIRED",
        /// The same organization has a claim on the key.
        AlreadyClaimedByYou = "ALREADY_CLAIMED_BY_YOU",
        /// The domain does not belong to the tenant.
        DomainTenantMismatch = "DOMAIN_TENANT_MISMATCH",
        /// The tenant has no such product.
        ProductNotOnTenant = "PRODUCT_NOT_ON_TENANT",
        /// The subscription belongs to another tenant.
        SubscriptionWrongTenant = "SUBSCRIPTION_WRONG_TENANT",
        /// The subscription was bought through a cloud solution provider.
        SubscriptionIsCsp = "SUBSCRIPTION_IS_CSP",
        /// The subscription is not provisioned yet; can be retried.
        SubscriptionNotProvisioned = "SUBSCRIPTION_NOT_PROVISIONED",
        /// The subscription is inactive.
        SubscriptionInactive = "SUBSCRIPTION_INACTIVE",
        /// Warning: another partner claims the same key.
        CompetingClaim = "COMPETING_CLAIM",
        /// Warning: the contact's e-mail domain is not the customer's.
        ContactDomainMismatch = "CONTACT_DOMAIN_MISMATCH",
        /// The claim's status does not allow the command.
        StateConflict = "STATE_CONFLICT",
        /// The deadline has passed.
        DeadlinePassed = "DEADLINE_PASSED",
        /// The claim has changed since the expected version.
        VersionConflict = "VERSION_CONFLICT",
        /// The claim was disputed before.
        DisputeAlreadyUsed = "DISPUTE_ALREADY_USED",
        /// This rejection cannot be disputed.
        NotDisputable = "NOT_DISPUTABLE",
        /// The actor is not the assignee.
        NotAssigned = "NOT_ASSIGNED",
        /// The field cannot be edited now.
        FieldNotEditable = "FIELD_NOT_EDITABLE",
        /// Nothing changed since the request.
        NothingChanged = "NOTHING_CHANGED",
        /// Another partner holds a key of the claim.
        KeyHeld = "KEY_HELD",
        /// An arbitration about a key of the claim is open.
        ArbitrationOpen = "ARBITRATION_OPEN",
        /// The role may never give this command.
        Forbidden = "FORBIDDEN",
        /// The actor belongs to the claim's organization and may not act as its reviewer.
        ConflictOfInterest = "CONFLICT_OF_INTEREST",
        /// The person cannot be assigned to this claim.
        AssigneeNotEligible = "ASSIGNEE_NOT_ELIGIBLE",
        /// A reviewer may not give this reason.
        ReasonNotAllowed = "REASON_NOT_ALLOWED",
        /// A product line or document that the input names is not part of the claim.
        UnknownReference = "UNKNOWN_REFERENCE",
        /// What the input names does not exist, or not for this viewer.
        NotFound = "NOT_FOUND",
        /// The idempotency key was used with other input.
        IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED",
    }
}

/// A step of the way to an input field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// A field's name, as in the API.
    Name(&'static str),
    /// A position in a list, from 0.
    Index(usize),
}

/// The way to an input field, from the mutation's input (or the claim, for what the input does not carry).
pub type Path = Vec<Segment>;

/// What a client needs to know beside the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Nothing more.
    None,
    /// The status that does not allow it.
    Status(Status),
    /// The deadline that passed: the first instant that was too late.
    Deadline {
        /// Which clock.
        kind: ClockKind,
        /// Its exclusive end.
        expired_at: DateTime<Utc>,
    },
    /// The versions that differ.
    Version {
        /// What the client expected.
        expected: i32,
        /// What it is.
        current: i32,
    },
    /// The actor's own claim that is in the way.
    Claim(ClaimNumber),
    /// The product lines concerned.
    Products(Vec<ProductLineId>),
    /// The limit that is exceeded, in characters or items as the path says.
    Limit(usize),
}

/// One thing that is wrong, with the path of the input field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What is wrong.
    pub code: Code,
    /// Where.
    pub path: Path,
    /// Facts beside the code.
    pub detail: Detail,
}

impl Violation {
    /// A violation without further facts.
    #[must_use]
    pub fn new(code: Code, path: Path) -> Self {
        Self { code, path, detail: Detail::None }
    }

    /// Whether its path leads into this field.
    #[must_use]
    pub fn is_about(&self, field: Field) -> bool {
        self.path.first() == Some(&Segment::Name(field.path()))
    }

    /// The same with facts.
    #[must_use]
    pub fn with(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }
}

/// A refused command: everything that is wrong, never nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, in the order of the fields.
    pub violations: Vec<Violation>,
}

impl Refusal {
    /// A refusal for one reason that no input field is to blame for.
    #[must_use]
    pub fn because(code: Code, detail: Detail) -> Self {
        Self { violations: vec![Violation { code, path: Vec::new(), detail }] }
    }

    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// The refusal with all violations, if there are any.
    pub fn unless_empty(violations: Vec<Violation>) -> Result<(), Self> {
        if violations.is_empty() { Ok(()) } else { Err(Self { violations }) }
    }
}

/// Something that does not block, told beside the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What: [`Code::CompetingClaim`] or [`Code::ContactDomainMismatch`].
    pub code: Code,
    /// Where.
    pub path: Path,
}
