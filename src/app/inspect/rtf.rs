//! Rich text: objects inside, templates from elsewhere, and where it ends.

use std::io::{BufReader, Read};

use super::words::Words;
use super::{Answer, Flags, Source, tail};
use crate::domain::file::FileFlag;

pub(super) fn inspect(file: &mut dyn Source, bytes: u64, flags: &mut Flags) -> Answer<()> {
    let mut words = Words::after(b'\\', |byte| byte.is_ascii_alphabetic());
    let (mut open, mut is_escaped, mut end) = (0_i64, false, None);
    file.rewind()?;
    for (place, byte) in BufReader::new(&mut *file).bytes().enumerate() {
        let byte = byte?;
        if let Some(word) = words.take(byte) {
            flag(&word, flags);
        }
        match byte {
            b'{' if !is_escaped => open += 1,
            b'}' if !is_escaped => open -= 1,
            _ => {}
        }
        is_escaped = byte == b'\\' && !is_escaped;
        if open == 0 {
            end = Some(place as u64 + 1);
            break;
        }
    }
    match end {
        Some(end) if end < bytes => tail::behind(file, end, flags),
        Some(_) => Ok(()),
        None => {
            flags.insert(FileFlag::Incomplete);
            Ok(())
        }
    }
}

fn flag(word: &[u8], flags: &mut Flags) {
    let flag = match word {
        b"object" | b"objdata" | b"objocx" | b"objemb" => FileFlag::EmbeddedFiles,
        b"objautlink" | b"objlink" | b"template" => FileFlag::ExternalContent,
        _ => return,
    };
    flags.insert(flag);
}
