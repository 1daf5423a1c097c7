//! A server as a process of its own: started, found by what it prints, ended with its owner.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::Context;

use super::process::{self, Usage};
use super::token::Authority;

/// A server that runs.
pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts `cpor serve` on a database, in production's way: no demo, tokens of an authority. `more` are further options.
    pub fn cpor(
        program: &Path,
        database_url: &str,
        data_dir: &Path,
        authority: &Authority,
        more: &[String],
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--database-url", database_url, "--data-dir"]);
        command.arg(data_dir).args(authority.options()).args(more);
        Self::start(command)
    }

    /// Starts a server that prints a line with `http://ADDRESS/` once it listens.
    pub fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("a server cannot be started")?;
        let mut lines = BufReader::new(child.stdout.take().context("a server without an output")?).lines();
        let address = lines.by_ref().find_map(|line| address(&line.ok()?));
        // What it prints from now on is of no interest, but must be taken.
        std::thread::spawn(move || lines.for_each(drop));
        match address {
            Some(address) => Ok(Self { child, address }),
            None => anyhow::bail!("a server ended before it listened: {}", child.wait()?),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it used so far.
    pub fn usage(&self) -> anyhow::Result<Usage> {
        Ok(process::usage(self.child.id())?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing is lost: a bench's server has no state of its own.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn address(line: &str) -> Option<SocketAddr> {
    line.split_once("http://")?.1.split('/').next()?.trim().parse().ok()
}
