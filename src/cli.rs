//! The command line: a contract, read by clap; every option can also come from the environment.
//!
//! What is read here is turned into checked [`config`](crate::config) values before anything uses it.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::bounds::help;
use crate::postgres::BinarySource;
use crate::store::heads::HeadMark;

mod wire;

pub use wire::{MetricsPlace, TrustedDocumentsMode, WireArgs};

mod documents;

pub use documents::{DocumentArgs, JanitorArgs};

const AFTER_HELP: &str = "\
Without a command, cpor serves: `cpor` is `cpor serve`, and `cpor --listen 127.0.0.1:9000` is
`cpor serve --listen 127.0.0.1:9000`. See `cpor serve --help` for its options.

Without --database-url, cpor runs a PostgreSQL of its own in the data directory; a command then uses
the one of the server that runs there, or starts it for the while.";

/// A GraphQL API server for claims of partners of record.
#[derive(Debug, Clone, Parser)]
#[command(name = "cpor", version, after_help = AFTER_HELP, subcommand_required = true)]
pub struct CommandLine {
    /// Options of every command.
    #[command(flatten)]
    pub common: CommonArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct CommonArgs {
    /// Folder for the database, uploaded files and the demo's key; made if missing
    #[arg(long, global = true, value_name = "DIR", env = "CPOR_DATA_DIR", default_value = ".cpor")]
    pub data_dir: PathBuf,
    /// A PostgreSQL of yours (postgresql://…), instead of one in the data directory
    #[arg(long, global = true, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Binaries of the PostgreSQL in the data directory: `auto` (this machine's, else fetched), `fetched`, or their folder
    #[arg(long, global = true, value_name = "WHICH", env = "CPOR_POSTGRES", default_value = "auto", value_parser = binary_source)]
    pub postgres: BinarySource,
    /// Keys that sign and verify history (PEM, Ed25519) [default: history.key in the data directory; `serve` makes it]
    #[arg(long, global = true, value_name = "FILE", env = "CPOR_HISTORY_KEY")]
    pub history_key: Option<PathBuf>,
    /// What to log, on stderr: a level, or `target=level,…`
    #[arg(long, global = true, value_name = "FILTER", env = "CPOR_LOG", default_value = "info")]
    pub log: String,
    /// How to log
    #[arg(long, global = true, value_name = "FORMAT", env = "CPOR_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
    /// Where documents are kept.
    #[command(flatten)]
    pub documents: DocumentArgs,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// For machines: one JSON object a line
    Json,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Serve GraphQL over HTTP (the default)
    #[command(after_help = help())]
    Serve(Box<ServeArgs>),
    /// Print the token of a demo person, alone, on stdout
    Token {
        /// The person, such as `anna`; see `cpor people`
        name: String,
    },
    /// List the demo people
    People,
    /// Print the GraphQL schema (SDL)
    Schema,
    /// Bring the database's tables to this version
    Migrate,
    /// Create or change organizations, people, locations and the catalogue from a file; safe to repeat
    Import {
        /// The file: JSON, or an iCalendar of holidays
        file: PathBuf,
    },
    /// Check that no claim's history was changed, that each document's bytes are what it says, and print the newest signed head
    VerifyHistory(VerifyArgs),
}

/// Options of `verify-history`.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// A head that was printed before and kept elsewhere: history must still be the one it was signed for (several: repeat)
    #[arg(long, value_name = "HEAD")]
    pub head: Vec<HeadMark>,
    /// Check the histories alone, not the documents' bytes
    #[arg(long)]
    pub skip_files: bool,
}

/// Options of `serve`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of serve")]
pub struct ServeArgs {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS", env = "CPOR_LISTEN", default_value = "127.0.0.1:8080", value_parser = listen_address)]
    pub listen: SocketAddr,
    /// Load demo data and accept the demo people's tokens, on loopback only [default: true without --database-url, else false]
    #[arg(long, value_name = "BOOL", env = "CPOR_DEMO", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub demo: Option<bool>,
    /// Public keys that tokens are verified with: a JWKS document or a PEM public key
    #[arg(long, value_name = "FILE", env = "CPOR_JWT_KEYS")]
    pub jwt_keys: Option<PathBuf>,
    /// The issuer that tokens must name (`iss`)
    #[arg(long, value_name = "ISSUER", env = "CPOR_JWT_ISSUER")]
    pub jwt_issuer: Option<String>,
    /// The audience that tokens must be made for (`aud`)
    #[arg(long, value_name = "AUDIENCE", env = "CPOR_JWT_AUDIENCE")]
    pub jwt_audience: Option<String>,
    /// NATS servers that carry wake-ups between servers, such as `nats://bus.example:4222` [default: the database's LISTEN and NOTIFY]
    #[arg(long, value_name = "URL", env = "CPOR_BUS_URL", hide_env_values = true)]
    pub bus_url: Option<String>,
    /// Virus scanner for documents: clamd at tcp://HOST:PORT or unix:/PATH [default: none; documents say NOT_SCANNED]
    #[arg(long, value_name = "ADDRESS", env = "CPOR_CLAMD")]
    pub clamd: Option<String>,
    /// Mail server for notices: smtp://HOST:PORT?tls=required (STARTTLS) or smtps://USER:PASSWORD@HOST [default: .eml files in the data directory]
    #[arg(long, value_name = "URL", env = "CPOR_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Sender of notices: an e-mail address, or `Name <address>`
    #[arg(long, value_name = "SENDER", env = "CPOR_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Where people reach this server, for links in notices [default: http:// and the address listened on]
    #[arg(long, value_name = "URL", env = "CPOR_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Clearing away.
    #[command(flatten)]
    pub janitor: JanitorArgs,
    /// Collector of OpenTelemetry spans, over OTLP/HTTP, such as `http://127.0.0.1:4318`
    #[cfg(feature = "otel")]
    #[arg(long, value_name = "URL", env = "CPOR_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,
    /// What this server calls itself to the collector
    #[cfg(feature = "otel")]
    #[arg(long, value_name = "NAME", env = "CPOR_OTLP_SERVICE", default_value = "cpor")]
    pub otlp_service: String,
    /// The wire.
    #[command(flatten)]
    pub wire: WireArgs,
}

impl CommandLine {
    /// Reads the arguments of this process; prints help or what is wrong, and exits, where clap would.
    #[must_use]
    pub fn read() -> Self {
        Self::read_from(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// Reads `args`, the program's name first. Options without a command are those of `serve`.
    ///
    /// # Errors
    /// Clap's: also for `--help` and `--version`.
    pub fn read_from(args: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Self, clap::Error> {
        let mut args: Vec<OsString> = args.into_iter().map(Into::into).collect();
        let starts_with_option = args.get(1).is_none_or(|first| first.to_string_lossy().starts_with('-'));
        match Self::try_parse_from(&args) {
            Err(error) if starts_with_option && means_serve(error.kind()) => {
                let place = args.len().min(1);
                args.insert(place, OsString::from("serve"));
                Self::try_parse_from(args)
            }
            outcome => outcome,
        }
    }
}

/// Whether options without a command may be those of `serve`.
fn means_serve(error: ErrorKind) -> bool {
    matches!(
        error,
        ErrorKind::MissingSubcommand
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            | ErrorKind::UnknownArgument
            | ErrorKind::InvalidSubcommand
    )
}

fn binary_source(text: &str) -> Result<BinarySource, String> {
    match text {
        "auto" => Ok(BinarySource::Auto),
        "fetched" => Ok(BinarySource::Fetched),
        folder if folder.contains('/') => Ok(BinarySource::Folder(PathBuf::from(folder))),
        _ => Err("give `auto`, `fetched` or the path of a folder".to_owned()),
    }
}

fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let address = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    address.parse().map_err(|_| "give an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn serve(args: &[&str]) -> Option<ServeArgs> {
        match CommandLine::read_from(args).ok()?.command {
            Command::Serve(serve) => Some(*serve),
            _ => None,
        }
    }

    #[test]
    fn the_command_line_is_put_together_soundly() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn serve_is_what_is_done_without_a_command() {
        assert_eq!(serve(&["cpor"]).expect("serve").listen.port(), 8080);
        assert_eq!(serve(&["cpor", "--listen", "127.0.0.1:9000"]).expect("serve").listen.port(), 9000);
        assert_eq!(serve(&["cpor", "serve", "--listen=localhost:9000"]).expect("serve").listen.port(), 9000);
        assert!(serve(&["cpor", "--data-dir", "/tmp/x", "--demo"]).expect("serve").demo.expect("given"));
    }

    #[test]
    fn other_commands_take_the_common_options_and_none_of_serve() {
        let line = CommandLine::read_from(["cpor", "--data-dir", "/tmp/x", "token", "anna"]).expect("a command");
        assert!(matches!(line.command, Command::Token { name } if name == "anna"));
        assert_eq!(line.common.data_dir, PathBuf::from("/tmp/x"));
        let misplaced = CommandLine::read_from(["cpor", "people", "--listen", "127.0.0.1:1"]).expect_err("misplaced");
        assert_eq!(misplaced.kind(), ErrorKind::UnknownArgument);
    }

    #[test]
    fn what_is_mistyped_is_named() {
        let mistyped = CommandLine::read_from(["cpor", "--lisen", "127.0.0.1:1"]).expect_err("mistyped");
        assert!(mistyped.to_string().contains("--lisen"), "{mistyped}");
        let mistyped = CommandLine::read_from(["cpor", "tokn"]).expect_err("mistyped");
        assert!(mistyped.to_string().contains("tokn"), "{mistyped}");
        let mistyped = CommandLine::read_from(["cpor", "--listen", "8080"]).expect_err("mistyped");
        assert!(mistyped.to_string().contains("such as 127.0.0.1:8080"), "{mistyped}");
    }

    #[test]
    fn the_help_shows_every_command() {
        let help = CommandLine::read_from(["cpor", "--help"]).expect_err("help").to_string();
        for command in ["serve", "token", "people", "schema", "migrate", "import", "verify-history"] {
            assert!(help.contains(&format!("\n  {command}")), "{command} is missing in:\n{help}");
        }
    }
}
