//! The types that may prove execution (`domain.md`, section 7), and which of them a file is.

use super::{Answer, Flags, Source, compound, jpeg, office, pdf, png, rtf, tail, text, tiff};
use crate::domain::file::FileRefusal;

/// A type that may prove execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Portable Document Format.
    Pdf,
    /// Word, since 2007.
    Docx,
    /// Excel, since 2007.
    Xlsx,
    /// PowerPoint, since 2007.
    Pptx,
    /// Word, until 2003.
    Doc,
    /// Excel, until 2003.
    Xls,
    /// PowerPoint, until 2003.
    Ppt,
    /// An Outlook message.
    Msg,
    /// Rich Text Format.
    Rtf,
    /// Values between commas.
    Csv,
    /// Plain text.
    Txt,
    /// An e-mail message.
    Eml,
    /// A PNG image.
    Png,
    /// A JPEG image.
    Jpeg,
    /// A TIFF image.
    Tiff,
}

impl FileKind {
    /// Every type.
    pub const ALL: &'static [Self] = &[
        Self::Pdf,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Doc,
        Self::Xls,
        Self::Ppt,
        Self::Msg,
        Self::Rtf,
        Self::Csv,
        Self::Txt,
        Self::Eml,
        Self::Png,
        Self::Jpeg,
        Self::Tiff,
    ];

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Msg => "application/vnd.ms-outlook",
            Self::Rtf => "application/rtf",
            Self::Csv => "text/csv",
            Self::Txt => "text/plain",
            Self::Eml => "message/rfc822",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Tiff => "image/tiff",
        }
    }

    /// The extensions that a name may bear, in small letters.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Doc => &["doc"],
            Self::Xls => &["xls"],
            Self::Ppt => &["ppt"],
            Self::Msg => &["msg"],
            Self::Rtf => &["rtf"],
            Self::Csv => &["csv"],
            Self::Txt => &["txt"],
            Self::Eml => &["eml"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Tiff => &["tif", "tiff"],
        }
    }
}

/// The type of a file, by what its first bytes begin and what then is found inside. `name` chooses only between kinds of plain text.
pub(super) fn inside(file: &mut dyn Source, head: &[u8], bytes: u64, name: &str, flags: &mut Flags) -> Answer<FileKind> {
    if head.starts_with(b"PK\x03\x04") {
        return office::inspect(file, bytes, flags);
    }
    if head.starts_with(&compound::MAGIC) {
        tail::refuse_archive(file, bytes, tail::Archive::AtTheVeryEnd)?;
        return compound::inspect(file, flags);
    }
    let kind = match head {
        _ if head.starts_with(b"%PDF-") => pdf::inspect(file, bytes, flags).map(|()| FileKind::Pdf),
        _ if head.starts_with(b"{\\rtf") => rtf::inspect(file, bytes, flags).map(|()| FileKind::Rtf),
        _ if head.starts_with(&png::MAGIC) => png::inspect(file, bytes, flags).map(|()| FileKind::Png),
        _ if head.starts_with(&[0xFF, 0xD8, 0xFF]) => jpeg::inspect(file, flags).map(|()| FileKind::Jpeg),
        _ if head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") => tiff::inspect(file).map(|()| FileKind::Tiff),
        _ => match stranger(head) {
            Some(refusal) => Err(refusal.into()),
            None => text::inspect(file, head, name, flags),
        },
    }?;
    tail::refuse_archive(file, bytes, tail::Archive::Anywhere)?;
    Ok(kind)
}

/// Why a file with this beginning is not even looked into; `None` where it may be text.
fn stranger(head: &[u8]) -> Option<FileRefusal> {
    // A reader of PDF takes the mark within the first kilobyte; what stands before it makes the file something else as well.
    if head[..head.len().min(1_024)].windows(5).any(|window| window == b"%PDF-") {
        return Some(FileRefusal::Polyglot);
    }
    if infer::is_archive(head) {
        return Some(FileRefusal::IsArchive);
    }
    // Some types begin with two letters, with which a text may begin, too: nothing but characters is text.
    let is_text = head.iter().all(|byte| text::is_character(u16::from(*byte)));
    infer::get(head).filter(|_| !is_text).map(|_| FileRefusal::TypeNotAllowed)
}
