//! A data directory brought to life: from its path to a socket that takes connections. Blocking; the
//! module above offers it to asynchronous code.

use std::path::{Path, PathBuf};

use super::find::{self, Binaries, BinarySource, Found};
use super::home::Home;
use super::identity::Identity;
use super::lock::{self, DirectoryLock, Outcome, Role};
use super::pidfile::{PidFile, clear_predecessor};
use super::server::{Plan, Server};
use super::{LocalOptions, Mode, PostgresError};
use super::{fetch, init, package};

/// A PostgreSQL that takes connections: ours, or the one of a running server.
#[derive(Debug)]
pub(super) struct Cluster {
    socket_folder: PathBuf,
    owned: Option<Owned>,
}

/// The order matters: the server is let go before the lock.
#[derive(Debug)]
struct Owned {
    server: Server,
    _lock: DirectoryLock,
}

impl Cluster {
    /// Brings it to life.
    ///
    /// # Errors
    /// Every [`PostgresError`] but those of the database connection.
    pub(super) fn open(options: &LocalOptions) -> Result<Self, PostgresError> {
        let home = Home::prepare(&options.data_dir)?;
        let role = if options.mode == Mode::Attach { Role::Command } else { Role::Server };
        match lock::acquire(&home, role, || running(&home))? {
            Outcome::Shared(socket_folder) => Ok(Self { socket_folder, owned: None }),
            Outcome::Owned(lock) => {
                let server = launch(&home, options)?;
                let socket_folder = server.socket_folder().to_owned();
                Ok(Self { socket_folder, owned: Some(Owned { server, _lock: lock }) })
            }
        }
    }

    pub(super) fn socket_folder(&self) -> &Path {
        &self.socket_folder
    }

    /// Whether it still runs; one that belongs to another process is believed to.
    pub(super) fn is_running(&mut self) -> bool {
        self.owned.as_mut().is_none_or(|owned| owned.server.is_running())
    }

    /// Starts it again if it is ours and has ended; the lock is held all the while.
    ///
    /// # Errors
    /// As [`Cluster::open`].
    pub(super) fn revive(mut self, options: &LocalOptions) -> Result<Self, PostgresError> {
        if let Some(owned) = self.owned.as_mut().filter(|_| options.mode != Mode::Scratch)
            && !owned.server.is_running()
        {
            tracing::error!("PostgreSQL has ended by itself: it is started again");
            owned.server = launch(&Home::prepare(&options.data_dir)?, options)?;
        }
        Ok(self)
    }

    /// Stops it if it is ours.
    ///
    /// # Errors
    /// [`PostgresError::StopFailed`].
    pub(super) fn stop(self) -> Result<(), PostgresError> {
        self.owned.map_or(Ok(()), |owned| owned.server.stop())
    }
}

/// The socket folder of the server that somebody else runs for this data directory, once it is ready.
fn running(home: &Home) -> Option<PathBuf> {
    let database = home.database();
    let file = PidFile::read(&database)?;
    (file.ready && file.is_alive(&database)).then_some(file.socket_folder)
}

fn launch(home: &Home, options: &LocalOptions) -> Result<Server, PostgresError> {
    let database = home.database();
    let version = init::data_version(&database)?;
    let binaries = binaries(options, &database, version.as_deref())?;
    let identity = Identity::choose(&database, home.folder(), &binaries.folder)?;
    clear_predecessor(home)?;
    if version.is_none() {
        tracing::info!(folder = %database.display(), major = binaries.major, "making a new database");
        init::create(home, &binaries, identity, options.durable)?;
    }
    let scratch = options.mode == Mode::Scratch;
    if scratch {
        let give = identity.give(home.folder());
        give.map_err(|error| PostgresError::io(home.folder(), error))?;
    }
    Server::start(&Plan {
        home,
        binaries: &binaries,
        identity,
        durable: options.durable,
        max_connections: options.max_connections,
        scratch,
    })
}

/// The binaries to use: of the version that made the data, if there is data.
fn binaries(options: &LocalOptions, database: &Path, version: Option<&str>) -> Result<Binaries, PostgresError> {
    // Versions before 10 were written with a dot, and are wanted by nobody here.
    let wanted = version.map(|text| text.parse().unwrap_or(0));
    let mut found = match &options.binaries {
        BinarySource::Auto => find::on_this_machine(wanted)?,
        BinarySource::Fetched => Found::default(),
        BinarySource::Folder(folder) => Found::one(Binaries::at(folder)?, wanted),
    };
    let may_fetch = !matches!(options.binaries, BinarySource::Folder(_));
    if may_fetch && found.chosen.is_none() && wanted.is_none_or(|major| major == package::MAJOR) {
        return fetch::binaries(options.cache_dir.as_deref(), options.progress);
    }
    if options.binaries == BinarySource::Fetched {
        found.others.push(package::MAJOR);
    }
    found.chosen.ok_or_else(|| PostgresError::WrongVersion {
        dir: database.to_owned(),
        data: version.unwrap_or_default().to_owned(),
        found: versions(&found.others),
    })
}

fn versions(majors: &[u32]) -> String {
    let mut majors = majors.to_vec();
    majors.sort_unstable();
    majors.dedup();
    let list: Vec<String> = majors.iter().map(u32::to_string).collect();
    if list.is_empty() { "none".to_owned() } else { list.join(" and ") }
}
