//! What a file is, and which hostile ones are refused or flagged: every row of `docs/documents.md`, built in code.

mod coverage;
mod damage;
mod images;
mod make;
mod names;
mod office;
mod old_office;
mod pdfs;
mod texts;
mod uploads;

use std::io::Cursor;

use cpor::app::inspect::{Claimed, FileKind, InspectError, Inspection, inspect};
use cpor::domain::file::{FileFlag, FileRefusal};

/// What is answered to these bytes under this name.
fn answer(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Inspection, FileRefusal> {
    declared(name, None, bytes)
}

fn declared(name: &str, media_type: Option<&str>, bytes: impl Into<Vec<u8>>) -> Result<Inspection, FileRefusal> {
    inspect(Cursor::new(bytes.into()), &Claimed { name, media_type }).map_err(|error| match error {
        InspectError::Refused(refusal) => refusal,
        InspectError::Unreadable(error) => panic!("{error}"),
    })
}

/// The bytes are taken as this type, with these flags and no others.
#[track_caller]
fn taken(name: &str, bytes: impl Into<Vec<u8>>, kind: FileKind, flags: &[FileFlag]) {
    let found = answer(name, bytes).unwrap_or_else(|refusal| panic!("{name} is refused: {refusal}"));
    assert_eq!((found.kind, found.flags), (kind, flags.iter().copied().collect()), "{name}");
}

/// The bytes are refused for this reason.
#[track_caller]
fn refused(name: &str, bytes: impl Into<Vec<u8>>, refusal: FileRefusal) {
    assert_eq!(answer(name, bytes), Err(refusal), "{name}");
}
