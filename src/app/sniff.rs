//! What kind of file the bytes are: read from the content, never believed from a name.

/// Bytes from the beginning of a file that tell its type.
pub const HEAD_BYTES: usize = 8_192;

/// The media types that may prove execution, each with the extensions a name may bear (`domain.md`, section 7).
const ALLOWED: &[(&str, &[&str])] = &[
    ("application/pdf", &["pdf"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    ("application/msword", &["doc"]),
    ("application/vnd.ms-excel", &["xls"]),
    ("application/vnd.ms-powerpoint", &["ppt"]),
    ("application/vnd.ms-outlook", &["msg"]),
    ("application/rtf", &["rtf"]),
    ("text/csv", &["csv"]),
    ("text/plain", &["txt"]),
    ("message/rfc822", &["eml"]),
    ("image/png", &["png"]),
    ("image/jpeg", &["jpg", "jpeg"]),
    ("image/tiff", &["tif", "tiff"]),
];

/// The media type of a file by its first bytes, if it is one that may prove execution.
///
/// `name` decides only where the content cannot: between kinds of plain text, and between Outlook messages and Office documents,
/// which share a container. A name that contradicts the content makes the file refused: `None`.
#[must_use]
pub fn media_type(head: &[u8], name: &str) -> Option<&'static str> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())?;
    let by_name = ALLOWED.iter().find(|(_, extensions)| extensions.contains(&extension.as_str())).map(|(kind, _)| *kind)?;
    let agrees = match infer::get(head).map(|kind| kind.mime_type()) {
        Some(found) if found == by_name => true,
        // An Office container, of which the first bytes do not always tell which: the name does.
        Some("application/zip") => by_name.contains("openxmlformats") && is_office_archive(head),
        Some(
            "application/x-ole-storage" | "application/msword" | "application/vnd.ms-excel" | "application/vnd.ms-powerpoint",
        ) => is_compound_file_type(by_name),
        Some(found) if found.starts_with("text/") => is_text_type(by_name) && is_text(head),
        Some(_) => false,
        None if is_compound_file(head) => is_compound_file_type(by_name),
        None => is_text_type(by_name) && is_text(head),
    };
    agrees.then_some(by_name)
}

fn is_text_type(kind: &str) -> bool {
    matches!(kind, "text/csv" | "text/plain" | "message/rfc822")
}

fn is_compound_file(head: &[u8]) -> bool {
    head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
}

fn is_compound_file_type(kind: &str) -> bool {
    matches!(
        kind,
        "application/msword" | "application/vnd.ms-excel" | "application/vnd.ms-powerpoint" | "application/vnd.ms-outlook"
    )
}

/// An Office document begins with its table of contents or its relations; other archives do not.
fn is_office_archive(head: &[u8]) -> bool {
    let names: [&[u8]; 3] = [b"[Content_Types].xml", b"_rels/", b"docProps/"];
    names.iter().any(|name| head.windows(name.len()).take(512).any(|window| window == *name))
}

/// Text: UTF-8 (perhaps cut in the middle of a character) without control characters but tabs and line ends.
fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
        Err(_) => return false,
    };
    !valid.is_empty() && valid.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say_when_its_name_agrees() {
        let png = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
        assert_eq!(media_type(b"%PDF-1.7\n", "statement.pdf"), Some("application/pdf"));
        assert_eq!(media_type(&png, "scan.PNG"), Some("image/png"));
        assert_eq!(media_type("Dear Anna,\n".as_bytes(), "mail.txt"), Some("text/plain"));
        assert_eq!(media_type(b"a;b\n1;2\n", "hours.csv"), Some("text/csv"));
        assert_eq!(media_type(b"PK\x03\x04................................[Content_Types].xml", "plan.docx"), Some(ALLOWED[1].0));
    }

    #[test]
    fn a_file_is_refused_when_name_and_bytes_disagree_or_the_type_proves_nothing() {
        assert_eq!(media_type(b"%PDF-1.7\n", "statement.docx"), None);
        assert_eq!(media_type(b"MZ\x90\x00", "statement.pdf"), None);
        assert_eq!(media_type(b"PK\x03\x04junk", "plan.docx"), None);
        assert_eq!(media_type(b"hello\0world", "mail.txt"), None);
        assert_eq!(media_type(b"<html><script>", "page.html"), None);
        assert_eq!(media_type(b"%PDF-1.7\n", "noextension"), None);
        assert_eq!(media_type(b"", "empty.txt"), None);
    }
}
