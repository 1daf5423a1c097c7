//! A running PostgreSQL: start, readiness, stop. It never outlives its owner: see `watch.sh`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};

use super::PostgresError;
use super::error::says_disk_full;
use super::find::Binaries;
use super::home::Home;
use super::identity::Identity;
use super::pidfile::PidFile;
use super::tool::{self, POLL};

/// Recovery after a crash may have much to replay.
const START_LIMIT: Duration = Duration::from_secs(300);
/// A fast shutdown writes a checkpoint.
const STOP_LIMIT: Duration = Duration::from_secs(60);
/// An immediate shutdown writes nothing.
const KILL_LIMIT: Duration = Duration::from_secs(10);
/// A log longer than this is begun anew at the next start.
const LOG_MAX_BYTES: u64 = 16 * 1024 * 1024;

const WATCH: &str = include_str!("watch.sh");
/// Settings of every server: local to this machine, the same clock zone everywhere.
const COMMON: [&str; 6] =
    ["listen_addresses=", "unix_socket_permissions=0700", "timezone=UTC", "log_timezone=UTC", "lc_messages=C", "fsync=on"];
/// A database that is thrown away need not survive a power cut.
const DISPOSABLE: [&str; 5] =
    ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "max_wal_size=4GB"];

/// How a server is to run.
pub(super) struct Plan<'a> {
    pub(super) home: &'a Home,
    pub(super) binaries: &'a Binaries,
    pub(super) identity: Identity,
    pub(super) durable: bool,
    pub(super) max_connections: u16,
    /// Remove the whole data directory when the server has ended.
    pub(super) scratch: bool,
}

/// A server that is ours. Dropped without [`Server::stop`], it stops by itself soon after.
#[derive(Debug)]
pub(super) struct Server {
    watchdog: Child,
    database: PathBuf,
    socket_folder: PathBuf,
}

impl Server {
    /// Starts a server and waits until it takes connections.
    ///
    /// # Errors
    /// [`PostgresError::StartFailed`] with the end of its log.
    pub(super) fn start(plan: &Plan<'_>) -> Result<Self, PostgresError> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            match Self::try_start(plan, deadline) {
                // Processes of a killed predecessor need a moment to notice that it is gone.
                Err(PostgresError::StartFailed { detail, .. })
                    if detail.contains("pre-existing shared memory block") && Instant::now() < deadline =>
                {
                    thread::sleep(POLL);
                }
                outcome => return outcome,
            }
        }
    }

    fn try_start(plan: &Plan<'_>, deadline: Instant) -> Result<Self, PostgresError> {
        let log = plan.home.log();
        let socket_folder = plan.home.socket_folder(plan.identity)?;
        let (file, log_start) = open_log(&log).map_err(|error| PostgresError::io(&log, error))?;
        let failed = |detail| PostgresError::StartFailed { detail, log: log.clone() };
        let mut watchdog = command(plan, &socket_folder, file)
            .and_then(|mut command| command.spawn())
            .map_err(|error| failed(error.to_string()))?;
        let database = plan.home.database();
        loop {
            if PidFile::read(&database).is_some_and(|file| file.ready) {
                return Ok(Self { watchdog, database, socket_folder });
            }
            let ended = watchdog.try_wait().map_err(|error| failed(error.to_string()))?;
            if let Some(status) = ended {
                let said = log_since(&log, log_start);
                if says_disk_full(&said) {
                    return Err(PostgresError::DiskFull { path: database });
                }
                return Err(failed(format!("{status}: {}", tool::tail(&said))));
            }
            if Instant::now() >= deadline {
                // Dropping the child closes its stdin, which ends the server.
                return Err(failed(format!("not ready after {} seconds", START_LIMIT.as_secs())));
            }
            thread::sleep(POLL);
        }
    }

    pub(super) fn socket_folder(&self) -> &Path {
        &self.socket_folder
    }

    /// Whether the server still runs.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.watchdog.try_wait(), Ok(None))
    }

    /// A fast shutdown: open transactions are rolled back, a checkpoint is written.
    ///
    /// # Errors
    /// [`PostgresError::StopFailed`] when it took too long and the server was killed.
    pub(super) fn stop(mut self) -> Result<(), PostgresError> {
        drop(self.watchdog.stdin.take());
        if self.ends_within(STOP_LIMIT) {
            // One in /tmp would be left behind; one with something in it, or already gone, is not ours.
            fs::remove_dir(&self.socket_folder).ok();
            return Ok(());
        }
        if let Some(file) = PidFile::read(&self.database).filter(|file| file.is_alive(&self.database)) {
            // It may have ended at this very moment.
            kill_process(file.process, Signal::QUIT).ok();
        }
        self.ends_within(KILL_LIMIT);
        Err(PostgresError::StopFailed { waited: STOP_LIMIT })
    }

    fn ends_within(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while self.is_running() {
            if Instant::now() >= deadline {
                return false;
            }
            thread::sleep(POLL);
        }
        true
    }
}

fn command(plan: &Plan<'_>, socket_folder: &Path, log: File) -> io::Result<Command> {
    let mut command = plan.identity.command(Path::new("/bin/sh"));
    command.args(["-c", WATCH, "sh"]).arg(plan.binaries.postgres());
    command.arg("-D").arg(plan.home.database());
    command.arg("-k").arg(socket_folder);
    command.args(["-p", "5432", "-N", &plan.max_connections.to_string()]);
    let disposable = if plan.durable { &[][..] } else { &DISPOSABLE[..] };
    for setting in COMMON.iter().chain(disposable) {
        command.args(["-c", setting]);
    }
    if plan.scratch {
        command.env("CPOR_SCRATCH", plan.home.folder());
        command.env("CPOR_SCRATCH_SOCKET", socket_folder);
    } else {
        command.env_remove("CPOR_SCRATCH");
    }
    command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
    // Its own group, or Ctrl-C would stop it before our own connections are done with it.
    command.process_group(0);
    Ok(command)
}

/// The log for appending, and where this run's part of it begins.
fn open_log(path: &Path) -> io::Result<(File, u64)> {
    let length = fs::metadata(path).map_or(0, |known| known.len());
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    if length <= LOG_MAX_BYTES {
        return Ok((file, length));
    }
    file.set_len(0)?;
    Ok((file, 0))
}

fn log_since(path: &Path, start: u64) -> String {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start(start))?;
        file.take(LOG_MAX_BYTES).read_to_end(&mut bytes)
    });
    match read {
        Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => format!("its log cannot be read: {error}"),
    }
}
