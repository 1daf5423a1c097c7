//! Top-level errors: for malformed requests and our own failures alone. What a rule refuses is a `UserError` of the payload.

use std::fmt::Display;

use async_graphql::{Error, ErrorExtensions};

use crate::store::page::{MAX_PAGE_ROWS, PageError};

/// What a request can do wrong that its types do not catch, and what can go wrong with us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// An id that is none, or one of another kind.
    BadId {
        /// Which argument.
        argument: &'static str,
    },
    /// A cursor that does not belong to this list.
    BadCursor {
        /// Which argument.
        argument: &'static str,
    },
    /// Both ends of a list at once, or a page of fewer than none or more than [`MAX_PAGE_ROWS`] rows.
    BadPage {
        /// Which argument.
        argument: &'static str,
    },
    /// A list or text of an argument that is too long.
    TooLong {
        /// Which argument.
        argument: &'static str,
        /// Items, or characters, that it may have.
        maximum: usize,
    },
    /// The stream was read too slowly and is closed; the error of the stream carries the cursor to resume from.
    SlowConsumer,
    /// The credential ran out or was revoked while a stream was open.
    CredentialEnded,
    /// The database is away or busy; the same request can succeed later.
    Unavailable,
    /// A mistake of ours.
    Internal,
}

impl Failure {
    /// As in `extensions.code`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BadId { .. } => "BAD_ID",
            Self::BadCursor { .. } => "BAD_CURSOR",
            Self::BadPage { .. } => "BAD_PAGE",
            Self::TooLong { .. } => "ARGUMENT_TOO_LONG",
            Self::SlowConsumer => "SLOW_CONSUMER",
            Self::CredentialEnded => "CREDENTIAL_ENDED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }

    /// As in `extensions.class`: whom to ask.
    fn class(self) -> &'static str {
        match self {
            Self::BadId { .. } | Self::BadCursor { .. } | Self::BadPage { .. } => "REQUEST",
            Self::TooLong { .. } | Self::SlowConsumer => "LIMIT",
            Self::CredentialEnded => "AUTH",
            Self::Unavailable | Self::Internal => "INTERNAL",
        }
    }

    /// As in `extensions.retryable`: whether the very same request can succeed later.
    fn is_retryable(self) -> bool {
        matches!(self, Self::Unavailable | Self::Internal | Self::SlowConsumer)
    }

    fn message(self) -> String {
        match self {
            Self::BadId { argument } => format!("`{argument}` is not an id of the kind that is asked for here."),
            Self::BadCursor { argument } => format!("`{argument}` is not a cursor of this list in this order."),
            Self::BadPage { argument } => {
                format!("`{argument}` must be from 0 to {MAX_PAGE_ROWS}, and `first` and `last` exclude each other.")
            }
            Self::TooLong { argument, maximum } => format!("`{argument}` is too long: {maximum} at most."),
            Self::SlowConsumer => "The stream was read too slowly. Resume it from `cursor`.".to_owned(),
            Self::CredentialEnded => "The credential has run out or was revoked.".to_owned(),
            Self::Unavailable => "The server cannot answer now. Try again.".to_owned(),
            Self::Internal => "The server failed to answer. The request id finds the cause in its log.".to_owned(),
        }
    }

    fn argument(self) -> Option<&'static str> {
        match self {
            Self::BadId { argument }
            | Self::BadCursor { argument }
            | Self::BadPage { argument }
            | Self::TooLong { argument, .. } => Some(argument),
            _ => None,
        }
    }

    /// The error of a stream that was read too slowly, with the cursor to resume from.
    #[must_use]
    pub fn slow_consumer(cursor: &str) -> Error {
        Error::from(Self::SlowConsumer).extend_with(|_, extensions| extensions.set("cursor", cursor))
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::new(failure.message()).extend_with(|_, extensions| {
            extensions.set("code", failure.code());
            extensions.set("class", failure.class());
            extensions.set("retryable", failure.is_retryable());
            if let Some(argument) = failure.argument() {
                extensions.set("argument", argument);
            }
        })
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        match error {
            PageError::FirstAndLast => Self::BadPage { argument: "first" },
            PageError::OutOfRange { argument } => Self::BadPage { argument },
            PageError::BadCursor { argument } => Self::BadCursor { argument },
        }
    }
}

/// Our own failure: the cause goes to the log, the client learns whether to try again.
pub fn ours(cause: &dyn Display, retryable: bool, request_id: &str) -> Error {
    tracing::error!(request_id, retryable, %cause, "a resolver failed");
    Error::from(if retryable { Failure::Unavailable } else { Failure::Internal })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_carries_its_code_and_nothing_internal() {
        let error = ours(&"relation \"claims\" does not exist", false, "r-1");
        assert!(!error.message.contains("claims"));
        let extensions = error.extensions.map(|values| format!("{values:?}")).unwrap_or_default();
        assert!(extensions.contains("INTERNAL_SERVER_ERROR") && !extensions.contains("relation"), "{extensions}");
    }

    #[test]
    fn each_page_error_has_its_code() {
        let codes =
            [PageError::FirstAndLast, PageError::OutOfRange { argument: "last" }, PageError::BadCursor { argument: "after" }]
                .map(|error| Failure::from(error).code());
        assert_eq!(codes, ["BAD_PAGE", "BAD_PAGE", "BAD_CURSOR"]);
    }
}
