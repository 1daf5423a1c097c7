//! What stands at the end of a file: a second file behind the first is how one passes for two.

use std::io::{Read, SeekFrom};

use super::{Answer, Flags, Source, bytes_at};
use crate::domain::file::{FileFlag, FileRefusal};

/// Bytes of the record that ends a zip archive, without its comment.
const END_RECORD_BYTES: u64 = 22;
/// The longest comment of a zip archive, in bytes.
const MAX_COMMENT_BYTES: u64 = 65_535;
/// Bytes behind the end that are looked at.
const REST_BYTES: u64 = 4_096;

/// Where an archive must end to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Archive {
    /// Wherever a program that opens archives would find it.
    Anywhere,
    /// With the last byte: containers of old Office files may rightly hold whole documents, stored as they are.
    AtTheVeryEnd,
}

/// The record that ends a zip archive.
#[derive(Clone, Copy, Debug)]
pub(super) struct EndRecord {
    /// How many entries it says there are.
    pub entries: u16,
    /// Where the archive ends, its comment included.
    pub end: u64,
}

/// The last record that ends a zip archive and has a directory before it.
pub(super) fn end_record(file: &mut dyn Source, bytes: u64) -> Answer<Option<EndRecord>> {
    let window = bytes.min(END_RECORD_BYTES + MAX_COMMENT_BYTES);
    let start = bytes - window;
    file.seek(SeekFrom::Start(start))?;
    let mut last = Vec::new();
    Read::take(&mut *file, window).read_to_end(&mut last)?;
    let places =
        last.windows(END_RECORD_BYTES as usize).enumerate().rev().filter(|(_, record)| record.starts_with(b"PK\x05\x06"));
    for (at, record) in places {
        let number = |from: usize| u32::from_le_bytes([record[from], record[from + 1], record[from + 2], record[from + 3]]);
        let short = |from: usize| u16::from_le_bytes([record[from], record[from + 1]]);
        let place = start + at as u64;
        let Some(before) = place.checked_sub(u64::from(number(12))) else { continue };
        let starts_directory = [before, u64::from(number(16))].into_iter().filter(|start| *start < place);
        for start in starts_directory {
            if &bytes_at::<4>(file, start)? == b"PK\x01\x02" {
                return Ok(Some(EndRecord { entries: short(10), end: place + END_RECORD_BYTES + u64::from(short(20)) }));
            }
        }
    }
    Ok(None)
}

/// Refuses what is no archive by its beginning, but opens as one from its end.
pub(super) fn refuse_archive(file: &mut dyn Source, bytes: u64, which: Archive) -> Answer<()> {
    match end_record(file, bytes)? {
        Some(record) if which == Archive::Anywhere || record.end == bytes => Err(FileRefusal::Polyglot.into()),
        _ => Ok(()),
    }
}

/// Looks at what follows the end of a file's own type, blanks and zeros apart: a program, an archive or a document is refused, anything
/// else flagged. Cameras put further images and films there.
pub(super) fn behind(file: &mut dyn Source, end: u64, flags: &mut Flags) -> Answer<()> {
    file.seek(SeekFrom::Start(end))?;
    let mut rest = Vec::new();
    Read::take(&mut *file, REST_BYTES).read_to_end(&mut rest)?;
    let is_filler = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    let Some(at) = rest.iter().position(|byte| !is_filler(byte)) else { return Ok(()) };
    use infer::MatcherType::{App, Archive, Book, Doc, Text};
    let kind = infer::get(&rest[at..]).map(|kind| kind.matcher_type());
    if matches!(kind, Some(App | Archive | Book | Doc | Text)) {
        return Err(FileRefusal::Polyglot.into());
    }
    flags.insert(FileFlag::TrailingData);
    Ok(())
}
