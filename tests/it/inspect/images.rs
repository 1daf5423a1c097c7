//! Images.

use cpor::app::inspect::FileKind::{Jpeg, Png, Tiff};
use cpor::app::inspect::MAX_IMAGE_SIDE_PIXELS;
use cpor::domain::file::{FileFlag, FileRefusal};

use super::make::{joined, jpeg, pdf, png, tiff, zip};
use super::{refused, taken};

#[test]
fn images_are_taken_by_their_headers() {
    taken("scan.png", png(800, 600), Png, &[]);
    taken("scan.jpg", jpeg(800, 600), Jpeg, &[]);
    taken("scan.JPEG", jpeg(1, 1), Jpeg, &[]);
    taken("scan.tif", tiff(&[(800, 600), (10, 10)], 0), Tiff, &[]);
    refused("scan.jpg", png(1, 1), FileRefusal::ExtensionMismatch);
    refused("scan.gif", b"GIF89a\x01\0\x01\0\0\0\0;".as_slice(), FileRefusal::TypeNotAllowed);
}

#[test]
fn images_without_points_or_with_too_many_are_refused() {
    for (width, height) in [(0, 600), (600, 0), (MAX_IMAGE_SIDE_PIXELS + 1, 1), (29_000, 29_000), (u32::MAX, u32::MAX)] {
        refused("scan.png", png(width, height), FileRefusal::ImageDimensions);
        refused("scan.tiff", tiff(&[(1, 1), (width, height)], 0), FileRefusal::ImageDimensions);
    }
    refused("scan.jpg", jpeg(0, 5), FileRefusal::ImageDimensions);
    refused("scan.jpg", jpeg(65_000, 5), FileRefusal::ImageDimensions);
}

#[test]
fn images_without_a_header_are_broken_and_those_without_an_end_flagged() {
    refused("scan.png", &png(1, 1)[..20], FileRefusal::Broken);
    refused("scan.jpg", &jpeg(1, 1)[..10], FileRefusal::Broken);
    refused("scan.tif", &tiff(&[(1, 1)], 0)[..20], FileRefusal::Broken);
    // Pages that lead back to the first.
    refused("scan.tif", tiff(&[(1, 1), (1, 1)], 8), FileRefusal::Broken);
    taken("scan.png", &png(1, 1)[..40], Png, &[FileFlag::Incomplete]);
    let whole = jpeg(1, 1);
    taken("scan.jpg", &whole[..whole.len() - 2], Jpeg, &[FileFlag::Incomplete]);
}

#[test]
fn an_image_may_be_followed_by_images_but_not_by_programs_and_archives() {
    taken("photo.jpg", joined(&[&jpeg(9, 9), &jpeg(3, 3)]), Jpeg, &[FileFlag::TrailingData]);
    taken("photo.png", joined(&[&png(9, 9), b"more"]), Png, &[FileFlag::TrailingData]);
    let archive = zip(&[("evil.js", b"1")]);
    for (name, image) in [("a.png", png(9, 9)), ("a.jpg", jpeg(9, 9)), ("a.tiff", tiff(&[(9, 9)], 0))] {
        refused(name, joined(&[&image, &archive]), FileRefusal::Polyglot);
    }
    refused("a.jpg", joined(&[&jpeg(9, 9), &pdf("")]), FileRefusal::Polyglot);
    refused("a.png", joined(&[&png(9, 9), b"<html><script>alert(1)</script></html>"]), FileRefusal::Polyglot);
}
