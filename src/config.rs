//! Settings: typed, validated, and printed without secrets. Made from the [command line](crate::cli)
//! once, at the start.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tracing_subscriber::EnvFilter;

use crate::app::clamd::Clamd;
use crate::auth::token::{KeyError, KeySet};
use crate::cli::{Command, CommandLine, CommonArgs, LogFormat, ServeArgs};
use crate::postgres::{BinarySource, LocalOptions, Mode};
use crate::store::heads::HeadMark;
use crate::store::wake::{Bus, BusError};
use crate::workers::JanitorSettings;

/// Why the settings cannot be used, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The database's URL is not one.
    #[error(
        "DATABASE_URL (or --database-url) cannot be read: give postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with sslmode disable, prefer or require"
    )]
    DatabaseUrl,
    /// Demo mode would be open to the network.
    #[error("demo mode lets everybody in who can connect, so it listens on loopback only, and {listen} is not: use --listen 127.0.0.1:{port}, or --demo=false", port = .listen.port())]
    DemoOnNetwork {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// Keys without what their tokens must say, or the other way round.
    #[error("--jwt-keys, --jwt-issuer and --jwt-audience go together: {missing} is missing")]
    JwtIncomplete {
        /// The first one missing.
        missing: &'static str,
    },
    /// The file of keys cannot be read.
    #[error("the keys in {path} cannot be read: {source}", path = .path.display())]
    JwtKeysFile {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The file of keys holds none that can be used.
    #[error("{path}: {source}", path = .path.display())]
    JwtKeys {
        /// The file.
        path: PathBuf,
        /// What is wrong with them.
        source: KeyError,
    },
    /// Not a log filter.
    #[error("the log filter {filter:?} cannot be read: give a level (error, warn, info, debug, trace), or target=level,…")]
    LogFilter {
        /// What was given.
        filter: String,
    },
    /// Wake-ups cannot travel so.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// Not an address of a collector.
    #[cfg(feature = "otel")]
    #[error("--otlp-endpoint {endpoint:?} is no address of a collector: give one such as http://127.0.0.1:4318")]
    OtlpEndpoint {
        /// What was given.
        endpoint: String,
    },
    /// Documents cannot be kept so.
    #[error(transparent)]
    Documents(#[from] DocumentsError),
    /// Not a scanner's address.
    #[error("the virus scanner's address {0:?} cannot be read: give tcp://HOST:PORT or unix:/PATH")]
    Clamd(String),
    /// The wire cannot be so.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// Notices cannot leave so.
    #[error(transparent)]
    Mail(#[from] MailError),
}

/// The file in the data directory with the keys that sign history.
pub const HISTORY_KEY_FILE: &str = "history.key";

/// What this process is to do, with everything it needs to know.
#[derive(Debug)]
pub struct Settings {
    /// Folder for the database, uploaded files and the demo's key.
    pub data_dir: PathBuf,
    /// Which database.
    pub database: Database,
    /// Where documents are kept.
    pub documents: DocumentSettings,
    /// Keys that sign history; `None`: [`HISTORY_KEY_FILE`] in the data directory.
    pub history_key: Option<PathBuf>,
    /// How to log.
    pub log: LogSettings,
    /// What to do.
    pub task: Task,
}

/// What to do.
#[derive(Debug)]
pub enum Task {
    /// Serve GraphQL over HTTP.
    Serve(Box<ServeSettings>),
    /// Print a demo person's token.
    Token {
        /// The person's handle.
        name: String,
    },
    /// List the demo people.
    People,
    /// Print the schema.
    Schema,
    /// Migrate.
    Migrate,
    /// Import organizations, people, locations and the catalogue.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Check the history.
    VerifyHistory {
        /// Heads that were kept elsewhere.
        kept: Vec<HeadMark>,
        /// Whether to leave the documents' bytes alone.
        skip_files: bool,
    },
}

/// Which database to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A PostgreSQL of our own, in the data directory.
    Local {
        /// Where its binaries come from.
        binaries: BinarySource,
    },
    /// A PostgreSQL of the user's.
    Remote(DatabaseUrl),
}

/// How to log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// What to log: a level, or `target=level,…`.
    pub filter: String,
    /// How it looks.
    pub format: LogFormat,
}

/// How to serve.
#[derive(Debug)]
pub struct ServeSettings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether to load demo data and accept demo tokens; then `listen` is loopback.
    pub demo: bool,
    /// Whose tokens to accept, beside the demo's.
    pub jwt: Option<JwtSettings>,
    /// What carries wake-ups to the other servers of the database.
    pub bus: Bus,
    /// Where spans go, if anywhere.
    #[cfg(feature = "otel")]
    pub otlp: Option<OtlpSettings>,
    /// The virus scanner, if there is one.
    pub scanner: Option<Clamd>,
    /// The wire.
    pub wire: WireSettings,
    /// How notices leave.
    pub mail: MailSettings,
    /// When what nothing needs is cleared away.
    pub janitor: JanitorSettings,
}

/// Whose tokens to accept.
#[derive(Debug, Clone)]
pub struct JwtSettings {
    /// What they are verified with.
    pub keys: KeySet,
    /// The issuer they must name.
    pub issuer: String,
    /// The audience they must be made for.
    pub audience: String,
}

impl Settings {
    /// Checks what was given on the command line and in the environment.
    ///
    /// # Errors
    /// A [`ConfigError`] whose text says what to do.
    pub fn new(line: CommandLine) -> Result<Self, ConfigError> {
        let CommonArgs { data_dir, database_url, postgres, history_key, log, log_format, documents } = line.common;
        let documents = DocumentSettings::new(documents, &data_dir)?;
        let history_key = history_key.filter(|path| !path.as_os_str().is_empty());
        // An empty variable in the environment means: not set.
        let database = match database_url.filter(|url| !url.is_empty()) {
            Some(url) => Database::Remote(DatabaseUrl::parse(url)?),
            None => Database::Local { binaries: postgres },
        };
        let task = match line.command {
            Command::Serve(args) => Task::Serve(Box::new(ServeSettings::new(*args, &database)?)),
            Command::Token { name } => Task::Token { name },
            Command::People => Task::People,
            Command::Schema => Task::Schema,
            Command::Migrate => Task::Migrate,
            Command::Import { file } => Task::Import { file },
            Command::VerifyHistory(args) => Task::VerifyHistory { kept: args.head, skip_files: args.skip_files },
        };
        if EnvFilter::try_new(&log).is_err() {
            return Err(ConfigError::LogFilter { filter: log });
        }
        Ok(Self { data_dir, database, documents, history_key, log: LogSettings { filter: log, format: log_format }, task })
    }

    /// How to run our own PostgreSQL for this task; none if the database is the user's.
    #[must_use]
    pub fn local_postgres(&self) -> Option<LocalOptions> {
        let Database::Local { binaries } = &self.database else { return None };
        let mode = if matches!(self.task, Task::Serve(_)) { Mode::Serve } else { Mode::Attach };
        let binaries = binaries.clone();
        Some(LocalOptions { binaries, progress: true, ..LocalOptions::new(&self.data_dir, mode) })
    }
}

impl ServeSettings {
    fn new(args: ServeArgs, database: &Database) -> Result<Self, ConfigError> {
        let demo = args.demo.unwrap_or(matches!(database, Database::Local { .. }));
        if demo && !args.listen.ip().is_loopback() {
            return Err(ConfigError::DemoOnNetwork { listen: args.listen });
        }
        let jwt = JwtSettings::new(args.jwt_keys, args.jwt_issuer, args.jwt_audience)?;
        let bus = args.bus_url.filter(|url| !url.is_empty()).map_or(Ok(Bus::default()), |url| Bus::parse(&url))?;
        let mail = MailSettings::new(args.smtp_url, args.mail_from, args.public_url, args.listen)?;
        let clamd = args.clamd.filter(|address| !address.is_empty());
        let scanner = clamd.map(|address| Clamd::parse(&address).ok_or(ConfigError::Clamd(address))).transpose()?;
        Ok(Self {
            listen: args.listen,
            demo,
            jwt,
            bus,
            scanner,
            mail,
            janitor: args.janitor.into(),
            #[cfg(feature = "otel")]
            otlp: OtlpSettings::new(args.otlp_endpoint, args.otlp_service)?,
            wire: WireSettings::new(args.wire)?,
        })
    }
}

impl JwtSettings {
    fn new(keys: Option<PathBuf>, issuer: Option<String>, audience: Option<String>) -> Result<Option<Self>, ConfigError> {
        let missing = |missing| ConfigError::JwtIncomplete { missing };
        let [issuer, audience] = [issuer, audience].map(|text| text.filter(|text| !text.is_empty()));
        let keys = keys.filter(|path| !path.as_os_str().is_empty());
        if keys.is_none() && issuer.is_none() && audience.is_none() {
            return Ok(None);
        }
        let path = keys.ok_or(missing("--jwt-keys"))?;
        let issuer = issuer.ok_or(missing("--jwt-issuer"))?;
        let audience = audience.ok_or(missing("--jwt-audience"))?;
        Ok(Some(Self { keys: read_keys(&path)?, issuer, audience }))
    }
}

fn read_keys(path: &Path) -> Result<KeySet, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::JwtKeysFile { path: path.to_owned(), source })?;
    KeySet::parse(&text).map_err(|source| ConfigError::JwtKeys { path: path.to_owned(), source })
}

pub mod bounds;
mod database;
mod documents;
mod mail;
#[cfg(feature = "otel")]
mod otlp;
mod wire;

pub use database::DatabaseUrl;
pub use documents::{DocumentSettings, DocumentsError};
pub use mail::{MailError, MailSettings, SmtpUrl};
#[cfg(feature = "otel")]
pub use otlp::OtlpSettings;
pub use wire::{WireError, WireSettings};

#[cfg(test)]
mod tests;
