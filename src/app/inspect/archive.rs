//! Zip archives, opened with care: how many parts, how large unpacked, what they are called.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Answer, InspectError, Source, tail};
use crate::domain::file::FileRefusal;

/// Parts of a container.
pub const MAX_ENTRIES: usize = 10_000;
/// All parts of a file together, unpacked, in bytes (256 MiB).
pub const MAX_INFLATED_BYTES: u64 = 256 * 1024 * 1024;
/// How many times its packed size a part of more than 4 MiB may have unpacked.
pub const MAX_RATIO: u64 = 200;
/// A part this small, in bytes (4 MiB), may be packed as tightly as it likes.
const SMALL_PART_BYTES: u64 = 4 * 1024 * 1024;
/// A part that is read whole, in bytes (4 MiB): tables of contents and relations.
const MAX_READ_BYTES: u64 = 4 * 1024 * 1024;

/// An archive whose directory has been checked.
pub(super) struct Archive<'f> {
    zip: ZipArchive<BufReader<&'f mut dyn Source>>,
    /// The names of its parts, in small letters: Office takes them for the same in any.
    pub names: Vec<String>,
}

impl From<ZipError> for InspectError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => error.into(),
            _ => Self::Refused(FileRefusal::Broken),
        }
    }
}

impl<'f> Archive<'f> {
    /// Opens an archive that begins with the first byte of the file and ends with its last.
    pub fn open(file: &'f mut dyn Source, bytes: u64) -> Answer<Self> {
        // Before a directory is read: how much there would be to read.
        let record = tail::end_record(file, bytes)?.ok_or(FileRefusal::Broken)?;
        if usize::from(record.entries) > MAX_ENTRIES {
            return Err(FileRefusal::ExpandsTooMuch.into());
        }
        file.rewind()?;
        let mut zip = ZipArchive::new(BufReader::new(file))?;
        if zip.offset() != 0 || record.end != bytes {
            return Err(FileRefusal::Polyglot.into());
        }
        if zip.has_duplicate_names() || zip.has_overlapping_files()? {
            return Err(FileRefusal::UnsafeParts.into());
        }
        let names = (0..zip.len()).map(|index| declared(&mut zip, index)).collect::<Answer<Vec<_>>>()?;
        let sizes = names.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(*size));
        if names.len() > MAX_ENTRIES || sizes > MAX_INFLATED_BYTES {
            return Err(FileRefusal::ExpandsTooMuch.into());
        }
        if names.iter().map(|(name, _)| name).collect::<BTreeSet<_>>().len() < names.len() {
            return Err(FileRefusal::UnsafeParts.into());
        }
        Ok(Self { zip, names: names.into_iter().map(|(name, _)| name).collect() })
    }

    /// A part by its name in small letters, if it is there.
    pub fn read(&mut self, name: &str) -> Answer<Option<String>> {
        let Some(index) = self.names.iter().position(|other| other == name) else { return Ok(None) };
        let mut bytes = Vec::new();
        self.zip.by_index(index)?.take(MAX_READ_BYTES).read_to_end(&mut bytes)?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Unpacks every part to nowhere: what a directory declares may be a lie. A part that becomes more than it declares ends in an error,
    /// so that no more than [`MAX_INFLATED_BYTES`] are unpacked.
    pub fn inflate(&mut self) -> Answer<()> {
        for index in 0..self.zip.len() {
            io::copy(&mut self.zip.by_index(index)?, &mut io::sink())?;
        }
        Ok(())
    }
}

/// A part's name in small letters and its declared size, if both are sane.
fn declared(zip: &mut ZipArchive<BufReader<&mut dyn Source>>, index: usize) -> Answer<(String, u64)> {
    let part = zip.by_index_raw(index)?;
    if part.encrypted() {
        return Err(FileRefusal::Encrypted.into());
    }
    let name = part.name()?;
    let leads_out = part.enclosed_name().is_none() || name.starts_with('/') || name.contains(['\\', '\0', ':']);
    if part.is_symlink() || leads_out {
        return Err(FileRefusal::UnsafeParts.into());
    }
    let (size, packed) = (part.size(), part.compressed_size());
    if size > SMALL_PART_BYTES && size / packed.max(1) > MAX_RATIO {
        return Err(FileRefusal::ExpandsTooMuch.into());
    }
    Ok((name.to_lowercase(), size))
}
