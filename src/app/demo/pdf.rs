//! One-page PDF files with text, a rule and a signature: enough for a believable proof of execution.
//!
//! Text is written in the standard fonts. Letters that their usual encoding lacks get a code of their own by glyph name.

use std::fmt::Write;

/// A4, in points.
const PAGE: (i32, i32) = (595, 842);
/// The left and right margin, in points.
const MARGIN: i32 = 64;
/// Characters of running text that fit on a line.
const LINE_CHARS: usize = 84;
/// The code of the first letter of [`GLYPHS`]; what the encoding has there is of no use to a letter.
const FIRST_GLYPH_CODE: u8 = 128;

/// Letters beyond Latin-1, each with the name of its glyph.
const GLYPHS: &[(char, &str)] = &[
    ('ą', "aogonek"),
    ('ć', "cacute"),
    ('ę', "eogonek"),
    ('ł', "lslash"),
    ('Ł', "Lslash"),
    ('ń', "nacute"),
    ('ś', "sacute"),
    ('ź', "zacute"),
    ('Ź', "Zacute"),
    ('ż', "zdotaccent"),
    ('Ż', "Zdotaccent"),
    ('ő', "ohungarumlaut"),
    ('ű', "uhungarumlaut"),
    ('č', "ccaron"),
    ('Č', "Ccaron"),
    ('ř', "rcaron"),
    ('š', "scaron"),
    ('Š', "Scaron"),
    ('ž', "zcaron"),
    ('Ž', "Zcaron"),
    ('ě', "ecaron"),
    ('ů', "uring"),
    ('ș', "scommaaccent"),
    ('ț', "tcommaaccent"),
    ('ă', "abreve"),
    ('İ', "Idotaccent"),
    ('ı', "dotlessi"),
    ('ğ', "gbreve"),
    ('ş', "scedilla"),
    ('ō', "omacron"),
    ('–', "endash"),
    ('ố', "ocircumflex"),
    ('ễ', "ecircumflex"),
    ('ứ', "u"),
    ('đ', "dcroat"),
    ('Đ', "Dcroat"),
    ('œ', "oe"),
    ('Ľ', "Lcaron"),
    ('Ș', "Scommaaccent"),
    ('Ț', "Tcommaaccent"),
    ('Ō', "Omacron"),
    ('ū', "umacron"),
    ('ầ', "acircumflex"),
    ('ị', "i"),
];

#[derive(Clone, Copy)]
enum Font {
    Plain = 1,
    Bold = 2,
    Script = 3,
}

/// A page being written, from the top down.
pub(super) struct Page {
    content: String,
    y: i32,
}

impl Page {
    /// A page with a heading and a line below it.
    pub fn titled(title: &str, subtitle: &str) -> Self {
        let mut page = Self { content: String::new(), y: PAGE.1 - 84 };
        page.text(Font::Bold, 18, MARGIN, title);
        page.y -= 18;
        page.text(Font::Plain, 10, MARGIN, subtitle);
        page.y -= 10;
        page.rule(MARGIN, PAGE.0 - MARGIN);
        page.y -= 26;
        page
    }

    /// A name and a value.
    pub fn field(&mut self, name: &str, value: &str) {
        self.text(Font::Bold, 10, MARGIN, name);
        self.text(Font::Plain, 10, MARGIN + 130, value);
        self.y -= 16;
    }

    /// A heading between paragraphs.
    pub fn heading(&mut self, text: &str) {
        self.y -= 12;
        self.text(Font::Bold, 12, MARGIN, text);
        self.y -= 18;
    }

    /// Running text.
    pub fn paragraph(&mut self, text: &str) {
        for line in wrapped(text) {
            self.text(Font::Plain, 10, MARGIN, &line);
            self.y -= 14;
        }
        self.y -= 4;
    }

    /// An item of a list.
    pub fn item(&mut self, text: &str) {
        self.text(Font::Plain, 10, MARGIN + 8, "\u{b7}");
        self.text(Font::Plain, 10, MARGIN + 20, text);
        self.y -= 15;
    }

    /// Who signed, on a line; without a name the line stays empty.
    pub fn signature(&mut self, column: i32, signer: Option<&str>, beneath: &str) {
        let left = MARGIN + column * 240;
        self.y -= 46;
        if let Some(signer) = signer {
            self.text(Font::Script, 20, left + 6, signer);
        }
        self.y -= 6;
        self.rule(left, left + 210);
        self.y -= 13;
        self.text(Font::Plain, 9, left, beneath);
        self.y += 65;
    }

    fn text(&mut self, font: Font, size: i32, x: i32, text: &str) {
        let (y, font) = (self.y, font as u8);
        // Writing into a string does not fail.
        let _ = writeln!(self.content, "BT /F{font} {size} Tf {x} {y} Td ({}) Tj ET", literal(text));
    }

    fn rule(&mut self, from: i32, to: i32) {
        let y = self.y;
        let _ = writeln!(self.content, "0.6 w {from} {y} m {to} {y} l S");
    }

    /// The file.
    pub fn into_file(self) -> Vec<u8> {
        let differences: String = GLYPHS.iter().map(|(_, name)| format!("/{name} ")).collect();
        let font = |name| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding 4 0 R >>");
        let (width, height) = PAGE;
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 8 0 R \
                 /Resources << /Font << /F1 5 0 R /F2 6 0 R /F3 7 0 R >> >> >>"
            ),
            format!(
                "<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [{FIRST_GLYPH_CODE} {}] >>",
                differences.trim_end()
            ),
            font("Helvetica"),
            font("Helvetica-Bold"),
            font("Times-Italic"),
            format!("<< /Length {} >>\nstream\n{}endstream", self.content.len(), self.content),
        ];
        assemble(&objects)
    }
}

/// Objects numbered from 1, with the table that says where each begins.
fn assemble(objects: &[String]) -> Vec<u8> {
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = file.len();
    let _ = write!(file, "{table}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}

/// Text between parentheses: plain ASCII, everything else by its code in octal.
fn literal(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '(' | ')' | '\\' => written.extend(['\\', letter]),
            ' '..='~' => written.push(letter),
            _ => {
                let _ = write!(written, "\\{:03o}", code(letter));
            }
        }
    }
    written
}

fn code(letter: char) -> u8 {
    let place = GLYPHS.iter().position(|(known, _)| *known == letter).and_then(|index| u8::try_from(index).ok());
    match place {
        Some(index) => FIRST_GLYPH_CODE + index,
        None => u8::try_from(letter).ok().filter(|code| *code >= 0xA0).unwrap_or(b'?'),
    }
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let full = lines.last().is_some_and(|line| line.chars().count() + word.chars().count() >= LINE_CHARS);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_file_says_where_each_object_begins() {
        let mut page = Page::titled("Statement (sample)", "Łódź \\ Żuraw");
        page.paragraph(&"words and more words ".repeat(20));
        page.signature(0, Some("Ewa Dąbrowska"), "for the customer");
        let file = String::from_utf8(page.into_file()).unwrap_or_default();
        let table = file.split_once("xref\n0 9\n").map(|(_, table)| table).unwrap_or_default();
        for (index, line) in table.lines().skip(1).take(8).enumerate() {
            let offset: usize = line[..10].parse().unwrap_or_default();
            assert!(file[offset..].starts_with(&format!("{} 0 obj", index + 1)), "{line}");
        }
        let start: usize = file.lines().rev().nth(1).and_then(|line| line.parse().ok()).unwrap_or_default();
        assert!(file[start..].starts_with("xref"));
        assert!(file.contains(r"(Statement \(sample\))"), "{file}");
        assert!(file.contains(r"(\204\363d\207 \\ \212uraw)"), "{file}");
    }

    #[test]
    fn every_letter_of_the_demo_has_a_code() {
        let people =
            super::super::customers::PEOPLE.iter().flat_map(|(name, _, title, technical, _)| [*name, *title, *technical]);
        let letters = people.chain([super::super::PEOPLE_JSON]).flat_map(str::chars);
        let missing: Vec<char> = letters.filter(|letter| !letter.is_ascii() && code(*letter) == b'?').collect();
        assert_eq!(missing, Vec::<char>::new());
    }
}
