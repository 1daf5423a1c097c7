//! Who PostgreSQL runs as. It refuses to run as root, so root needs somebody else for it.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::PostgresError;
use super::tool;

/// A probe of what another user may reach ends within this time.
const PROBE_LIMIT: Duration = Duration::from_secs(10);
/// Accounts that may run PostgreSQL for root, the best one first.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

/// The user that PostgreSQL's processes run as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    /// Ourselves: an ordinary user.
    Same,
    /// Root drops to this account.
    Account { uid: u32, gid: u32 },
    /// Root stays itself outside, but is an ordinary user inside of a user namespace: for folders
    /// that no other account may enter, such as a checkout in a private home.
    Namespace,
}

impl Identity {
    /// Chooses for a database in `database` (which may not exist yet) below the existing folder
    /// `parent`, with binaries in `binaries`. An existing database keeps its owner.
    ///
    /// # Errors
    /// [`PostgresError::NoIdentity`] when root finds nobody to run it.
    pub(super) fn choose(database: &Path, parent: &Path, binaries: &Path) -> Result<Self, PostgresError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Same);
        }
        let candidates = match fs::metadata(database) {
            Ok(owned) if owned.uid() == 0 => vec![Self::Namespace],
            Ok(owned) => vec![Self::Account { uid: owned.uid(), gid: owned.gid() }],
            Err(_) => accounts().into_iter().chain([Self::Namespace]).collect(),
        };
        let reaches = |identity: &Self| identity.reaches(parent, binaries);
        candidates.into_iter().find(reaches).ok_or_else(|| PostgresError::NoIdentity {
            detail: format!(
                "no other account may enter both {} and {}, nor may a user namespace be made here",
                parent.display(),
                binaries.display()
            ),
        })
    }

    /// A command that will run as this identity, from a folder that everybody may enter.
    pub(super) fn command(self, program: &Path) -> Command {
        let mut command = match self {
            Self::Same => Command::new(program),
            Self::Account { uid, gid } => {
                let mut command = Command::new(program);
                command.uid(uid).gid(gid);
                command
            }
            Self::Namespace => {
                let mut command = Command::new("unshare");
                command.args(["--user", "--map-user=1000", "--"]).arg(program);
                command
            }
        };
        command.current_dir("/").env("LC_ALL", "C");
        command
    }

    /// Gives `path` to this identity.
    ///
    /// # Errors
    /// The system's, when we may not.
    pub(super) fn give(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Account { uid, gid } => chown(path, Some(uid), Some(gid)),
            Self::Same | Self::Namespace => Ok(()),
        }
    }

    /// The id that files of this identity bear.
    pub(super) fn owner(self) -> u32 {
        match self {
            Self::Account { uid, .. } => uid,
            Self::Same | Self::Namespace => rustix::process::geteuid().as_raw(),
        }
    }

    /// Asks the system itself, because mode bits alone do not tell (access lists, mounts, seccomp).
    fn reaches(self, parent: &Path, binaries: &Path) -> bool {
        let mut command = self.command(Path::new("/bin/sh"));
        command.args(["-c", r#"cd "$1" && test -x "$2""#, "sh"]);
        command.arg(parent).arg(binaries.join("postgres"));
        tool::run_quietly(&mut command, PROBE_LIMIT).is_ok_and(|said| said.status.success())
    }
}

fn accounts() -> Vec<Identity> {
    let table = fs::read_to_string("/etc/passwd").unwrap_or_default();
    ACCOUNTS.into_iter().filter_map(|name| account(&table, name)).collect()
}

/// The account `name` in the text of a passwd file; never root.
fn account(table: &str, name: &str) -> Option<Identity> {
    let line = table.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    let uid = fields.next()?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    (uid != 0).then_some(Identity::Account { uid, gid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_from_the_passwd_file_and_is_never_root() {
        let table = "root:x:0:0::/root:/bin/sh\npostgres:x:101:104::/:/bin/sh\nevil:x:0:0::/:/";
        assert_eq!(account(table, "postgres"), Some(Identity::Account { uid: 101, gid: 104 }));
        assert_eq!(account(table, "evil"), None);
        assert_eq!(account(table, "nobody"), None);
    }
}
