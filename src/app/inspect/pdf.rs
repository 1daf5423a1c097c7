//! PDF: what it would do when opened, also where that stands in compressed objects, and where it ends.

use std::io::{BufReader, Read, SeekFrom};

use flate2::read::ZlibDecoder;

use super::words::Words;
use super::{Answer, Flags, Source, tail};
use crate::domain::file::{FileFlag, FileRefusal};

/// Bytes between the name of an object stream and its data.
const MAX_DICTIONARY_BYTES: u64 = 4_096;
/// All object streams of a file together, unpacked, in bytes (64 MiB): they hold its structure, not its pictures.
const MAX_OBJECT_BYTES: u64 = 64 * 1024 * 1024;
/// Object streams that are looked into.
const MAX_OBJECT_STREAMS: usize = 10_000;

pub(super) fn inspect(file: &mut dyn Source, bytes: u64, flags: &mut Flags) -> Answer<()> {
    let (mut streams, mut end) = (Vec::new(), None);
    file.rewind()?;
    let mut comments = Words::after(b'%', |byte| !byte.is_ascii_whitespace());
    let mut names = names();
    for (place, byte) in BufReader::new(&mut *file).bytes().enumerate() {
        let (place, byte) = (place as u64, byte?);
        if comments.take(byte).is_some_and(|word| word == b"%EOF") {
            end = Some(place);
        }
        match names.take(byte).map(decoded) {
            Some(name) if name == b"ObjStm" => streams.push(place),
            Some(name) => flag(&name, flags),
            None => {}
        }
    }
    if comments.end().is_some_and(|word| word == b"%EOF") {
        end = Some(bytes);
    }
    streams.truncate(MAX_OBJECT_STREAMS);
    let mut budget = MAX_OBJECT_BYTES;
    for place in streams {
        look_into(file, place, &mut budget, flags)?;
    }
    match end {
        Some(end) => tail::behind(file, end, flags),
        None => {
            flags.insert(FileFlag::Incomplete);
            Ok(())
        }
    }
}

/// Names end at white space and at the marks of the syntax (ISO 32000-1, 7.2.2).
fn names() -> Words {
    Words::after(b'/', |byte| !byte.is_ascii_whitespace() && byte != 0 && !b"()<>[]{}/%".contains(&byte))
}

/// A name with its `#4A` written out (ISO 32000-1, 7.3.5): the usual way to hide one.
fn decoded(name: Vec<u8>) -> Vec<u8> {
    if !name.contains(&b'#') {
        return name;
    }
    let digit = |at: usize| name.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut plain, mut at) = (Vec::with_capacity(name.len()), 0);
    while at < name.len() {
        match (name[at], digit(at + 1), digit(at + 2)) {
            (b'#', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    plain
}

fn flag(name: &[u8], flags: &mut Flags) {
    let flag = match name {
        b"JavaScript" => FileFlag::JavaScript,
        b"Launch" => FileFlag::LaunchAction,
        b"EmbeddedFile" | b"RichMedia" => FileFlag::EmbeddedFiles,
        b"Encrypt" => FileFlag::Encrypted,
        _ => return,
    };
    flags.insert(flag);
}

/// Reads the names in a compressed object stream, as far as it can be inflated: one that cannot is not run by a viewer either.
fn look_into(file: &mut dyn Source, place: u64, budget: &mut u64, flags: &mut Flags) -> Answer<()> {
    file.seek(SeekFrom::Start(place))?;
    let mut dictionary = Vec::new();
    Read::take(&mut *file, MAX_DICTIONARY_BYTES).read_to_end(&mut dictionary)?;
    let keyword = b"stream";
    let Some(at) = dictionary.windows(keyword.len()).position(|window| window == keyword) else { return Ok(()) };
    let line_end = dictionary[at + keyword.len()..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).take(2).count();
    file.seek(SeekFrom::Start(place + (at + keyword.len() + line_end) as u64))?;
    let mut names = names();
    for byte in BufReader::new(ZlibDecoder::new(&mut *file)).bytes() {
        let Ok(byte) = byte else { break };
        *budget = budget.checked_sub(1).ok_or(FileRefusal::ExpandsTooMuch)?;
        if let Some(name) = names.take(byte).map(decoded) {
            flag(&name, flags);
        }
    }
    Ok(())
}
