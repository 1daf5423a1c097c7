//! Office files since 2007: a zip archive whose table of contents says what it is.

use super::archive::Archive;
use super::kind::FileKind;
use super::{Answer, Flags, Source};
use crate::domain::file::{FileFlag, FileRefusal};

/// The table of contents, in small letters.
const CONTENTS: &str = "[content_types].xml";
/// The content type of each type's main part, plain and with macros.
const MAIN_PARTS: &[(&str, FileKind)] = &[
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", FileKind::Docx),
    ("application/vnd.ms-word.document.macroenabled.main+xml", FileKind::Docx),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", FileKind::Xlsx),
    ("application/vnd.ms-excel.sheet.macroenabled.main+xml", FileKind::Xlsx),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", FileKind::Pptx),
    ("application/vnd.ms-powerpoint.presentation.macroenabled.main+xml", FileKind::Pptx),
];
/// Extensions of parts that belong to a document itself; a part of any other is a file inside.
const OWN_PARTS: &[&str] = &[
    "bin", "bmp", "emf", "fntdata", "gif", "jpeg", "jpg", "odttf", "png", "psmdcp", "rels", "svg", "tif", "tiff", "vml", "wdp",
    "wmf", "xml",
];

pub(super) fn inspect(file: &mut dyn Source, bytes: u64, flags: &mut Flags) -> Answer<FileKind> {
    let mut archive = Archive::open(file, bytes)?;
    let contents = archive.read(CONTENTS)?.ok_or(FileRefusal::IsArchive)?.to_lowercase();
    let (kind, part) = main_part(&contents).ok_or(FileRefusal::TypeNotAllowed)?;
    if !archive.names.iter().any(|name| name == part.trim_start_matches('/')) {
        return Err(FileRefusal::Broken.into());
    }
    archive.inflate()?;
    if contents.contains("macroenabled") || contents.contains("vbaproject") {
        flags.insert(FileFlag::Macros);
    }
    for name in archive.names.clone() {
        flag(&name, flags);
        if name.ends_with(".rels") && archive.read(&name)?.is_some_and(|relations| fetches(&relations.to_lowercase())) {
            flags.insert(FileFlag::ExternalContent);
        }
    }
    Ok(kind)
}

/// The main part that the table of contents names, with its type.
fn main_part(contents: &str) -> Option<(FileKind, &str)> {
    elements(contents, "override").find_map(|element| {
        let content_type = attribute(element, "contenttype")?;
        let kind = MAIN_PARTS.iter().find(|(main, _)| *main == content_type).map(|(_, kind)| *kind)?;
        Some((kind, attribute(element, "partname")?))
    })
}

fn flag(name: &str, flags: &mut Flags) {
    if name.ends_with("vbaproject.bin") || name.contains("/macrosheets/") {
        flags.insert(FileFlag::Macros);
    }
    let extension = name.rsplit('.').next().unwrap_or_default();
    let is_own = name.ends_with('/') || OWN_PARTS.contains(&extension);
    if !is_own || name.contains("/embeddings/") || name.contains("/activex/") {
        flags.insert(FileFlag::EmbeddedFiles);
    }
}

/// Whether relations lead elsewhere other than by a link that a person would click.
fn fetches(relations: &str) -> bool {
    elements(relations, "relationship").any(|element| {
        let is_link = attribute(element, "type").is_some_and(|kind| kind.ends_with("/hyperlink"));
        attribute(element, "targetmode") == Some("external") && !is_link
    })
}

/// The opening tags of this name, whatever their prefix. Enough of XML for what Office writes; what it does not find is no Office file.
fn elements<'x>(xml: &'x str, name: &'x str) -> impl Iterator<Item = &'x str> {
    xml.split('<').skip(1).filter_map(move |rest| {
        let tag = rest.split('>').next()?;
        let found = tag.split(|c: char| c.is_whitespace() || c == '/').next()?;
        (found.rsplit(':').next() == Some(name)).then_some(tag)
    })
}

/// The value of an attribute in an opening tag.
fn attribute<'x>(tag: &'x str, name: &str) -> Option<&'x str> {
    tag.match_indices(name).find_map(|(at, _)| {
        let is_whole = tag[..at].ends_with(char::is_whitespace);
        let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|quote| is_whole && matches!(quote, '"' | '\''))?;
        value[1..].split(quote).next()
    })
}
