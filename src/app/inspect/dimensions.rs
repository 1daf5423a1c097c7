//! How large an image may say it is: a few bytes can ask a viewer for gigabytes.

use super::Answer;
use crate::domain::file::FileRefusal;

/// The longest side of an image, in points.
pub const MAX_IMAGE_SIDE_PIXELS: u32 = 30_000;
/// The points of an image: a sheet of A3 at 600 to the inch has 70 million.
pub const MAX_IMAGE_PIXELS: u64 = 200_000_000;

/// Refuses an image without points and one with too many.
pub(super) fn check(width: u32, height: u32) -> Answer<()> {
    let sides = 1..=MAX_IMAGE_SIDE_PIXELS;
    let is_sane = sides.contains(&width) && sides.contains(&height) && u64::from(width) * u64::from(height) <= MAX_IMAGE_PIXELS;
    if is_sane { Ok(()) } else { Err(FileRefusal::ImageDimensions.into()) }
}
