//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::plan::Wire;
use crate::scenario::{SCENARIOS, Scenario};

/// Measures live status under load.
#[derive(Debug, Parser)]
pub struct Options {
    /// Scenarios, with commas between: s1, s2, s3, s4, cut [default: all]
    #[arg(long, value_delimiter = ',', value_parser = scenario)]
    scenario: Vec<&'static Scenario>,
    /// Seconds of changes while everybody watches
    #[arg(long, default_value_t = 20)]
    pub seconds: u64,
    /// Only over WebSockets (with --sse and --bare: these as well)
    #[arg(long)]
    ws: bool,
    /// Only over server-sent events
    #[arg(long)]
    sse: bool,
    /// Only the bare server
    #[arg(long)]
    bare: bool,
    /// The server to measure
    #[arg(long, default_value = env!("CARGO_BIN_EXE_cpor"))]
    pub program: PathBuf,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
    /// What this process is, where it was started by another one of it.
    #[command(subcommand)]
    pub role: Option<Role>,
}

/// A process beside the one that measures.
#[derive(Debug, Subcommand)]
pub enum Role {
    /// The subscribers.
    #[command(hide = true)]
    Client {
        /// What to open.
        plan: PathBuf,
    },
    /// The bare server.
    #[command(hide = true)]
    Bare,
}

/// Who serves, and over what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `cpor serve`.
    Cpor(Wire),
    /// The bare server, over WebSockets.
    Bare,
}

impl Options {
    /// The scenarios to run.
    pub fn scenarios(&self) -> Vec<&'static Scenario> {
        if self.scenario.is_empty() { SCENARIOS.iter().collect() } else { self.scenario.clone() }
    }

    /// Whom to measure, the bare server first: the others are compared with it.
    pub fn subjects(&self) -> Vec<Subject> {
        let all = !(self.ws || self.sse || self.bare);
        let wanted = [
            (self.bare, Subject::Bare),
            (self.ws, Subject::Cpor(Wire::WebSocket)),
            (self.sse, Subject::Cpor(Wire::ServerSentEvents)),
        ];
        wanted.into_iter().filter(|(asked, _)| all || *asked).map(|(_, subject)| subject).collect()
    }
}

fn scenario(name: &str) -> Result<&'static Scenario, String> {
    let known = SCENARIOS.iter().find(|scenario| scenario.name.eq_ignore_ascii_case(name));
    known.ok_or_else(|| "give s1, s2, s3, s4 or cut".to_owned())
}
