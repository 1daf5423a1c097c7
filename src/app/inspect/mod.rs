//! What a file is, and what is wrong with it: read from its bytes, never believed from its name.
//!
//! Pure over something that can be read and sought; nothing is unpacked to anywhere, and every loop has a bound. The type comes from the
//! content; the name's extension and the declared type are only compared with it. `docs/documents.md` lists what is answered to what.

mod archive;
mod compound;
mod dimensions;
mod jpeg;
mod kind;
mod names;
mod office;
mod pdf;
mod png;
mod rtf;
mod tail;
mod text;
mod tiff;
mod words;

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};

use crate::domain::file::{FileFlag, FileRefusal};

pub use archive::{MAX_ENTRIES, MAX_INFLATED_BYTES, MAX_RATIO};
pub use dimensions::{MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE_PIXELS};
pub use kind::FileKind;

/// Bytes from the beginning of a file by which its family is told.
const HEAD_BYTES: usize = 8_192;

/// Something to look into.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// What the sender says of a file: compared, never believed.
#[derive(Clone, Copy, Debug)]
pub struct Claimed<'a> {
    /// The name.
    pub name: &'a str,
    /// The media type of the request that brought the bytes, if it said one.
    pub media_type: Option<&'a str>,
}

/// What a file that is taken is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Its type, by content.
    pub kind: FileKind,
    /// What a reviewer should know.
    pub flags: BTreeSet<FileFlag>,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// The file itself is the reason.
    #[error("the file is refused: {0}")]
    Refused(FileRefusal),
    /// Its bytes cannot be read: our own failure.
    #[error("the bytes cannot be read")]
    Unreadable(#[source] io::Error),
}

impl From<FileRefusal> for InspectError {
    fn from(refusal: FileRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What the system says is our own failure; what a reader of a format says (that it leads beyond the end, or cannot be) is the file's.
impl From<io::Error> for InspectError {
    fn from(error: io::Error) -> Self {
        match error.raw_os_error() {
            Some(_) => Self::Unreadable(error),
            None => Self::Refused(FileRefusal::Broken),
        }
    }
}

/// The answer of each part.
type Answer<T> = Result<T, InspectError>;
/// What is flagged on the way.
type Flags = BTreeSet<FileFlag>;

/// Tells what a file is.
///
/// # Errors
/// [`InspectError::Refused`] with the reason, or [`InspectError::Unreadable`].
pub fn inspect(mut file: impl Source, claimed: &Claimed<'_>) -> Answer<Inspection> {
    let file: &mut dyn Source = &mut file;
    let bytes = file.seek(SeekFrom::End(0))?;
    if bytes == 0 {
        return Err(FileRefusal::Empty.into());
    }
    let mut flags = Flags::new();
    let head = head(file)?;
    let kind = kind::inside(file, &head, bytes, claimed.name, &mut flags)?;
    names::compare(kind, claimed, &mut flags)?;
    Ok(Inspection { kind, flags })
}

fn head(file: &mut dyn Source) -> io::Result<Vec<u8>> {
    file.rewind()?;
    let mut head = Vec::with_capacity(HEAD_BYTES);
    Read::take(&mut *file, HEAD_BYTES as u64).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(head)
}

/// `N` bytes from a place.
fn bytes_at<const N: usize>(file: &mut dyn Source, place: u64) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.seek(SeekFrom::Start(place))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
