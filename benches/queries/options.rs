//! The bench's command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::workloads::Workload;

/// Compares `cpor` with a server written by hand, on the same database: what a request costs.
#[derive(Debug, Parser)]
#[command(name = "queries")]
pub struct Options {
    /// Claims in the data
    #[arg(long, default_value_t = 100_000)]
    pub claims: u64,
    /// Workloads to run
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Workload::ALL)]
    pub workloads: Vec<Workload>,
    /// Connections of the load, each run on its own
    #[arg(long, value_delimiter = ',', default_values_t = [4, 32])]
    pub connections: Vec<usize>,
    /// Seconds of each round of each server
    #[arg(long, default_value_t = 2.0)]
    pub seconds: f64,
    /// Rounds; the servers take turns within each
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    /// Another `cpor` than the one just built: to compare two of them, on data whose tables both know
    #[arg(long, value_name = "FILE", default_value = env!("CARGO_BIN_EXE_cpor"))]
    pub program: PathBuf,
    /// Further options of `cpor serve`
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true)]
    pub serve: Vec<String>,
    /// Make the data and do nothing else
    #[arg(long)]
    pub only_data: bool,
    /// Start the servers, print where they are and a token, and wait for Ctrl-C: to look at them with a profiler
    #[arg(long)]
    pub only_serve: bool,
    /// What cargo says to every bench
    #[arg(long, hide = true)]
    pub bench: bool,
    /// What the process is to be
    #[command(subcommand)]
    pub part: Option<Part>,
}

/// Processes that the bench starts of itself.
#[derive(Debug, Subcommand)]
pub enum Part {
    /// The server written by hand
    #[command(hide = true)]
    Limit {
        /// Where the database is
        database_url: String,
    },
}
