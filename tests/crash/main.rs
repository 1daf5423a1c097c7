//! The crash suite: real servers on a real database, clients that write, watch and retry, and a nemesis that kills, stalls and cuts;
//! then a checker that compares what the clients were told with what is there. See `docs/crash.md`.
#![allow(clippy::unwrap_used)]

mod api;
mod checker;
mod documents;
mod journal;
mod mail;
mod nemesis;
mod outage;
mod people;
mod postgres;
mod proxy;
mod race;
mod random;
mod report;
mod run;
mod server;
mod settings;
mod tables;
mod watcher;
mod watchers;
mod writer;

/// Short by default; `CPOR_CRASH_SECONDS`, `CPOR_CRASH_SEED`, `CPOR_CRASH_SERVERS` and `CPOR_CRASH_WRITERS` make it another run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_dies_what_was_acknowledged_is_there_once_and_every_watcher_saw_all_of_it() {
    run::run(settings::Settings::read()).await;
}
