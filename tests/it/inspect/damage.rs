//! Damaged files of every type: whatever the damage, there is an answer, and soon.

use super::answer;
use super::make::{compound, docx, jpeg, pdf, png, tiff};

/// Damaged copies of each file.
const COPIES: u32 = 300;

/// Numbers that look random and are the same each time.
struct Dice(u32);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % bound
    }
}

fn damaged(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(copy.len());
        copy[at] = [0, 0xFF, 0x7F, b'%', b'/', dice.below(256) as u8][dice.below(6)];
    }
    if dice.below(4) == 0 {
        copy.truncate(1 + dice.below(bytes.len()));
    }
    copy
}

#[test]
fn no_damage_goes_without_an_answer() {
    let files = [
        ("a.pdf", pdf("/S /J#61vaScript /EmbeddedFile")),
        ("a.docx", docx(&[("word/vbaProject.bin", b"x"), ("word/_rels/document.xml.rels", b"<Relationships/>")])),
        ("a.doc", compound(&[("/WordDocument", &[7; 5_000]), ("/Macros/VBA/dir", b"x")])),
        ("a.png", png(8, 8)),
        ("a.jpg", jpeg(8, 8)),
        ("a.tiff", tiff(&[(8, 8), (9, 9)], 0)),
        ("a.rtf", br"{\rtf1{\object\objemb{\*\objdata 0105}}}".to_vec()),
        ("a.eml", b"From: tom@tailspin.example\r\nSubject: Yes\r\n\r\nYes.\r\n".to_vec()),
        ("a.csv", "a;b\n=1;2\n".into()),
    ];
    let mut dice = Dice(4_711);
    for (name, bytes) in files {
        assert!(answer(name, bytes.clone()).is_ok(), "{name}");
        for _ in 0..COPIES {
            // Taken or refused: either is an answer.
            let _ = answer(name, damaged(&bytes, &mut dice));
        }
    }
}
