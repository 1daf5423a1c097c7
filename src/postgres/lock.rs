//! One data directory, one owner: a lock that the system releases when its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::thread;
use std::time::{Duration, Instant};

use super::PostgresError;
use super::home::Home;

/// How long a command waits for another one to end, or for a server to be ready.
const LOCK_WAIT: Duration = Duration::from_secs(60);
/// How often a held lock is tried again.
const LOCK_POLL: Duration = Duration::from_millis(50);
/// A lock file holds a word and a number; no more is read of it.
const NOTE_MAX_BYTES: u64 = 64;

/// What the holder of a data directory does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Serves, until it is told to stop.
    Server,
    /// Runs a short command.
    Command,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Command => "command",
        }
    }
}

/// The lock, held as long as this lives.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    _file: File,
}

/// What a wait for the lock came to.
pub(super) enum Outcome<T> {
    /// The lock is ours.
    Owned(DirectoryLock),
    /// A server holds it, and we may use what it runs.
    Shared(T),
}

/// Takes the lock. While a server holds it, `Role::Server` is refused and `Role::Command` asks
/// `attach` for that server's PostgreSQL until it has one; a short command is waited for.
///
/// # Errors
/// [`PostgresError::InUse`], [`PostgresError::Busy`], or that the lock file cannot be written.
pub(super) fn acquire<T>(home: &Home, role: Role, mut attach: impl FnMut() -> Option<T>) -> Result<Outcome<T>, PostgresError> {
    let path = home.lock();
    let cannot = |error| PostgresError::io(&path, error);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(&path).map_err(cannot)?;
    let deadline = Instant::now() + LOCK_WAIT;
    let mut seen = None;
    loop {
        match file.try_lock() {
            Ok(()) => {
                sign(&mut file, role).map_err(cannot)?;
                return Ok(Outcome::Owned(DirectoryLock { _file: file }));
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        let server = holder(&mut file).map_err(cannot)?;
        if let Some(process) = &server {
            // Seen twice, because a holder signs just after it has locked.
            if role == Role::Server && seen == server {
                let (dir, process) = (home.folder().to_owned(), process.clone());
                return Err(PostgresError::InUse { dir, process });
            }
            if role == Role::Command
                && let Some(attached) = attach()
            {
                return Ok(Outcome::Shared(attached));
            }
        }
        if Instant::now() >= deadline {
            return Err(PostgresError::Busy { dir: home.folder().to_owned(), waited: LOCK_WAIT });
        }
        seen = server;
        thread::sleep(LOCK_POLL);
    }
}

fn sign(file: &mut File, role: Role) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{} {}", role.word(), std::process::id())
}

/// The process of the server that signed the lock file; none for a command.
fn holder(file: &mut File) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.take(NOTE_MAX_BYTES).read_to_end(&mut bytes)?;
    let note = String::from_utf8_lossy(&bytes);
    let process = note.trim().strip_prefix(Role::Server.word());
    Ok(process.map(|process| process.trim().to_owned()))
}
