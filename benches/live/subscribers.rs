//! The client process, from outside.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::{Instant, sleep};

use crate::plan::{HEARD_BYTES, Heard, Plan};

/// How often to ask how much was heard.
const ASK_EVERY: Duration = Duration::from_millis(50);
/// Without another event for so long, no more is expected.
const SILENCE: Duration = Duration::from_secs(5);

/// Open subscriptions.
pub struct Subscribers {
    _child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    plan: Plan,
}

/// What they heard.
pub struct Journal {
    /// Each event, in the order in which it was heard.
    pub heard: Vec<Heard>,
    /// Bytes of all messages.
    pub bytes: usize,
    /// Sockets that ended before they should, and why.
    pub ended: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
struct Summary {
    bytes: usize,
    ended: BTreeMap<String, usize>,
}

impl Subscribers {
    /// Opens all of a plan's sockets.
    pub async fn open(plan: Plan) -> anyhow::Result<Self> {
        let path = plan.journal.with_extension("plan");
        std::fs::write(&path, serde_json::to_vec(&plan)?)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("client").arg(&path).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let stdin = child.stdin.take().context("no stdin")?;
        let lines = BufReader::new(child.stdout.take().context("no stdout")?).lines();
        let mut subscribers = Self { _child: child, stdin, lines, plan };
        subscribers.line().await?;
        Ok(subscribers)
    }

    /// Events heard so far.
    pub async fn count(&mut self) -> anyhow::Result<usize> {
        Ok(self.ask("count").await?.parse()?)
    }

    /// Waits until so many events were heard; gives up after some silence.
    pub async fn heard(&mut self, expected: usize) -> anyhow::Result<usize> {
        let (mut last, mut since) = (0, Instant::now());
        loop {
            let count = self.count().await?;
            if count != last {
                (last, since) = (count, Instant::now());
            }
            if count >= expected || since.elapsed() > SILENCE {
                return Ok(count);
            }
            sleep(ASK_EVERY).await;
        }
    }

    /// Ends them and reads what they heard.
    pub async fn finish(mut self) -> anyhow::Result<Journal> {
        let Summary { bytes, ended } = serde_json::from_str(&self.ask("finish").await?)?;
        let journal = std::fs::read(&self.plan.journal)?;
        let heard = journal.as_chunks::<HEARD_BYTES>().0.iter().map(|bytes| Heard::from_bytes(*bytes)).collect();
        Ok(Journal { heard, bytes, ended })
    }

    async fn ask(&mut self, question: &str) -> anyhow::Result<String> {
        self.stdin.write_all(format!("{question}\n").as_bytes()).await?;
        self.line().await
    }

    async fn line(&mut self) -> anyhow::Result<String> {
        self.lines.next_line().await?.context("the client process ended; see what it said above")
    }
}
