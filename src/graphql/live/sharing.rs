//! Which fields of an event answer everybody alike who has the same rights, speaks the same language and asks at the same moment.
//!
//! By name: a name is in [`SHARED`] only if that holds for each field of this name that can be reached from an event. A field that is in
//! neither list is taken for its viewer's own; a test asks for it to be put into one.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Fields whose answers may be shared, with blanks between.
pub const SHARED: &str = "
    __typename activities activity actor area assessment assessmentReason assessmentSentAt assignedFrom assignedTo
    assignee associations at attachedAt attachedBy audience author body businessDaysLeft by change changes changesStatus
    claim claimVersion clock clocks code comment consent consentDays consequence country createdAt currentRequest cursor
    customerContact customerDomain customerName deadline deadlines decidedAt decisionBusinessDays description
    disputableUntil dispute disputeDecisionBusinessDays disputeFilingDays document editsWhenSubmitted email
    endReason endedAt entry expiresAt externalReference field findings id isAboutClaim isActive isAnswered isCurrent
    isEligible isFinal isInForce isOfDispute isOpen isOverdue isPaused justification kind localDate location locationId
    locations meaning mediaType mpnId name needsSubscription new nextDeadline notice number occurredAt old organization
    partnerContact partnerReason partnerResponseBusinessDays person pickUpBusinessDays poeMaxAgeMonths policy product
    productChanges reason rejection reviewBusinessDays role sequence sha256 signedOn sizeBytes startedAt state status
    statusFacts submittedAt subscriptionId supersededBy tags technicalContact tenantId text timeZone title updatedAt
    validFrom validUntil version waitsFor words
";

/// Fields whose answers are made for each viewer, with blanks between: what they may do, links made for them, and pages, comparisons and checklists, which
/// are long and rarely asked of an event.
pub const OWN: &str = "
    action actions allowed availableActions blocksSubmission changesSince changesSinceLastReview comments covers
    documents downloadUrl downloadUrlExpiresAt edges editableFields endCursor fields finding flags fromVersion hasNextPage hasPreviousPage history
    isEmpty lastReviewVersion message node nodes notes pageInfo poeChecklist products refusal remedy requirement scan
    since startCursor supersedes threat totalCount toVersion
";

static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| SHARED.split_ascii_whitespace().collect());

/// Whether the answer of a field may be shared.
pub(super) fn is_shared(name: &str) -> bool {
    NAMES.contains(name)
}
