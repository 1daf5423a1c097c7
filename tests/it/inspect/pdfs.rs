//! PDF.

use cpor::app::inspect::FileKind::Pdf;
use cpor::domain::file::{FileFlag, FileRefusal};

use super::make::{deflated, joined, pdf, zip};
use super::{refused, taken};

fn with_object_stream(inside: &[u8]) -> Vec<u8> {
    let packed = deflated(inside);
    let head =
        format!("%PDF-1.7\n5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {} >>\nstream\r\n", packed.len());
    joined(&[head.as_bytes(), &packed, b"\nendstream\nendobj\n%%EOF\n"])
}

#[test]
fn a_plain_one_is_taken_whatever_follows_its_end_in_blanks() {
    taken("sow.pdf", pdf(""), Pdf, &[]);
    taken("SOW.PDF", joined(&[&pdf(""), b"\r\n\0\0 "]), Pdf, &[]);
    taken("sow.pdf", b"%PDF-1.7\n%%EOF".as_slice(), Pdf, &[]);
}

#[test]
fn what_it_would_do_when_opened_is_flagged_also_when_the_name_is_written_in_digits() {
    for (inside, flag) in [
        ("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", FileFlag::JavaScript),
        ("/OpenAction << /S /J#61vaScript>>", FileFlag::JavaScript),
        ("/A<</S/Launch/F(cmd.exe)>>", FileFlag::LaunchAction),
        ("/EF << /F 3 0 R >> /Type /EmbeddedFile", FileFlag::EmbeddedFiles),
        ("/Encrypt 4 0 R", FileFlag::Encrypted),
    ] {
        taken("sow.pdf", pdf(inside), Pdf, &[flag]);
    }
    // Words that merely begin so.
    taken("sow.pdf", pdf("/JavaScripts /Launcher /EncryptMetadata true"), Pdf, &[]);
}

#[test]
fn what_stands_in_compressed_objects_is_found_too() {
    taken("sow.pdf", with_object_stream(b"1 0 << /S /JavaScript /JS (x) >>"), Pdf, &[FileFlag::JavaScript]);
    taken("sow.pdf", with_object_stream(b"1 0 << /Type /Page >>"), Pdf, &[]);
}

#[test]
fn compressed_objects_that_expand_without_end_are_refused() {
    let bomb = with_object_stream(&vec![b' '; 65 * 1024 * 1024]);
    assert!(bomb.len() < 1024 * 1024);
    refused("sow.pdf", bomb, FileRefusal::ExpandsTooMuch);
}

#[test]
fn one_that_breaks_off_and_one_that_goes_on_are_flagged() {
    taken("sow.pdf", b"%PDF-1.7\n1 0 obj <<".as_slice(), Pdf, &[FileFlag::Incomplete]);
    taken("sow.pdf", joined(&[&pdf(""), b"and so on"]), Pdf, &[FileFlag::TrailingData]);
}

#[test]
fn one_that_is_something_else_as_well_is_refused() {
    let archive = zip(&[("evil.js", b"1")]);
    refused("sow.pdf", joined(&[&pdf(""), &archive]), FileRefusal::Polyglot);
    // The end of the PDF inside the comment of the archive.
    let mut commented = joined(&[b"%PDF-1.7\n", &archive]);
    let place = commented.len() - 2;
    commented[place..].copy_from_slice(&6_u16.to_le_bytes());
    refused("sow.pdf", joined(&[&commented, b"%%EOF\n"]), FileRefusal::Polyglot);
    for prefix in ["GIF89a", "<html><script>alert(1)</script>", "/*\n"] {
        refused("sow.pdf", joined(&[prefix.as_bytes(), &pdf("")]), FileRefusal::Polyglot);
    }
    refused("sow.pdf", joined(&[&pdf(""), b"MZ\x90\0\x03\0\0\0"]), FileRefusal::Polyglot);
}
