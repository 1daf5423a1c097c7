//! What the inputs of all changes have in common.

use uuid::Uuid;

use crate::domain::command::Command;
use crate::domain::ids::ClaimId;
use crate::graphql::errors::Failure;

/// Which claim, in which version, under which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The claim.
    pub claim: ClaimId,
    /// The version that the client saw.
    pub expected_version: Option<i32>,
    /// The client's key for retries.
    pub idempotency_key: Option<Uuid>,
    /// Whether to decide without doing.
    pub dry_run: bool,
}

/// An input that becomes a command on a claim.
pub trait Change {
    /// Which claim, in which version, under which key.
    ///
    /// # Errors
    /// [`Failure::BadId`] if the claim's id is no claim's.
    fn head(&self) -> Result<Head, Failure>;

    /// The command.
    ///
    /// # Errors
    /// [`Failure::BadId`] if an id is of a wrong kind, [`Failure::TooLong`] if a list is beyond all bounds.
    fn command(self) -> Result<Command, Failure>;
}

/// Declares inputs of changes: the members that all have, and their own.
macro_rules! change_inputs {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(async_graphql::InputObject, Clone, Debug)]
        pub struct $name {
            /// The claim.
            pub claim_id: async_graphql::ID,
            /// The version of the claim that you saw; if it has another by now, the mutation is refused with VERSION_CONFLICT.
            pub expected_version: Option<i32>,
            /// A key of your own for this mutation: sending it again with the same input does nothing more and answers what the
            /// first time answered.
            pub idempotency_key: Option<$crate::graphql::scalars::Uuid>,
            $($(#[$fdoc])* pub $field: $ty),*
        }

        impl $name {
            fn common(&self) -> Result<$crate::graphql::inputs::Head, $crate::graphql::errors::Failure> {
                Ok($crate::graphql::inputs::Head {
                    claim: $crate::graphql::id::decode(&self.claim_id, "input.claimId")?,
                    expected_version: self.expected_version,
                    idempotency_key: self.idempotency_key.map(|key| key.0),
                    dry_run: false,
                })
            }
        }
    )+};
}
pub(super) use change_inputs;

/// Implements [`Change`] by a closure from the input to its command.
macro_rules! becomes {
    ($($name:ident => |$input:ident| $command:expr);+ $(;)?) => {$(
        impl $crate::graphql::inputs::Change for $name {
            fn head(&self) -> Result<$crate::graphql::inputs::Head, $crate::graphql::errors::Failure> {
                self.common()
            }

            fn command(self) -> Result<$crate::domain::command::Command, $crate::graphql::errors::Failure> {
                let $input = self;
                Ok($command)
            }
        }
    )+};
}
pub(super) use becomes;
