//! The client: a process of its own that opens the sockets and keeps every event with its time.
//!
//! It talks to its parent in lines: `ready` when all sockets are open; `count` is answered by the events heard so far; `finish`
//! writes the journal.

mod decode;
mod journal;
mod socket;

use std::path::Path;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::runtime::Builder;
use tokio::sync::mpsc;

use crate::plan::Plan;
use journal::Journal;
use socket::Socket;

/// Sockets opened at a time.
const OPENING: usize = 64;

/// Runs until the parent says `finish`, or goes away.
pub fn run(plan: &Path) -> anyhow::Result<()> {
    Builder::new_current_thread().enable_all().build()?.block_on(watch(plan))
}

async fn watch(plan: &Path) -> anyhow::Result<()> {
    let plan: Plan = serde_json::from_slice(&std::fs::read(plan)?)?;
    let journal = Arc::new(Journal::default());
    let sockets = stream::iter(plan.sockets.iter().enumerate());
    let opened = sockets.map(|(number, watch)| Socket::open(plan.address, plan.wire, watch, number as u32));
    let opened = opened.buffer_unordered(OPENING);
    opened
        .try_for_each(|socket| {
            tokio::spawn(socket.listen(Arc::clone(&journal)));
            std::future::ready(Ok(()))
        })
        .await?;
    println!("ready");
    let (sender, mut lines) = mpsc::channel(1);
    std::thread::spawn(move || std::io::stdin().lines().map_while(Result::ok).try_for_each(|line| sender.blocking_send(line)));
    while let Some(line) = lines.recv().await {
        match line.as_str() {
            "finish" => {
                journal.write(&plan.journal)?;
                println!("{}", journal.summary());
                return Ok(());
            }
            _ => println!("{}", journal.count()),
        }
    }
    Ok(())
}
