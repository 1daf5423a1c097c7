//! Options of `serve` about the wire: what is told, who is believed, how much is taken.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::listen_address;

/// Options of `serve` about the wire.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of serve: the wire")]
pub struct WireArgs {
    /// Web pages of other origins that may call this server, such as `https://app.example` (several: with commas)
    #[arg(long, value_name = "ORIGIN", env = "CPOR_CORS_ORIGIN", value_delimiter = ',')]
    pub cors_origin: Vec<String>,
    /// Proxies before this server, whose `X-Forwarded-For` is believed, such as `10.0.0.0/8` (several: with commas)
    #[arg(long, value_name = "CIDR", env = "CPOR_TRUSTED_PROXY", value_delimiter = ',')]
    pub trusted_proxy: Vec<String>,
    /// Whether `__schema`, `__type` and `/schema.graphql` are answered and names are suggested
    #[arg(
        long, value_name = "BOOL", env = "CPOR_INTROSPECTION", default_value = "true",
        num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set
    )]
    pub introspection: bool,
    /// Which documents are run
    #[arg(long, value_name = "MODE", env = "CPOR_TRUSTED_DOCUMENTS", default_value = "off")]
    pub trusted_documents: TrustedDocumentsMode,
    /// The trusted documents: a manifest of Relay's or Apollo's form, read at the start
    #[arg(long, value_name = "FILE", env = "CPOR_DOCUMENTS_MANIFEST")]
    pub documents_manifest: Option<PathBuf>,
    /// Where `/metrics` is: `on` (beside the rest), `off`, or an address and port of its own
    #[arg(long, value_name = "WHERE", env = "CPOR_METRICS", default_value = "on", value_parser = metrics)]
    pub metrics: MetricsPlace,
    /// A bound other than its default (several: again, or with commas); their names are below
    #[arg(long, value_name = "NAME=VALUE", env = "CPOR_LIMIT", value_delimiter = ',')]
    pub limit: Vec<String>,
}

/// Which documents are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TrustedDocumentsMode {
    /// Any; none is known beforehand
    Off,
    /// Those of the manifest by their ids, and any other
    Prefer,
    /// Those of the manifest and no other
    Only,
}

/// Where the counters are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricsPlace {
    /// On the listener of everything else.
    Beside,
    /// Nowhere.
    Off,
    /// On a listener of their own.
    Apart(SocketAddr),
}

fn metrics(text: &str) -> Result<MetricsPlace, String> {
    match text {
        "on" => Ok(MetricsPlace::Beside),
        "off" => Ok(MetricsPlace::Off),
        address => listen_address(address).map(MetricsPlace::Apart).map_err(|sentence| format!("{sentence}, or `on` or `off`")),
    }
}
