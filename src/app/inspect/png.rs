//! PNG: chunk after chunk to its end.

use std::io;

use super::{Answer, Flags, Source, bytes_at, dimensions, tail};
use crate::domain::file::{FileFlag, FileRefusal};

/// How every PNG begins.
pub(super) const MAGIC: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
/// Bytes of a chunk beside its data: length, type, checksum.
const FRAME_BYTES: u64 = 12;

pub(super) fn inspect(file: &mut dyn Source, bytes: u64, flags: &mut Flags) -> Answer<()> {
    let header = bytes_at::<24>(file, 0)?;
    if &header[12..16] != b"IHDR" {
        return Err(FileRefusal::Broken.into());
    }
    let number = |from: usize| u32::from_be_bytes([header[from], header[from + 1], header[from + 2], header[from + 3]]);
    dimensions::check(number(16), number(20))?;
    match end(file, bytes)? {
        Some(end) => tail::behind(file, end, flags),
        None => {
            flags.insert(FileFlag::Incomplete);
            Ok(())
        }
    }
}

/// Where the last chunk ends, if it is there.
fn end(file: &mut dyn Source, bytes: u64) -> io::Result<Option<u64>> {
    let mut place = MAGIC.len() as u64;
    while place + FRAME_BYTES <= bytes {
        let [a, b, c, d, kind @ ..] = bytes_at::<8>(file, place)?;
        place += FRAME_BYTES + u64::from(u32::from_be_bytes([a, b, c, d]));
        if &kind == b"IEND" {
            return Ok(Some(place).filter(|end| *end <= bytes));
        }
    }
    Ok(None)
}
