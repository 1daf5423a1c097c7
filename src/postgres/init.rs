//! Making a new PostgreSQL data directory.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::PostgresError;
use super::error::says_disk_full;
use super::find::Binaries;
use super::home::Home;
use super::identity::Identity;
use super::tool;

/// `initdb` takes a second at best; a busy disk may need many.
const INITDB_LIMIT: Duration = Duration::from_secs(180);

/// The major version of the data in `database`, or `None` when there is no data yet.
///
/// # Errors
/// When the version cannot be read.
pub(super) fn data_version(database: &Path) -> Result<Option<String>, PostgresError> {
    if !database.exists() {
        return Ok(None);
    }
    let file = database.join("PG_VERSION");
    let text = fs::read_to_string(&file).map_err(|error| PostgresError::io(&file, error))?;
    Ok(Some(text.trim().to_owned()))
}

/// Makes the data directory beside its place and moves it there when it is complete, so that an
/// interrupted run leaves nothing that looks like a database.
///
/// # Errors
/// [`PostgresError::InitFailed`], or that the place cannot be written.
pub(super) fn create(home: &Home, binaries: &Binaries, identity: Identity, durable: bool) -> Result<(), PostgresError> {
    let made = home.folder().join(format!("postgres.new-{}", std::process::id()));
    let cannot = |error| PostgresError::io(&made, error);
    remove_leftovers(home).map_err(cannot)?;
    fs::create_dir(&made).map_err(cannot)?;
    identity.give(&made).map_err(cannot)?;

    let initialized = run_initdb(&made, binaries, identity, durable);
    if let Err(error) = initialized {
        // The next try clears what cannot be removed now.
        fs::remove_dir_all(&made).ok();
        return Err(error);
    }
    fs::rename(&made, home.database()).map_err(cannot)
}

fn run_initdb(folder: &Path, binaries: &Binaries, identity: Identity, durable: bool) -> Result<(), PostgresError> {
    let mut command = identity.command(&binaries.initdb());
    command.arg("--pgdata").arg(folder);
    command.args(["--username=postgres", "--auth=trust", "--encoding=UTF8"]);
    command.args(locale(binaries.major));
    command.args(syncing(binaries.major, durable));
    let failed = |detail: String| PostgresError::InitFailed { dir: folder.to_owned(), detail };
    let said = tool::run_quietly(&mut command, INITDB_LIMIT).map_err(|error| failed(error.to_string()))?;
    if said.status.success() {
        return Ok(());
    }
    if says_disk_full(&said.stderr) {
        return Err(PostgresError::DiskFull { path: folder.to_owned() });
    }
    Err(failed(said.complaint()))
}

/// Text sorts by code point, the same on every machine, and knows the letters of all languages.
fn locale(major: u32) -> &'static [&'static str] {
    if major >= 17 {
        &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    } else if cfg!(target_os = "linux") {
        &["--locale=C", "--lc-ctype=C.UTF-8"]
    } else {
        &["--locale=C"]
    }
}

/// How the new files reach the disk: not at all for a database that will be thrown away.
fn syncing(major: u32, durable: bool) -> &'static [&'static str] {
    match durable {
        false => &["--no-sync"],
        true if major >= 17 && cfg!(target_os = "linux") => &["--sync-method=syncfs"],
        true => &[],
    }
}

/// Removes what interrupted runs have left.
fn remove_leftovers(home: &Home) -> io::Result<()> {
    for entry in fs::read_dir(home.folder())? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("postgres.new-") {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
