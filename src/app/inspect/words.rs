//! Words of a format, each after a mark: `/JavaScript` in PDF, `\objdata` in RTF. Read byte by byte, so that a file need not fit in memory.

/// The longest word that is remembered, in bytes; what is longer is no word that is looked for.
const MAX_WORD_BYTES: usize = 32;

/// Puts bytes together to words.
pub(super) struct Words {
    mark: u8,
    is_part: fn(u8) -> bool,
    word: Option<Vec<u8>>,
}

impl Words {
    /// Words that begin after `mark` and go on while `is_part` says so.
    pub fn after(mark: u8, is_part: fn(u8) -> bool) -> Self {
        Self { mark, is_part, word: None }
    }

    /// Takes the next byte; the word that it ends, if it ends one.
    pub fn take(&mut self, byte: u8) -> Option<Vec<u8>> {
        if let Some(word) = self.word.as_mut().filter(|_| (self.is_part)(byte)) {
            if word.len() < MAX_WORD_BYTES {
                word.push(byte);
            }
            return None;
        }
        let opens = (byte == self.mark).then(Vec::new);
        std::mem::replace(&mut self.word, opens)
    }

    /// The word that the end of the file ends.
    pub fn end(self) -> Option<Vec<u8>> {
        self.word
    }
}
