//! Compound files: which program's they are by their streams, and what else is inside.

use std::io::{BufReader, Read, Seek};

use cfb::CompoundFile;

use super::archive::MAX_ENTRIES;
use super::kind::FileKind;
use super::{Answer, Flags, Source};
use crate::domain::file::{FileFlag, FileRefusal};

/// How every compound file begins.
pub(super) const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The stream of each type, at the root.
const MAIN_STREAMS: &[(&str, FileKind)] = &[
    ("/WordDocument", FileKind::Doc),
    ("/Workbook", FileKind::Xls),
    ("/Book", FileKind::Xls),
    ("/PowerPoint Document", FileKind::Ppt),
    ("/__properties_version1.0", FileKind::Msg),
];
/// The records by which a presentation tells that macros are inside ([MS-PPT], `VBAInfoContainer` and `VBAInfoAtom`).
const MACROS_IN_SLIDES: [u8; 16] = [0x1F, 0, 0xFF, 0x03, 0x14, 0, 0, 0, 0x02, 0, 0, 0x04, 0x0C, 0, 0, 0];

pub(super) fn inspect(file: &mut dyn Source, flags: &mut Flags) -> Answer<FileKind> {
    file.rewind()?;
    let mut compound = CompoundFile::open(BufReader::new(file))?;
    let names = names(&compound)?;
    // What is encrypted as a whole shows a container and nothing of its type.
    if compound.is_stream("/EncryptedPackage") {
        return Err(FileRefusal::Encrypted.into());
    }
    let main = MAIN_STREAMS.iter().find(|(stream, _)| compound.is_stream(stream));
    let (stream, kind) = main.ok_or(FileRefusal::TypeNotAllowed)?;
    for name in &names {
        flag(name, flags);
    }
    if is_encrypted(&mut compound, stream, *kind)? || names.iter().any(|name| name == "EncryptedSummary") {
        flags.insert(FileFlag::Encrypted);
    }
    if *kind == FileKind::Ppt && contains(&mut compound.open_stream(stream)?, &MACROS_IN_SLIDES)? {
        flags.insert(FileFlag::Macros);
    }
    Ok(*kind)
}

fn names<F: Read + Seek>(compound: &CompoundFile<F>) -> Answer<Vec<String>> {
    let names: Vec<String> = compound.walk().take(MAX_ENTRIES + 1).map(|entry| entry.name().to_owned()).collect();
    if names.len() > MAX_ENTRIES { Err(FileRefusal::ExpandsTooMuch.into()) } else { Ok(names) }
}

fn flag(name: &str, flags: &mut Flags) {
    match name {
        "Macros" | "VBA" | "_VBA_PROJECT" | "_VBA_PROJECT_CUR" => flags.insert(FileFlag::Macros),
        "ObjectPool" | "Package" | "\u{1}Ole10Native" => flags.insert(FileFlag::EmbeddedFiles),
        _ if name.starts_with("MBD") || name.starts_with("__attach_version1.0") => flags.insert(FileFlag::EmbeddedFiles),
        _ => false,
    };
}

/// Word says so in the head of its stream, Excel in the record after the first ([MS-DOC] 2.5.1, [MS-XLS] 2.4.117).
fn is_encrypted<F: Read + Seek>(compound: &mut CompoundFile<F>, stream: &str, kind: FileKind) -> Answer<bool> {
    let mut head = Vec::new();
    compound.open_stream(stream)?.take(4_096).read_to_end(&mut head)?;
    let short = |at: usize| head.get(at..at + 2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
    Ok(match kind {
        FileKind::Doc => short(10).is_some_and(|bits| bits & 0x0100 != 0),
        FileKind::Xls => short(2).and_then(|length| short(4 + usize::from(length))) == Some(0x002F),
        _ => false,
    })
}

/// Whether the bytes hold the pattern, which begins with a byte that it does not repeat.
fn contains(stream: &mut impl Read, pattern: &[u8]) -> Answer<bool> {
    let mut matched = 0;
    for byte in BufReader::new(stream).bytes() {
        let byte = byte?;
        matched = if byte == pattern[matched] { matched + 1 } else { usize::from(byte == pattern[0]) };
        if matched == pattern.len() {
            return Ok(true);
        }
    }
    Ok(false)
}
