//! Office files since 2007, and archives that pose as such.

use std::io::{Cursor, Write};

use cpor::app::inspect::FileKind::{Docx, Pptx, Xlsx};
use cpor::app::inspect::MAX_ENTRIES;
use cpor::domain::file::{FileFlag, FileRefusal};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::make::{contents, docx, joined, office, pdf, zip};
use super::{refused, taken};

const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";
const WORD_WITH_MACROS: &str = "application/vnd.ms-word.document.macroEnabled.main+xml";
const WORD_TEMPLATE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml";

/// The number of four bytes that a mark in an archive is followed by, after `skip` bytes, becomes `value`, wherever it stands.
fn with_number(mut bytes: Vec<u8>, mark: &[u8; 4], skip: usize, value: u32) -> Vec<u8> {
    let places: Vec<usize> = (0..bytes.len() - 4).filter(|at| &bytes[*at..at + 4] == mark).collect();
    for at in places {
        bytes[at + skip..at + skip + 4].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

#[test]
fn the_main_part_tells_which_it_is() {
    taken("plan.docx", docx(&[("word/media/image1.png", b"x"), ("docProps/core.xml", b"<a/>")]), Docx, &[]);
    taken("plan.xlsx", office("xl/workbook.xml", SHEET, &[]), Xlsx, &[]);
    taken("plan.pptx", office("ppt/presentation.xml", SLIDES, &[]), Pptx, &[]);
    refused("plan.xlsx", docx(&[]), FileRefusal::ExtensionMismatch);
    refused("plan.dotx", office("word/document.xml", WORD_TEMPLATE, &[]), FileRefusal::TypeNotAllowed);
    let missing = contents("word/other.xml", SHEET);
    refused("plan.xlsx", zip(&[("[Content_Types].xml", missing.as_bytes())]), FileRefusal::Broken);
}

#[test]
fn macros_are_flagged_whatever_the_name_says() {
    taken("plan.docx", docx(&[("word/vbaProject.bin", b"x")]), Docx, &[FileFlag::Macros]);
    taken("plan.docx", office("word/document.xml", WORD_WITH_MACROS, &[]), Docx, &[FileFlag::Macros]);
    taken("plan.xlsx", office("xl/workbook.xml", SHEET, &[("xl/macrosheets/sheet1.xml", b"<a/>")]), Xlsx, &[FileFlag::Macros]);
    refused("plan.docm", office("word/document.xml", WORD_WITH_MACROS, &[]), FileRefusal::ExtensionMismatch);
}

#[test]
fn files_inside_and_content_from_elsewhere_are_flagged() {
    taken("plan.docx", docx(&[("word/embeddings/oleObject1.bin", b"x")]), Docx, &[FileFlag::EmbeddedFiles]);
    taken("plan.docx", docx(&[("word/setup.exe", b"MZ")]), Docx, &[FileFlag::EmbeddedFiles]);
    let relations = |kind: &str| {
        format!(
            "<Relationships><Relationship Id=\"r1\" Target=\"http://evil.example/t.dotm\" TargetMode=\"External\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\"/></Relationships>"
        )
    };
    let name = "word/_rels/settings.xml.rels";
    taken("plan.docx", docx(&[(name, relations("attachedTemplate").as_bytes())]), Docx, &[FileFlag::ExternalContent]);
    taken("plan.docx", docx(&[(name, relations("hyperlink").as_bytes())]), Docx, &[]);
}

#[test]
fn an_archive_is_no_document() {
    refused("plan.docx", zip(&[("readme.txt", b"hello")]), FileRefusal::IsArchive);
    refused("plan.zip", zip(&[("readme.txt", b"hello")]), FileRefusal::IsArchive);
    refused("plan.docx", b"Rar!\x1A\x07\x01\x00rest".as_slice(), FileRefusal::IsArchive);
    refused("plan.pdf", b"7z\xBC\xAF\x27\x1C\0\x04rest".as_slice(), FileRefusal::IsArchive);
    refused("plan.docx", zip(&[("plan.docx", &docx(&[]))]), FileRefusal::IsArchive);
}

#[test]
fn one_that_begins_or_ends_as_something_else_is_refused() {
    refused("plan.docx", joined(&[&docx(&[]), &pdf("")]), FileRefusal::Polyglot);
    refused("plan.docx", joined(&[&zip(&[("a", b"b")]), &docx(&[])]), FileRefusal::Polyglot);
}

#[test]
fn bombs_are_refused_by_what_they_declare() {
    let zeros = vec![0; 5 * 1024 * 1024];
    refused("plan.docx", docx(&[("word/media/a.png", &zeros)]), FileRefusal::ExpandsTooMuch);
    let names: Vec<String> = (0..=MAX_ENTRIES).map(|n| format!("{n}.xml")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    refused("plan.docx", docx(&many), FileRefusal::ExpandsTooMuch);
    // Each part in measure, all together not.
    let names: Vec<String> = (0..64).map(|n| format!("word/{n}.xml")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    let large = with_number(docx(&many), b"PK\x01\x02", 24, 4 * 1024 * 1024);
    refused("plan.docx", large, FileRefusal::ExpandsTooMuch);
}

#[test]
fn a_part_that_becomes_more_than_it_declares_is_refused() {
    // A million bytes that the directory and the header call ten.
    let lying = with_number(docx(&[("word/a.xml", &vec![b' '; 1_000_000])]), b"PK\x01\x02", 24, 10);
    refused("plan.docx", lying, FileRefusal::Broken);
}

#[test]
fn parts_whose_names_lead_out_or_meet_are_refused() {
    for name in ["../../etc/cron.d/x", "/etc/passwd", "C:\\evil.xml", "word\\..\\evil.xml"] {
        refused("plan.docx", docx(&[(name, b"x")]), FileRefusal::UnsafeParts);
    }
    refused("plan.docx", docx(&[("WORD/document.xml", b"<other/>")]), FileRefusal::UnsafeParts);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("[Content_Types].xml", SimpleFileOptions::default()).unwrap();
    archive.write_all(b"x").unwrap();
    archive.add_symlink("word/link.xml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    refused("plan.docx", archive.finish().unwrap().into_inner(), FileRefusal::UnsafeParts);
}

#[test]
fn encrypted_and_broken_ones_are_refused() {
    let mut encrypted = docx(&[]);
    let places: Vec<usize> = (0..encrypted.len() - 4).filter(|at| &encrypted[*at..at + 4] == b"PK\x01\x02").collect();
    places.into_iter().for_each(|at| encrypted[at + 8] |= 1);
    refused("plan.docx", encrypted, FileRefusal::Encrypted);
    let whole = docx(&[]);
    refused("plan.docx", &whole[..whole.len() - 30], FileRefusal::Broken);
    let mut damaged = docx(&[("word/a.xml", &[b'a'; 4_000])]);
    let at = damaged.windows(10).position(|window| window == b"word/a.xml").unwrap() + 14;
    damaged[at] ^= 0xFF;
    refused("plan.docx", damaged, FileRefusal::Broken);
}
