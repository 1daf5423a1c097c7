//! Office files until 2003, and Outlook's messages.

use cpor::app::inspect::FileKind::{Doc, Msg, Ppt, Xls};
use cpor::domain::file::{FileFlag, FileRefusal};

use super::make::{compound, docx, joined, zip};
use super::{refused, taken};

const WORD: (&str, &[u8]) = ("/WordDocument", &[0; 64]);

#[test]
fn the_streams_tell_which_it_is() {
    taken("plan.doc", compound(&[WORD]), Doc, &[]);
    taken("plan.xls", compound(&[("/Workbook", b"x")]), Xls, &[]);
    taken("plan.xls", compound(&[("/Book", b"x")]), Xls, &[]);
    taken("plan.ppt", compound(&[("/PowerPoint Document", b"x")]), Ppt, &[]);
    taken("mail.msg", compound(&[("/__properties_version1.0", b"x")]), Msg, &[]);
    refused("plan.xls", compound(&[WORD]), FileRefusal::ExtensionMismatch);
    refused("setup.msi", compound(&[("/Tables", b"x")]), FileRefusal::TypeNotAllowed);
}

#[test]
fn macros_are_flagged() {
    taken("plan.doc", compound(&[WORD, ("/Macros/VBA/dir", b"x")]), Doc, &[FileFlag::Macros]);
    taken("plan.xls", compound(&[("/Workbook", b"x"), ("/_VBA_PROJECT_CUR/VBA/dir", b"x")]), Xls, &[FileFlag::Macros]);
    let slides = joined(&[&[0x0F, 0, 0x1F], &[0x1F, 0, 0xFF, 3, 0x14, 0, 0, 0, 2, 0, 0, 4, 0x0C, 0, 0, 0, 1]]);
    taken("plan.ppt", compound(&[("/PowerPoint Document", &slides)]), Ppt, &[FileFlag::Macros]);
}

#[test]
fn files_inside_and_attachments_are_flagged() {
    taken("plan.doc", compound(&[WORD, ("/ObjectPool/_1/\u{1}Ole10Native", b"x")]), Doc, &[FileFlag::EmbeddedFiles]);
    let message = [("/__properties_version1.0", b"x".as_slice()), ("/__attach_version1.0_#00000000/data", b"x".as_slice())];
    taken("mail.msg", compound(&message), Msg, &[FileFlag::EmbeddedFiles]);
    // A whole document inside is stored as it is, and is no second face of the file.
    taken("plan.doc", compound(&[WORD, ("/ObjectPool/_1/Package", &docx(&[]))]), Doc, &[FileFlag::EmbeddedFiles]);
}

#[test]
fn encryption_is_flagged_or_refused_where_it_hides_the_type() {
    let mut head = [0_u8; 64];
    head[11] = 0x01;
    taken("plan.doc", compound(&[("/WordDocument", &head)]), Doc, &[FileFlag::Encrypted]);
    let workbook = [0x09, 0x08, 2, 0, 0, 6, 0x2F, 0, 0x36, 0];
    taken("plan.xls", compound(&[("/Workbook", &workbook)]), Xls, &[FileFlag::Encrypted]);
    refused("plan.docx", compound(&[("/EncryptedPackage", b"x"), ("/EncryptionInfo", b"x")]), FileRefusal::Encrypted);
}

#[test]
fn one_that_is_broken_or_ends_as_an_archive_is_refused() {
    let whole = compound(&[WORD]);
    refused("plan.doc", &whole[..600], FileRefusal::Broken);
    refused("plan.doc", joined(&[&whole, &zip(&[("evil.js", b"1")])]), FileRefusal::Polyglot);
}
