//! JPEG: marker after marker to its end.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use super::{Answer, Flags, Source, dimensions, tail};
use crate::domain::file::{FileFlag, FileRefusal};

/// End of image.
const END: u8 = 0xD9;

pub(super) fn inspect(file: &mut dyn Source, flags: &mut Flags) -> Answer<()> {
    let mut has_size = false;
    let end = {
        file.seek(SeekFrom::Start(2))?;
        let mut reader = BufReader::new(&mut *file);
        loop {
            match next_marker(&mut reader)? {
                None => break None,
                Some(END) => break Some(reader.stream_position()?),
                // Start of image, and a marker for private use: nothing follows them.
                Some(0xD8 | 0x01) => {}
                Some(marker) => {
                    let mut length = [0; 2];
                    if reader.read_exact(&mut length).is_err() {
                        break None;
                    }
                    let mut rest = i64::from(u16::from_be_bytes(length)) - 2;
                    // A frame: the other three of this range are tables.
                    if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
                        let mut frame = [0; 5];
                        reader.read_exact(&mut frame)?;
                        let [_, h1, h2, w1, w2] = frame;
                        dimensions::check(u16::from_be_bytes([w1, w2]).into(), u16::from_be_bytes([h1, h2]).into())?;
                        has_size = true;
                        rest -= frame.len() as i64;
                    }
                    reader.seek_relative(rest.max(0))?;
                }
            }
        }
    };
    match end {
        _ if !has_size => Err(FileRefusal::Broken.into()),
        Some(end) => tail::behind(file, end, flags),
        None => {
            flags.insert(FileFlag::Incomplete);
            Ok(())
        }
    }
}

/// The next marker, compressed data in between left out: there 0xFF is followed by zero or by a restart.
fn next_marker(reader: &mut impl BufRead) -> io::Result<Option<u8>> {
    let mut before = 0;
    for byte in reader.by_ref().bytes() {
        let byte = byte?;
        if before == 0xFF && !matches!(byte, 0x00 | 0xFF | 0xD0..=0xD7) {
            return Ok(Some(byte));
        }
        before = byte;
    }
    Ok(None)
}
