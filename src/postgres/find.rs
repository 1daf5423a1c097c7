//! Finding PostgreSQL's binaries on this machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::PostgresError;
use super::tool;

/// A binary that does not tell its version within this time is not used.
const VERSION_LIMIT: Duration = Duration::from_secs(10);

/// Where the binaries of PostgreSQL come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum BinarySource {
    /// `PG_BIN_DIR`, the machine's own packages, then what was fetched or can be fetched.
    #[default]
    Auto,
    /// Only the fetched ones, whatever the machine has.
    Fetched,
    /// The folder that holds `postgres` and `initdb`.
    Folder(PathBuf),
}

/// A folder with a working `postgres` and `initdb`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    pub(super) folder: PathBuf,
    pub(super) major: u32,
}

impl Binaries {
    /// Looks into `folder`.
    ///
    /// # Errors
    /// [`PostgresError::BadBinaries`] when `postgres` or `initdb` is missing or does not run.
    pub(super) fn at(folder: &Path) -> Result<Self, PostgresError> {
        let bad = |detail: String| PostgresError::BadBinaries { dir: folder.to_owned(), detail };
        if !folder.join("initdb").is_file() {
            return Err(bad("there is no `initdb`".to_owned()));
        }
        let mut command = Command::new(folder.join("postgres"));
        let said = tool::run_quietly(command.arg("--version"), VERSION_LIMIT)
            .map_err(|error| bad(format!("`postgres --version`: {error}")))?;
        match major_version(&said.stdout) {
            Some(major) => Ok(Self { folder: folder.to_owned(), major }),
            None => Err(bad(format!("`postgres --version` said: {}", said.complaint()))),
        }
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }
}

/// What this machine has, in the order of preference; of the version `wanted` if one is given.
///
/// # Errors
/// [`PostgresError::BadBinaries`] when `PG_BIN_DIR` names a folder without them.
pub(super) fn on_this_machine(wanted: Option<u32>) -> Result<Found, PostgresError> {
    if let Some(named) = env::var_os("PG_BIN_DIR").filter(|value| !value.is_empty()) {
        return Ok(Found::one(Binaries::at(Path::new(&named))?, wanted));
    }
    let mut found = Found::default();
    for folder in candidates() {
        if !folder.join("postgres").is_file() {
            continue;
        }
        if let Ok(binaries) = Binaries::at(&folder) {
            found.add(binaries, wanted);
            if found.chosen.is_some() {
                break;
            }
        }
    }
    Ok(found)
}

/// The outcome of a search: the folder to use, and the versions that were passed over.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) chosen: Option<Binaries>,
    pub(super) others: Vec<u32>,
}

impl Found {
    /// A search that looked at one place.
    pub(super) fn one(binaries: Binaries, wanted: Option<u32>) -> Self {
        let mut found = Self::default();
        found.add(binaries, wanted);
        found
    }

    fn add(&mut self, binaries: Binaries, wanted: Option<u32>) {
        if wanted.is_none_or(|major| major == binaries.major) {
            self.chosen = Some(binaries);
        } else {
            self.others.push(binaries.major);
        }
    }
}

/// Folders that may hold the binaries, the newest version of each kind first.
fn candidates() -> Vec<PathBuf> {
    let mut folders = versions_below(Path::new("/usr/lib/postgresql"), "");
    folders.extend(versions_below(Path::new("/usr"), "pgsql-"));
    for homebrew in ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"] {
        folders.extend(versions_below(Path::new(homebrew), "postgresql@"));
        folders.push(Path::new(homebrew).join("postgresql/bin"));
    }
    folders.extend(folder_of_pg_config());
    if let Some(path) = env::var_os("PATH") {
        folders.extend(env::split_paths(&path));
    }
    folders
}

/// `<parent>/<prefix><number>/bin`, the highest number first.
fn versions_below(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut numbered: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let number = name.to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((number, entry.path().join("bin")))
        })
        .collect();
    numbered.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    numbered.into_iter().map(|(_, folder)| folder).collect()
}

fn folder_of_pg_config() -> Option<PathBuf> {
    let said = tool::run_quietly(Command::new("pg_config").arg("--bindir"), VERSION_LIMIT).ok()?;
    Some(PathBuf::from(said.stdout.trim())).filter(|folder| folder.is_absolute())
}

/// The 15 of `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn major_version(text: &str) -> Option<u32> {
    let number = text.split_once("(PostgreSQL)")?.1.trim_start();
    let digits = number.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0)"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 19beta2"), Some(19));
        assert_eq!(major_version("something else 15"), None);
    }

    #[test]
    fn another_version_than_the_wanted_one_is_remembered_but_not_chosen() {
        let fifteen = Binaries { folder: PathBuf::from("/fifteen"), major: 15 };
        let found = Found::one(fifteen.clone(), Some(18));
        assert_eq!((found.chosen, found.others), (None, vec![15]));
        assert_eq!(Found::one(fifteen.clone(), Some(15)).chosen, Some(fifteen));
    }
}
