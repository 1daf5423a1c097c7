//! What PostgreSQL tells about itself in `postmaster.pid`, and the end of a server that an earlier
//! owner has left behind.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::PostgresError;
use super::home::Home;
use super::tool::POLL;

/// How long a server that lost its owner may take for its fast shutdown.
const PREDECESSOR_LIMIT: Duration = Duration::from_secs(60);

/// The lines of `postmaster.pid` that matter here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) process: Pid,
    pub(super) socket_folder: PathBuf,
    pub(super) ready: bool,
}

impl PidFile {
    /// Reads it; `None` when there is none, or when it is not yet written to its end.
    pub(super) fn read(database: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(path(database)).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let process = Pid::from_raw(lines.first()?.trim_start_matches('-').parse().ok()?)?;
        let socket_folder = PathBuf::from(lines.get(4).copied().unwrap_or_default());
        let ready = lines.get(7).is_some_and(|status| *status == "ready");
        Some(Self { process, socket_folder, ready })
    }

    /// Whether the process lives and is the server of `database`, not a later process that was given
    /// the same number.
    pub(super) fn is_alive(&self, database: &Path) -> bool {
        if test_kill_process(self.process) == Err(rustix::io::Errno::SRCH) {
            return false;
        }
        match fs::read_link(format!("/proc/{}/cwd", self.process.as_raw_nonzero())) {
            Ok(folder) => folder == database,
            // Ended in between, or its number now belongs to somebody whom we may not look at.
            Err(_) => !Path::new("/proc/self").exists(),
        }
    }
}

fn path(database: &Path) -> PathBuf {
    database.join("postmaster.pid")
}

/// Ends a server that still runs although its owner is gone (we hold the lock, so nobody owns it),
/// and clears the note of one that died.
///
/// # Errors
/// [`PostgresError::Busy`] when it does not end in time.
pub(super) fn clear_predecessor(home: &Home) -> Result<(), PostgresError> {
    let database = home.database();
    let deadline = Instant::now() + PREDECESSOR_LIMIT;
    let mut told = false;
    while let Some(left) = PidFile::read(&database).filter(|left| left.is_alive(&database)) {
        if !told {
            tracing::info!("a PostgreSQL of this data directory lost its server: it is being stopped");
            // It may end at this very moment: the loop looks again.
            kill_process(left.process, Signal::INT).ok();
            told = true;
        }
        if Instant::now() >= deadline {
            let dir = home.folder().to_owned();
            return Err(PostgresError::Busy { dir, waited: PREDECESSOR_LIMIT });
        }
        thread::sleep(POLL);
    }
    // PostgreSQL would refuse to start when another process now bears the number in that file.
    match fs::remove_file(path(&database)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(PostgresError::io(&path(&database), error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_file_is_ready_only_when_its_eighth_line_says_so() {
        let starting = "42\n/data\n1700000000\n5432\n/data/run\n\n  123 4\nstarting\n";
        let read = PidFile::parse(starting).expect("a process");
        assert_eq!(read.socket_folder, Path::new("/data/run"));
        assert!(!read.ready);
        let ready = starting.replace("starting", "ready   ");
        assert!(PidFile::parse(&ready).expect("a process").ready);
        assert!(!PidFile::parse("42\n").expect("a process").ready);
        assert_eq!(PidFile::parse(""), None);
    }
}
