//! What can go wrong in the store, told apart by what the caller can do about it.

use diesel::result::{DatabaseErrorKind, Error};

/// The index that holds one active association per key.
const ONE_ACTIVE_PER_KEY: &str = "associations_one_active_per_key";

/// A failure of the store. None of its texts is for clients: they go to the log.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is away, or the connection to it was lost. Whether a commit that was under way took effect is not known.
    #[error("the database is away: {0}")]
    Unavailable(String),
    /// A named wait ran out: for a connection, a statement or a lock.
    #[error("timed out: {0}")]
    Timeout(String),
    /// Another transaction got in the way: a deadlock or a serialization failure. Nothing was written.
    #[error("another transaction got in the way: {0}")]
    Contention(String),
    /// Another claim's association is active on a key.
    #[error("another association is active on a key")]
    KeyHeld,
    /// A row with this unique value exists.
    #[error("{constraint} holds this value already")]
    Duplicate {
        /// The constraint's name.
        constraint: String,
    },
    /// What is stored cannot be read as what the domain knows, or the other way round.
    #[error("stored data and domain disagree: {0}")]
    Corrupt(String),
    /// Reading or writing a file of the data directory failed.
    #[error("a file of the data directory: {0}")]
    Files(#[from] std::io::Error),
    /// Anything else that the database says: a mistake of ours.
    #[error(transparent)]
    Internal(Error),
}

impl StoreError {
    /// Whether the same call may succeed a moment later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Timeout(_) | Self::Contention(_))
    }

    /// Stored data that the domain cannot read.
    pub(super) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt(what.into())
    }
}

/// Diesel hides the SQLSTATE of errors it has no kind for: those few are known by PostgreSQL's own (English) words.
impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let Error::DatabaseError(kind, information) = &error else {
            return match error {
                Error::BrokenTransactionManager => Self::Unavailable(error.to_string()),
                other => Self::Internal(other),
            };
        };
        let message = information.message();
        match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => Self::Unavailable(message.to_owned()),
            DatabaseErrorKind::SerializationFailure => Self::Contention(message.to_owned()),
            DatabaseErrorKind::UniqueViolation => match information.constraint_name() {
                Some(ONE_ACTIVE_PER_KEY) => Self::KeyHeld,
                Some(constraint) => Self::Duplicate { constraint: constraint.to_owned() },
                None => Self::Internal(error),
            },
            DatabaseErrorKind::Unknown => by_words(message).unwrap_or(Self::Internal(error)),
            _ => Self::Internal(error),
        }
    }
}

fn by_words(message: &str) -> Option<StoreError> {
    const AWAY: [&str; 7] = [
        "terminating connection",
        "the database system is",
        "too many clients",
        "remaining connection slots",
        "too many connections",
        "database is being accessed",
        "No space left on device",
    ];
    const TIMEOUT: [&str; 2] = ["due to statement timeout", "due to lock timeout"];
    if message.contains("deadlock detected") {
        return Some(StoreError::Contention(message.to_owned()));
    }
    if TIMEOUT.iter().any(|words| message.contains(words)) {
        return Some(StoreError::Timeout(message.to_owned()));
    }
    AWAY.iter().any(|words| message.contains(words)).then(|| StoreError::Unavailable(message.to_owned()))
}
