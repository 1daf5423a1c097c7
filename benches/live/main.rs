//! Live status under load: many subscribers, steady changes, every event accounted for.
//!
//! ```text
//!  this process ──writes──► cpor serve ──events──► client process
//!   │  a PostgreSQL         (or the bare server)     │ every event, with its time
//!   └───────── compares what was heard with the feed ◄┘
//! ```
//!
//! The server is one process of its own, so that its memory and CPU are its own; the clients' CPU is not counted. The writes are the
//! server's own mutations (`claimUpdate` by the claims' partners), over HTTP. What they cost is measured before anybody subscribes
//! and taken off, and so is what open sockets cost while nothing happens: the rest is the price of delivery. The bare server is axum's
//! WebSocket and nothing else, and sends the same bytes at the same rate to the same client.
//!
//! `cargo bench --bench live -- --help` names the options.

mod bare;
mod check;
mod client;
mod clock;
mod data;
mod feed;
mod figures;
mod http;
mod limits;
mod options;
mod plan;
mod run;
mod scenario;
mod subscribers;
mod table;
mod writer;

/// What the benches share.
#[path = "../support"]
mod support {
    pub mod cluster;
    pub mod process;
    pub mod server;
    pub mod table;
    pub mod token;
}

use clap::Parser;

use options::{Options, Role};

fn main() -> anyhow::Result<()> {
    match Options::parse() {
        Options { role: Some(Role::Client { plan }), .. } => client::run(&plan),
        Options { role: Some(Role::Bare), .. } => bare::run(),
        options => run::run(&options),
    }
}
