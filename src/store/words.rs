//! Stored words and numbers back to the domain's own types; what the domain does not know is an error, never a guess.

use crate::domain::actor::{Author, Role};
use crate::domain::ids::PersonId;
use uuid::Uuid;

use super::errors::StoreError;

/// A value of a closed list from its stored code.
pub(super) fn word<T>(code: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    read(code).ok_or_else(|| StoreError::corrupt(format!("{code:?} is not among the {}", std::any::type_name::<T>())))
}

/// The same for a value that may be absent.
pub(super) fn maybe_word<T>(code: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, StoreError> {
    code.map(|code| word(code, read)).transpose()
}

/// A small stored number as the domain counts.
pub(super) fn count(stored: i16) -> Result<u16, StoreError> {
    u16::try_from(stored).map_err(|_| StoreError::corrupt(format!("{stored} is not a count")))
}

/// A count as it is stored.
pub(super) fn stored_count(count: u16) -> Result<i16, StoreError> {
    i16::try_from(count).map_err(|_| StoreError::corrupt(format!("{count} is too large to store")))
}

/// A position in a list as it is stored.
pub(super) fn position(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

/// 32 bytes of a hash.
pub(super) fn hash32(bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::corrupt(format!("a hash of {} bytes", bytes.len())))
}

/// The kinds of author, as stored.
pub(super) const BY_PERSON: &str = "PERSON";
/// The customer, by consent link.
pub(super) const BY_CUSTOMER: &str = "CUSTOMER";
/// A clock that ran out.
pub(super) const BY_CLOCK: &str = "CLOCK";

/// An author as three columns: kind, person, role.
pub(super) fn author_columns(author: Author) -> (&'static str, Option<Uuid>, Option<&'static str>) {
    match author {
        Author::Person { id, role } => (BY_PERSON, Some(id.0), Some(role.code())),
        Author::Customer => (BY_CUSTOMER, None, None),
        Author::Clock => (BY_CLOCK, None, None),
    }
}

/// An author from three columns.
pub(super) fn author(kind: &str, person: Option<Uuid>, role: Option<&str>) -> Result<Author, StoreError> {
    match (kind, person, role) {
        (BY_PERSON, Some(id), Some(role)) => Ok(Author::Person { id: PersonId(id), role: word(role, Role::from_code)? }),
        (BY_CUSTOMER, None, None) => Ok(Author::Customer),
        (BY_CLOCK, None, None) => Ok(Author::Clock),
        _ => Err(StoreError::corrupt(format!("an author of kind {kind:?} with the wrong parts"))),
    }
}

/// A person who acts in a role: the only author some columns can hold.
pub(super) fn person_columns(author: Author) -> Result<(Uuid, &'static str), StoreError> {
    match author {
        Author::Person { id, role } => Ok((id.0, role.code())),
        Author::Customer | Author::Clock => Err(StoreError::corrupt("only a person can do this")),
    }
}
