//! The newest head that this machine has seen, in a file beside the key: so that heads cannot be removed together with what they sign.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::HeadMark;

/// The file's name in the data directory.
const FILE: &str = "history.head";

/// The file.
#[derive(Clone, Debug)]
pub struct Witness {
    path: PathBuf,
}

impl Witness {
    /// The one of a data directory.
    #[must_use]
    pub fn in_folder(data_dir: &Path) -> Self {
        Self { path: data_dir.join(FILE) }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The head that was seen last; `None` if none ever was.
    ///
    /// # Errors
    /// The system's, or [`io::ErrorKind::InvalidData`] if the file holds something else.
    pub fn read(&self) -> io::Result<Option<HeadMark>> {
        match fs::read_to_string(&self.path) {
            Ok(text) => text.parse().map(Some).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Remembers a head: the file is replaced whole.
    ///
    /// # Errors
    /// The system's.
    pub fn write(&self, mark: HeadMark) -> io::Result<()> {
        let draft = self.path.with_extension(format!("new-{}", uuid::Uuid::now_v7().simple()));
        let mut file = File::create(&draft)?;
        let written = writeln!(file, "{mark}").and_then(|()| file.sync_all()).and_then(|()| fs::rename(&draft, &self.path));
        written.inspect_err(|_| {
            // Nothing more can be done about a draft that cannot even be removed.
            let _ = fs::remove_file(&draft);
        })
    }
}
