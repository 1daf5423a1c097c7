//! Identities: a UUID each, of a type of its own, so that one cannot stand where another is meant.

use std::fmt;

use uuid::Uuid;

macro_rules! identity {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh, time-ordered identity (UUID version 7).
            #[must_use]
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

identity! {
    /// A claim.
    ClaimId,
    /// One claimed line of a claim.
    ProductLineId,
    /// A document of proof of execution, bound to a claim.
    DocumentId,
    /// Bytes that were uploaded and wait to be attached.
    UploadId,
    /// A comment on a claim.
    CommentId,
    /// An internal note of reviewers.
    NoteId,
    /// A partner organization.
    OrganizationId,
    /// A person, or one of the two that are no persons.
    PersonId,
    /// What an approval creates, one per product and activity.
    AssociationId,
    /// A customer's end customer tenant (the GUID that the customer's directory gave it).
    TenantId,
    /// A subscription of a Business Applications product.
    SubscriptionId,
    /// A consent link, one per contact and claim.
    ConsentLinkId,
}

impl AssociationId {
    /// The identity of the association that this line and activity get from an approval at `started`.
    ///
    /// Derived, not drawn: deciding stays a pure function, and folding the history gives the same identity again.
    #[must_use]
    pub fn derive(line: ProductLineId, activity: &str, started_micros: i64) -> Self {
        let mut name = activity.as_bytes().to_vec();
        name.extend_from_slice(&started_micros.to_be_bytes());
        Self(Uuid::new_v5(&line.0, &name))
    }
}

/// The number people quote, `CPOR-` and at least six digits; given once, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimNumber(pub i64);

impl ClaimNumber {
    /// Reads a number as people write it; letter case is ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().to_ascii_uppercase();
        let digits = digits.strip_prefix("CPOR-")?;
        if digits.len() < 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.parse().ok().map(Self)
    }
}

impl fmt::Display for ClaimNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CPOR-{:06}", self.0)
    }
}
