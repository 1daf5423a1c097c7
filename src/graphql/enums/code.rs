//! The one catalogue of codes with which a mutation refuses or warns.

use async_graphql::Enum;

/// Why a mutation was refused, or what it warns of. The catalogue is closed; a code never changes its meaning.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[graphql(remote = "crate::domain::refusal::Code")]
pub enum ErrorCode {
    /// A field that must be there at submission, or with this mutation, is missing.
    RequiredFieldMissing,
    /// A value has not the form of a GUID, e-mail address, MPN id or domain, or a day lies in the future.
    InvalidFormat,
    /// A text or list is longer than allowed; `LimitExceededError.limit` says how long it may be.
    TooLong,
    /// The partner location is not one that the viewer may claim for.
    PartnerLocationForbidden,
    /// The activity does not exist in the solution area.
    ActivityNotInArea,
    /// The activities cannot be claimed together.
    ActivityCombinationInvalid,
    /// The product is not in the catalogue, or cannot be claimed in this area today.
    ProductNotEligible,
    /// The same product, with the same subscription, stands twice in the claim.
    DuplicateProduct,
    /// A Business Applications product needs a subscription.
    SubscriptionRequired,
    /// At least one proof of execution is required.
    PoeRequired,
    /// No more documents fit: 20 current ones, 60 with those superseded.
    PoeLimitReached,
    /// The upload does not exist, is not complete, is used already, or belongs to somebody else.
    UploadNotFound,
    /// The file that was sent cannot be taken: it is empty, too large, or of no type that proves execution. The upload takes another.
    FileRefused,
    /// The virus scanner found something in the uploaded file after it was taken.
    FileInfected,
    /// The attestation that what the claim says is true was not accepted.
    AttestationRequired,
    /// The own organization has a claim on the same customer, product and activity; `AlreadyClaimedError.claimNumber` says which.
    AlreadyClaimedByYou,
    /// The domain does not belong to the customer's tenant.
    DomainTenantMismatch,
    /// The customer's tenant has no such product.
    ProductNotOnTenant,
    /// The subscription belongs to another tenant.
    SubscriptionWrongTenant,
    /// The subscription was bought through a cloud solution provider.
    SubscriptionIsCsp,
    /// The subscription is not provisioned yet. The same mutation can succeed later.
    SubscriptionNotProvisioned,
    /// The subscription is inactive.
    SubscriptionInactive,
    /// A warning: another partner claims the same, or holds it. Told with a real submission only, never with a dry run.
    CompetingClaim,
    /// A warning: the customer contact's e-mail address is not of the customer's domain.
    ContactDomainMismatch,
    /// The claim's status does not allow it; `StateConflictError.status` is the status.
    StateConflict,
    /// Too late; `DeadlinePassedError` says which deadline, and when it passed.
    DeadlinePassed,
    /// The claim has changed since `expectedVersion`; `VersionConflictError.claim` is the claim as it is now.
    VersionConflict,
    /// The claim was disputed before; a claim can be disputed once.
    DisputeAlreadyUsed,
    /// This rejection cannot be disputed, for its reason or because it is final.
    NotDisputable,
    /// Only the reviewer to whom the claim is assigned may do this.
    NotAssigned,
    /// The field cannot be changed in the claim's status and under its policy.
    FieldNotEditable,
    /// Nothing changed since the request for action: add a proof of execution, change a field or reply first.
    NothingChanged,
    /// Another partner is partner of record for a product of the claim; `ProductsError.products` says for which.
    KeyHeld,
    /// An arbitration about a product of the claim is open.
    ArbitrationOpen,
    /// The viewer's role may never do this.
    Forbidden,
    /// The reviewer belongs to the claim's own organization.
    ConflictOfInterest,
    /// The person cannot review this claim: no reviewer, of the claim's organization, or excluded from its dispute.
    AssigneeNotEligible,
    /// A reviewer may not give this reason for a rejection.
    ReasonNotAllowed,
    /// A product or document that the input names is not part of the claim.
    UnknownReference,
    /// The claim does not exist, or not for this viewer.
    NotFound,
    /// The idempotency key was used with other input before.
    IdempotencyKeyReused,
}
