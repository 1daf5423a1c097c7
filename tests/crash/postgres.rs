//! The database: a PostgreSQL of the suite's own, on a small disk of its own where that can be had, so that both can fail.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use cpor::postgres::{LocalOptions, LocalPostgres, Mode};
use rustix::fs::FallocateFlags;
use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::Mutex;

use crate::tables;

/// The size of the disk, as `mount` reads it.
const DISK_SIZE: &str = "size=400m";
/// So that the log alone never fills it.
const SETTINGS: &str = "ALTER SYSTEM SET max_wal_size = '96MB'; SELECT pg_reload_conf()";
/// Connections: three servers with two pools each, and ourselves.
const MAX_CONNECTIONS: u16 = 150;
/// How long PostgreSQL may take to end, or to give up on a full disk.
const END_LIMIT: Duration = Duration::from_secs(20);
/// How often to look.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The database, and the disk it lies on.
pub struct Postgres {
    local: Mutex<Option<LocalPostgres>>,
    options: LocalOptions,
    url: String,
    socket: PathBuf,
    disk: Disk,
}

impl Postgres {
    pub async fn start(folder: &Path) -> Self {
        let disk = Disk::mount(&folder.join("disk"));
        let mut options = LocalOptions::new(disk.folder.join("pg"), Mode::Serve);
        options.max_connections = MAX_CONNECTIONS;
        let local = LocalPostgres::start(options.clone()).await.unwrap();
        let url = local.url().to_owned();
        tables::settle(&url, SETTINGS).await;
        let config: tokio_postgres::Config = url.parse().unwrap();
        let Some(tokio_postgres::config::Host::Unix(sockets)) = config.get_hosts().first() else { panic!("a socket's folder") };
        let socket = sockets.join(".s.PGSQL.5432");
        Self { local: Mutex::new(Some(local)), options, url, socket, disk }
    }

    /// Where the suite itself connects, past all wires that may be cut.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The socket it listens on.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Whether its disk can be filled.
    pub fn has_own_disk(&self) -> bool {
        self.disk.is_mounted
    }

    /// An immediate stop: no checkpoint, the next start recovers from the log.
    pub async fn crash(&self) {
        let mut local = self.local.lock().await;
        let pid_file = fs::read_to_string(self.options.data_dir.join("postgres/postmaster.pid")).unwrap_or_default();
        let pid = pid_file.lines().next().and_then(|line| line.trim().parse().ok()).and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended by itself, of a full disk say.
            kill_process(pid, Signal::QUIT).ok();
        }
        let deadline = tokio::time::Instant::now() + END_LIMIT;
        while local.as_mut().is_some_and(LocalPostgres::is_running) {
            assert!(tokio::time::Instant::now() < deadline, "PostgreSQL does not end");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Starts it again if it has ended.
    pub async fn revive(&self) {
        let mut local = self.local.lock().await;
        let revived = match local.take() {
            Some(ended) => ended.revived().await,
            None => LocalPostgres::start(self.options.clone()).await,
        };
        *local = Some(revived.unwrap());
    }

    /// Fills the disk to the last byte; answers what must be dropped to make room again.
    pub fn fill_disk(&self) -> Filler {
        let path = self.disk.folder.join("filler");
        let file = File::create(&path).unwrap();
        let (mut at, mut step) = (0, 64 << 20);
        while step >= 4096 {
            match rustix::fs::fallocate(&file, FallocateFlags::empty(), at, step) {
                Ok(()) => at += step,
                Err(_) => step /= 2,
            }
        }
        Filler(path)
    }

    pub async fn stop(self) {
        if let Some(local) = self.local.into_inner() {
            local.stop().await.unwrap();
        }
    }
}

/// What fills the disk.
pub struct Filler(PathBuf);

impl Drop for Filler {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            eprintln!("{} still fills the disk: {error}", self.0.display());
        }
    }
}

/// A folder, a file system of its own if this user may mount one.
struct Disk {
    folder: PathBuf,
    is_mounted: bool,
}

impl Disk {
    fn mount(folder: &Path) -> Self {
        fs::create_dir(folder).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", DISK_SIZE, "cpor-crash"]).arg(folder).output();
        let is_mounted = mounted.is_ok_and(|output| output.status.success());
        if !is_mounted {
            eprintln!("the crash suite may not mount a disk here: a full disk is NOT tried");
        }
        Self { folder: folder.to_owned(), is_mounted }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.is_mounted {
            let unmounted = Command::new("umount").arg("--lazy").arg(&self.folder).status();
            if !unmounted.is_ok_and(|status| status.success()) {
                eprintln!("{} stays mounted", self.folder.display());
            }
        }
    }
}
