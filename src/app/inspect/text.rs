//! Text: nothing but characters, whatever the encoding; and which kind of text, as far as content can tell.

use std::io::{self, BufRead, BufReader, Bytes, Read};

use super::kind::FileKind;
use super::{Answer, Flags, Source};
use crate::domain::file::{FileFlag, FileRefusal};

/// What text that a browser or a shell would run begins with.
const RUNS: &[&str] = &["<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "<?php", "<%", "#!", "@echo"];
/// Fields that every message has some of.
const MAIL_FIELDS: &[&str] =
    &["from", "to", "date", "subject", "received", "return-path", "message-id", "mime-version", "delivered-to"];
/// Bytes of a line that are looked at; of a longer one each such piece counts as a line.
const MAX_LINE_BYTES: u64 = 65_536;

pub(super) fn inspect(file: &mut dyn Source, head: &[u8], name: &str, flags: &mut Flags) -> Answer<FileKind> {
    let start = String::from_utf8_lossy(head).trim_start_matches('\u{FEFF}').trim_start().to_ascii_lowercase();
    if RUNS.iter().any(|run| start.starts_with(run)) {
        return Err(FileRefusal::TypeNotAllowed.into());
    }
    let has_formulas = characters(file, head)?;
    let extension = name.rsplit('.').next().unwrap_or_default();
    if extension.eq_ignore_ascii_case("csv") {
        if has_formulas {
            flags.insert(FileFlag::Formulas);
        }
        return Ok(FileKind::Csv);
    }
    // Any text may be called text; a message has fields before all.
    if !extension.eq_ignore_ascii_case("txt") && is_message(&start) {
        attachments(file, flags)?;
        return Ok(FileKind::Eml);
    }
    Ok(FileKind::Txt)
}

/// Refuses what is no character of a text. Tells whether a cell of a list, were it one, would be a formula.
fn characters(file: &mut dyn Source, head: &[u8]) -> Answer<bool> {
    file.rewind()?;
    let (mut is_start, mut has_formulas) = (true, false);
    for unit in units(file, head) {
        let unit = unit?;
        if !is_character(unit) {
            return Err(FileRefusal::TypeNotAllowed.into());
        }
        let letter = char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER);
        has_formulas |= is_start && matches!(letter, '=' | '@');
        is_start = matches!(letter, '\n' | '\r' | ',' | ';' | '\t' | '\u{FEFF}') || (is_start && letter == '"');
    }
    Ok(has_formulas)
}

/// Whether a code unit is no control character but a tab or the end of a line or page.
pub(super) fn is_character(unit: u16) -> bool {
    matches!(unit, 0x09 | 0x0A | 0x0C | 0x0D) || (unit >= 0x20 && unit != 0x7F)
}

/// The code units of a text: of UTF-16 where the byte order mark says so, otherwise bytes, be they UTF-8 or of an older code page.
fn units<'f>(file: &'f mut dyn Source, head: &[u8]) -> Box<dyn Iterator<Item = io::Result<u16>> + 'f> {
    let bytes = BufReader::new(file).bytes();
    match head {
        [0xFF, 0xFE, ..] => Box::new(Pairs { bytes, join: u16::from_le_bytes }),
        [0xFE, 0xFF, ..] => Box::new(Pairs { bytes, join: u16::from_be_bytes }),
        [0xEF, 0xBB, 0xBF, ..] => Box::new(bytes.skip(3).map(|byte| byte.map(u16::from))),
        _ => Box::new(bytes.map(|byte| byte.map(u16::from))),
    }
}

/// Bytes two by two; a last one alone is no text.
struct Pairs<R> {
    bytes: Bytes<R>,
    join: fn([u8; 2]) -> u16,
}

impl<R: Read> Iterator for Pairs<R> {
    type Item = io::Result<u16>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.bytes.next()?;
        let second = self.bytes.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()));
        Some(first.and_then(|first| second.map(|second| (self.join)([first, second]))))
    }
}

/// A message begins with fields, one of which at least is a message's (RFC 5322, 2.2).
fn is_message(start: &str) -> bool {
    let fields = start.lines().take_while(|line| !line.trim().is_empty()).filter(|line| !line.starts_with([' ', '\t']));
    let names: Option<Vec<&str>> = fields.map(|line| line.split_once(':').map(|(name, _)| name)).take(20).collect();
    // The head may end in the midst of a field, and some mailboxes begin with a line of their own.
    names.is_some_and(|names| names.iter().any(|name| MAIL_FIELDS.contains(name)))
}

fn attachments(file: &mut dyn Source, flags: &mut Flags) -> Answer<()> {
    file.rewind()?;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if text.contains("content-disposition: attachment") || text.contains("filename=") || text.contains("filename*") {
            flags.insert(FileFlag::EmbeddedFiles);
            return Ok(());
        }
    }
}
