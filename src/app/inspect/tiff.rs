//! TIFF: every page's directory, and how large the page says it is.

use super::{Answer, Source, bytes_at, dimensions};
use crate::domain::file::FileRefusal;

/// Pages of an image; directories that lead back to each other end here, too.
const MAX_PAGES: usize = 1_000;
/// Bytes of an entry of a directory.
const ENTRY_BYTES: u64 = 12;
/// The tag of the width.
const WIDTH: u16 = 256;
/// The tag of the height.
const HEIGHT: u16 = 257;

pub(super) fn inspect(file: &mut dyn Source) -> Answer<()> {
    let [order, _, _, _, first @ ..] = bytes_at::<8>(file, 0)?;
    let is_little = order == b'I';
    let long = |bytes: [u8; 4]| if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
    let short = |bytes: [u8; 2]| if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) };
    let mut place = u64::from(long(first));
    for _ in 0..MAX_PAGES {
        let entries = u64::from(short(bytes_at(file, place)?));
        let (mut width, mut height) = (None, None);
        for entry in 0..entries {
            let [t1, t2, k1, k2, _, _, _, _, value @ ..] = bytes_at::<12>(file, place + 2 + entry * ENTRY_BYTES)?;
            // 3 is a short number, 4 a long one.
            let number = match short([k1, k2]) {
                3 => Some(u32::from(short([value[0], value[1]]))),
                4 => Some(long(value)),
                _ => None,
            };
            match short([t1, t2]) {
                WIDTH => width = number,
                HEIGHT => height = number,
                _ => {}
            }
        }
        let (Some(width), Some(height)) = (width, height) else { return Err(FileRefusal::Broken.into()) };
        dimensions::check(width, height)?;
        place = u64::from(long(bytes_at(file, place + 2 + entries * ENTRY_BYTES)?));
        if place == 0 {
            return Ok(());
        }
    }
    Err(FileRefusal::Broken.into())
}
