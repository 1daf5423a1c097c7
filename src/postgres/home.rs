//! The data directory and the places inside of it.

use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::PostgresError;
use super::identity::Identity;

/// Unix sockets have short names: 108 bytes with the closing zero, 104 on macOS.
const SOCKET_PATH_MAX_BYTES: usize = 103;
/// The file that PostgreSQL makes in its socket folder.
const SOCKET_FILE: &str = ".s.PGSQL.5432";

/// An existing data directory, by its absolute path.
#[derive(Debug, Clone)]
pub(super) struct Home {
    folder: PathBuf,
}

impl Home {
    /// Makes the directory if it is not there.
    ///
    /// # Errors
    /// When it cannot be made or is not a directory.
    pub(super) fn prepare(data_dir: &Path) -> Result<Self, PostgresError> {
        let cannot = |error| PostgresError::io(data_dir, error);
        if !data_dir.is_dir() {
            if let Some(parent) = data_dir.parent() {
                fs::create_dir_all(parent).map_err(cannot)?;
            }
            fs::create_dir(data_dir).map_err(cannot)?;
            // Private; but an account that root drops to must pass through.
            let mode = if rustix::process::geteuid().is_root() { 0o711 } else { 0o700 };
            fs::set_permissions(data_dir, Permissions::from_mode(mode)).map_err(cannot)?;
        }
        let folder = data_dir.canonicalize().map_err(cannot)?;
        Ok(Self { folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// PostgreSQL's own data directory.
    pub(super) fn database(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    /// What PostgreSQL writes to its log.
    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("postgres.log")
    }

    /// The file whose lock means: this PostgreSQL is mine.
    pub(super) fn lock(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// The folder of the socket: inside of the data directory, or in `/tmp` when that name would be
    /// too long for a socket. Made if missing, entered by `identity` (and root) only.
    ///
    /// # Errors
    /// When it cannot be made, or when somebody else has made it.
    pub(super) fn socket_folder(&self, identity: Identity) -> Result<PathBuf, PostgresError> {
        let folder = self.socket_path();
        let cannot = |error| PostgresError::io(&folder, error);
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => identity.give(&folder).map_err(cannot)?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(cannot(error)),
        }
        let made = fs::symlink_metadata(&folder).map_err(cannot)?;
        // In a shared /tmp the name may have been taken: whoever owns it could read our data.
        if made.is_dir() && made.uid() == identity.owner() && made.mode() & 0o077 == 0 {
            return Ok(folder);
        }
        let text = "it belongs to another user, or others may enter it";
        Err(cannot(std::io::Error::new(std::io::ErrorKind::PermissionDenied, text)))
    }

    fn socket_path(&self) -> PathBuf {
        let inside = self.folder.join("run");
        if inside.join(SOCKET_FILE).as_os_str().len() <= SOCKET_PATH_MAX_BYTES {
            return inside;
        }
        let digest = Sha256::digest(self.folder.as_os_str().as_bytes());
        let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        PathBuf::from(format!("/tmp/cpor-{short}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_stays_short_however_deep_the_data_directory_is() {
        let near = Home { folder: PathBuf::from("/srv/cpor") };
        assert_eq!(near.socket_path(), Path::new("/srv/cpor/run"));
        let deep = Home { folder: PathBuf::from("/srv").join("long".repeat(40)) };
        let socket = deep.socket_path().join(SOCKET_FILE);
        assert!(socket.starts_with("/tmp"));
        assert!(socket.as_os_str().len() <= SOCKET_PATH_MAX_BYTES);
    }
}
