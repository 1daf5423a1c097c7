//! Comments and internal notes.

use super::{Case, Decision, Note, decided};
use crate::domain::event::What;
use crate::domain::form::{Reader, name};
use crate::domain::ids::{CommentId, NoteId};
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;

pub(super) fn comment(case: &Case<'_>, id: CommentId, body: &str) -> Result<Decision, Refusal> {
    let body = read(case, body)?;
    decided(vec![case.event(What::Commented { id, body }, Vec::new())])
}

pub(super) fn note(case: &Case<'_>, id: NoteId, body: &str) -> Result<Decision, Refusal> {
    let body = read(case, body)?;
    Ok(Decision { note: Some(Note { id, body }), ..Decision::default() })
}

/// Claims are talked about from their submission on, in every status.
fn read(case: &Case<'_>, body: &str) -> Result<String, Refusal> {
    if matches!(case.claim.status, Status::Editing | Status::Canceled) {
        return Err(case.state_conflict());
    }
    let mut reader = Reader::default();
    let body = reader.required_prose(Some(body), name("body"));
    Refusal::unless_empty(reader.violations)?;
    Ok(body)
}
