//! Opaque ids: a tag that says of what, and the UUID. A wrong kind of id is told apart from one that leads nowhere.

use async_graphql::ID;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::errors::Failure;
use crate::domain::ids::{
    AssociationId, ClaimId, CommentId, DocumentId, NoteId, OrganizationId, PersonId, ProductLineId, UploadId,
};

/// Bytes of an id before they are encoded: the tag and the UUID.
const ID_BYTES: usize = 1 + 16;

/// An identity that the API shows.
pub trait Global: Copy {
    /// What stands before the UUID; given once, never reused.
    const TAG: u8;
    /// The UUID.
    fn uuid(self) -> Uuid;
    /// The identity of a UUID.
    fn of(id: Uuid) -> Self;
}

macro_rules! global {
    ($($name:ident = $tag:literal),+ $(,)?) => {$(
        impl Global for $name {
            const TAG: u8 = $tag;
            fn uuid(self) -> Uuid {
                self.0
            }
            fn of(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

global! {
    ClaimId = b'C',
    ProductLineId = b'L',
    DocumentId = b'D',
    UploadId = b'U',
    CommentId = b'M',
    NoteId = b'N',
    OrganizationId = b'O',
    PersonId = b'P',
    AssociationId = b'A',
}

/// The id as clients see it.
#[must_use]
pub fn encode<I: Global>(id: I) -> ID {
    let mut bytes = [I::TAG; ID_BYTES];
    bytes[1..].copy_from_slice(id.uuid().as_bytes());
    ID(URL_SAFE_NO_PAD.encode(bytes))
}

/// The identity behind an id of this kind.
///
/// # Errors
/// [`Failure::BadId`], naming the argument, for anything that [`encode`] does not make of this kind.
pub fn decode<I: Global>(id: &ID, argument: &'static str) -> Result<I, Failure> {
    match split(id) {
        Some((tag, uuid)) if tag == I::TAG => Ok(I::of(uuid)),
        _ => Err(Failure::BadId { argument }),
    }
}

/// Tag and UUID of an id of any kind; `None` for what is no id.
#[must_use]
pub fn split(id: &ID) -> Option<(u8, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(id.as_bytes()).ok().filter(|bytes| bytes.len() == ID_BYTES)?;
    let (tag, uuid) = bytes.split_first()?;
    Some((*tag, Uuid::from_slice(uuid).ok()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_identity_and_to_no_other_kind() {
        let claim = ClaimId::fresh();
        let id = encode(claim);
        assert_eq!(decode::<ClaimId>(&id, "id").unwrap(), claim);
        assert!(decode::<PersonId>(&id, "id").is_err());
        for text in ["", "CPOR-100001", "!", &"A".repeat(10_000)] {
            assert!(decode::<ClaimId>(&ID(text.to_owned()), "id").is_err(), "{text:.20}");
        }
    }
}
