//! What a rule refuses: errors as data, each with the facts that a client needs to go on.

use async_graphql::{Context, Interface, Result, SimpleObject};

use super::claim::Claim;
use super::context::AskExt;
use super::enums::{ClaimStatus, ClockKind, ErrorCode};
use super::messages::sentence;
use super::product::ClaimProduct;
use super::scalars::DateTime;
use crate::domain::ids::ClaimId;
use crate::domain::refusal::{Code, Detail, Path, Segment, Violation, Warning as DomainWarning};

/// Declares the types of errors: the members that all have, and their own.
macro_rules! user_errors {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject, Clone)]
        pub struct $name {
            /// Which rule refuses.
            #[graphql(owned)]
            pub code: ErrorCode,
            /// The same in one sentence, for people.
            #[graphql(owned)]
            pub message: String,
            /// The way to the input field, from `input` on; positions in lists are digits. Empty when no field is to blame.
            #[graphql(owned)]
            pub path: Vec<String>,
            $($(#[$fdoc])* pub $field: $ty),*
        }
    )+};
}

user_errors! {
    /// An error without further facts.
    PlainUserError {}

    /// The claim has changed since `expectedVersion`.
    VersionConflictError {
        /// The version that the input expected.
        expected_version: i32,
        /// The version that the claim has.
        current_version: i32,
        /// The claim as it is now.
        claim: Option<Claim>,
    }

    /// The claim's status does not allow it.
    StateConflictError {
        /// The status.
        status: ClaimStatus,
    }

    /// Too late.
    DeadlinePassedError {
        /// The clock that ran out.
        deadline: ClockKind,
        /// The first instant that was too late.
        expired_at: DateTime,
    }

    /// The own organization has a claim on the same.
    AlreadyClaimedError {
        /// The number of that claim.
        claim_number: String,
        /// That claim; null if it lies outside the locations that the viewer may see.
        claim: Option<Claim>,
    }

    /// Some products of the claim are concerned.
    ProductsError {
        /// Which.
        products: Vec<ClaimProduct>,
    }

    /// A text or list is longer, or there are more, than allowed.
    LimitExceededError {
        /// Characters of the text, or items of the list, that are allowed.
        limit: i32,
    }
}

/// Why a mutation was refused. A mutation tells everything that is wrong at once, and nothing of it was done.
#[derive(Interface, Clone)]
#[graphql(
    field(name = "code", ty = "ErrorCode", desc = "Which rule refuses."),
    field(name = "message", ty = "String", desc = "The same in one sentence, for people."),
    field(
        name = "path",
        ty = "Vec<String>",
        desc = "The way to the input field, from `input` on; positions in lists are digits. Empty when no field is to blame."
    )
)]
pub enum UserError {
    /// Without further facts.
    Plain(PlainUserError),
    /// The claim has changed.
    Version(VersionConflictError),
    /// The status does not allow it.
    State(StateConflictError),
    /// Too late.
    Deadline(DeadlinePassedError),
    /// The own organization claims the same.
    Claimed(AlreadyClaimedError),
    /// Products are concerned.
    Products(ProductsError),
    /// Too long, or too many.
    Limit(LimitExceededError),
}

impl UserError {
    /// The error of a violation; `claim` is the claim that the mutation was about, as far as the viewer may see it.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn of(ctx: &Context<'_>, violation: &Violation, claim: Option<ClaimId>) -> Result<Self> {
        let code = ErrorCode::from(violation.code);
        let message = sentence(violation.code, ctx.ask()?.language).to_owned();
        let path = path(&violation.path);
        Ok(match &violation.detail {
            Detail::None => PlainUserError { code, message, path }.into(),
            Detail::Status(status) => StateConflictError { code, message, path, status: (*status).into() }.into(),
            Detail::Deadline { kind, expired_at } => {
                DeadlinePassedError { code, message, path, deadline: (*kind).into(), expired_at: DateTime(*expired_at) }.into()
            }
            Detail::Version { expected, current } => {
                let claim = match claim {
                    Some(id) => Claim::load(ctx, id).await?,
                    None => None,
                };
                VersionConflictError { code, message, path, expected_version: *expected, current_version: *current, claim }.into()
            }
            Detail::Claim(number) => {
                let claim = Claim::by_number(ctx, *number).await?;
                AlreadyClaimedError { code, message, path, claim_number: number.to_string(), claim }.into()
            }
            Detail::Products(lines) => {
                let products = match claim {
                    Some(id) => ClaimProduct::of_claim(ctx, id, lines.iter().copied()).await?,
                    None => Vec::new(),
                };
                ProductsError { code, message, path, products }.into()
            }
            Detail::Limit(limit) => {
                LimitExceededError { code, message, path, limit: i32::try_from(*limit).unwrap_or(i32::MAX) }.into()
            }
        })
    }

    /// An error without further facts, about a field of the input.
    ///
    /// # Errors
    /// Our own failures.
    pub fn plain(ctx: &Context<'_>, code: Code, at: Path) -> Result<Self> {
        let message = sentence(code, ctx.ask()?.language).to_owned();
        Ok(PlainUserError { code: code.into(), message, path: path(&at) }.into())
    }
}

/// Something that does not block, but that people should know.
#[derive(SimpleObject, Clone)]
pub struct Warning {
    /// What: COMPETING_CLAIM or CONTACT_DOMAIN_MISMATCH.
    code: ErrorCode,
    /// The same in one sentence, for people.
    message: String,
    /// The way to the input field, from `input` on; positions in lists are digits.
    path: Vec<String>,
}

impl Warning {
    /// A warning, as the domain knows it.
    ///
    /// # Errors
    /// Our own failures.
    pub fn of(ctx: &Context<'_>, warning: &DomainWarning) -> Result<Self> {
        let message = sentence(warning.code, ctx.ask()?.language).to_owned();
        Ok(Self { code: warning.code.into(), message, path: path(&warning.path) })
    }
}

/// The path as clients see it, from the argument on.
fn path(path: &Path) -> Vec<String> {
    if path.is_empty() {
        return Vec::new();
    }
    let segments = path.iter().map(|segment| match segment {
        Segment::Name(name) => (*name).to_owned(),
        Segment::Index(index) => index.to_string(),
    });
    std::iter::once("input".to_owned()).chain(segments).collect()
}
