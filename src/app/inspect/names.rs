//! What a file's name and its sender say, compared with what it is.

use super::kind::FileKind;
use super::{Answer, Claimed, Flags};
use crate::domain::file::{FileFlag, FileRefusal};

/// Extensions that make a name misleading when they stand before the last, beside those of the types that are taken.
const OTHER_EXTENSIONS: &[&str] = &[
    "7z", "bat", "cmd", "com", "docm", "dotm", "exe", "hta", "htm", "html", "iso", "jar", "js", "lnk", "msi", "php", "pptm",
    "ps1", "rar", "scr", "sh", "svg", "vbs", "xlsb", "xlsm", "zip",
];
/// Types that senders declare when they know none.
const UNKNOWN_TYPES: &[&str] = &["", "application/octet-stream", "application/x-www-form-urlencoded", "binary/octet-stream"];

/// Refuses a name of another type; flags what misleads.
pub(super) fn compare(kind: FileKind, claimed: &Claimed<'_>, flags: &mut Flags) -> Answer<()> {
    let mut parts = claimed.name.rsplit('.').map(str::to_ascii_lowercase);
    let extension = parts.next().filter(|last| last.len() < claimed.name.len());
    if !extension.is_some_and(|extension| kind.extensions().contains(&extension.as_str())) {
        return Err(FileRefusal::ExtensionMismatch.into());
    }
    let is_misleading =
        |before: &str| OTHER_EXTENSIONS.contains(&before) || FileKind::ALL.iter().any(|kind| kind.extensions().contains(&before));
    // The first part is the name itself, however it reads.
    let middle: Vec<String> = parts.collect();
    if middle.len() > 1 && is_misleading(middle[0].trim()) {
        flags.insert(FileFlag::DoubleExtension);
    }
    if claimed.media_type.is_some_and(|declared| !agrees(kind, declared)) {
        flags.insert(FileFlag::DeclaredTypeDiffers);
    }
    Ok(())
}

/// Whether a declared type is the content's, one of its other names, or none at all.
fn agrees(kind: FileKind, declared: &str) -> bool {
    let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let aliases: &[&str] = match kind {
        FileKind::Pdf => &["application/x-pdf"],
        FileKind::Docx | FileKind::Xlsx | FileKind::Pptx => &["application/zip", "application/x-zip-compressed"],
        FileKind::Doc | FileKind::Xls | FileKind::Ppt | FileKind::Msg => &["application/x-ole-storage", "application/cdfv2"],
        FileKind::Rtf => &["text/rtf"],
        // Windows says of a list that it is Excel's.
        FileKind::Csv => &["application/csv", "application/vnd.ms-excel", "text/plain"],
        FileKind::Txt | FileKind::Eml => &["text/plain"],
        FileKind::Jpeg => &["image/jpg", "image/pjpeg"],
        FileKind::Png | FileKind::Tiff => &[],
    };
    declared == kind.media_type() || aliases.contains(&declared.as_str()) || UNKNOWN_TYPES.contains(&declared.as_str())
}
