//! Small files of each type, made on the spot.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A part of an archive: its name and its bytes.
pub type Part<'a> = (&'a str, &'a [u8]);

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

pub fn zip(parts: &[Part<'_>]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The table of contents with one main part.
pub fn contents(part: &str, content_type: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Override PartName=\"/{part}\" ContentType=\"{content_type}\"/></Types>"
    )
}

/// An Office file with this main part, and more parts beside.
pub fn office(part: &str, content_type: &str, more: &[Part<'_>]) -> Vec<u8> {
    let table = contents(part, content_type);
    let mut parts: Vec<Part<'_>> = vec![("[Content_Types].xml", table.as_bytes()), (part, b"<document/>")];
    parts.extend_from_slice(more);
    zip(&parts)
}

pub fn docx(more: &[Part<'_>]) -> Vec<u8> {
    office("word/document.xml", WORD, more)
}

/// A compound file with these streams; storages are made as they are needed.
pub fn compound(streams: &[Part<'_>]) -> Vec<u8> {
    let mut compound = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        if let Some((storage, _)) = path.rsplit_once('/').filter(|(storage, _)| !storage.is_empty()) {
            compound.create_storage_all(storage).unwrap();
        }
        compound.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    compound.flush().unwrap();
    compound.into_inner().into_inner()
}

pub fn pdf(inside: &str) -> Vec<u8> {
    format!("%PDF-1.7\n%\u{e2}\u{e3}\n1 0 obj\n<< /Type /Catalog {inside} >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n")
        .into_bytes()
}

pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = vec![0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend(kind);
        bytes.extend(data);
        bytes.extend([0; 4]);
    };
    let header: Vec<u8> = [width.to_be_bytes(), height.to_be_bytes()].concat().into_iter().chain([8, 2, 0, 0, 0]).collect();
    chunk(b"IHDR", &header);
    chunk(b"IDAT", &[1, 2, 3]);
    chunk(b"IEND", &[]);
    bytes
}

pub fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, b'J', b'F'];
    bytes.extend([0xFF, 0xC0, 0, 11, 8]);
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend([1, 1, 0x11, 0]);
    // A scan whose data hold a stuffed 0xFF and a restart.
    bytes.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0x3F, 0, 0x12, 0xFF, 0x00, 0xFF, 0xD0, 0x34, 0xFF, 0xD9]);
    bytes
}

/// A page for each pair of width and height; the last leads to `next`.
pub fn tiff(pages: &[(u32, u32)], next: u32) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for (at, (width, height)) in pages.iter().enumerate() {
        bytes.extend(2_u16.to_le_bytes());
        for (tag, value) in [(256_u16, width), (257, height)] {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(4_u16.to_le_bytes());
            bytes.extend(1_u32.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        let end = bytes.len() as u32 + 4;
        bytes.extend(if at + 1 < pages.len() { end } else { next }.to_le_bytes());
    }
    bytes
}

/// One after the other.
pub fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}
