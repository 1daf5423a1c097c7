//! What name and sender say, beside the content.

use cpor::app::inspect::FileKind::Pdf;
use cpor::domain::file::{FileFlag, FileRefusal};

use super::make::pdf;
use super::{declared, refused, taken};

#[test]
fn a_second_extension_is_flagged_where_it_misleads() {
    for name in ["invoice.exe.pdf", "plan.docx.pdf", "a.b.JS.pdf", "scan.pdf .pdf"] {
        taken(name, pdf(""), Pdf, &[FileFlag::DoubleExtension]);
    }
    for name in ["plan.v2.pdf", "1.2.2021.pdf", "doc.pdf", "Umowa z klientem.pdf"] {
        taken(name, pdf(""), Pdf, &[]);
    }
    refused("invoice.pdf.exe", pdf(""), FileRefusal::ExtensionMismatch);
}

#[test]
fn another_declared_type_is_flagged_and_none_is_no_lie() {
    let flags = |media_type| declared("sow.pdf", media_type, pdf("")).unwrap().flags.into_iter().collect::<Vec<_>>();
    for fine in
        [None, Some("application/pdf"), Some("Application/PDF; charset=binary"), Some("application/octet-stream"), Some("")]
    {
        assert_eq!(flags(fine), [], "{fine:?}");
    }
    for other in ["image/png", "text/html", "nonsense"] {
        assert_eq!(flags(Some(other)), [FileFlag::DeclaredTypeDiffers], "{other}");
    }
}
