//! Wake-ups over NATS: they arrive, and the bus may die without a loss.

use std::path::PathBuf;
use std::pin::pin;
use std::process::{Child, Command as Process, Stdio};
use std::time::Duration;

use cpor::app::{Told, WatchFilter, WatchFrom, Watching};
use cpor::domain::command::Command;
use cpor::domain::ids::CommentId;
use cpor::store::wake::{Bus, Waker};
use futures_util::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::support::scratch::skip;
use crate::support::wakes::wakes;
use crate::support::world::World;

/// Nothing here takes longer than this, unless it never happens.
const PATIENCE: Duration = Duration::from_secs(30);
/// Comments written before the bus dies, while it is dead, and after it is back.
const COMMENTS: usize = 20;

/// A NATS server; killed when dropped.
struct Nats {
    program: PathBuf,
    port: u16,
    child: Child,
}

impl Nats {
    /// Starts one; none where it is not installed.
    fn start(test: &str) -> Option<Self> {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&folders).chain(["/usr/sbin".into()]);
        let program = folders.map(|folder| folder.join("nats-server")).find(|program| program.is_file());
        let Some(program) = program else {
            skip(test, "nats-server is not installed (apt-get install nats-server)");
            return None;
        };
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = spawn(&program, port);
        Some(Self { program, port, child })
    }

    fn bus(&self) -> Bus {
        Bus::parse(&format!("nats://127.0.0.1:{}", self.port)).unwrap()
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn start_again(&mut self) {
        self.child = spawn(&self.program, self.port);
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        // It may be dead already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn spawn(program: &PathBuf, port: u16) -> Child {
    let mut command = Process::new(program);
    command.args(["--addr", "127.0.0.1", "--port", &port.to_string()]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wake_up_travels_over_nats_and_does_so_again_after_its_death() {
    let Some(mut nats) = Nats::start("a_wake_up_travels_over_nats") else { return };
    let world = World::new().await;
    let (one, two, stop) = (Waker::over(nats.bus()), Waker::over(nats.bus()), CancellationToken::new());
    let tasks = [&one, &two].map(|waker| tokio::spawn(waker.clone().run(world.app.database().clone(), stop.clone())));
    wakes(&one, &two, 0).await;
    nats.kill();
    nats.start_again();
    wakes(&one, &two, 1_000_000).await;
    stop.cancel();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bus_may_die_in_the_middle_and_every_event_is_heard_once() {
    let Some(mut nats) = Nats::start("the_bus_may_die_in_the_middle") else { return };
    let world = World::new().await;
    let (one, two, stop) = (world.app_over(nats.bus()).await, world.app_over(nats.bus()).await, CancellationToken::new());
    let workers = [&one, &two].map(|app| world.start_workers(app, &stop));
    let claim = world.submitted("anna", 1, &["EXCHANGE_ONLINE"]).await;
    let anna = world.viewer("anna").await;

    let filter = WatchFilter { claims: vec![claim], kinds: vec!["COMMENTED".to_owned()], ..WatchFilter::default() };
    let from = one.newest_cursor(&anna).await.unwrap();
    let watching = Watching { from: WatchFrom::After(from), filter, checkpoints: None };
    let mut heard = pin!(two.watch(anna.clone(), watching));
    let mut sequence = Vec::new();
    for phase in 0..3 {
        match phase {
            1 => nats.kill(),
            2 => nats.start_again(),
            _ => {}
        }
        for number in 0..COMMENTS {
            let command = Command::Comment { id: CommentId::fresh(), body: format!("{phase}/{number}") };
            let outcome = one.execute(&anna, claim, command, Default::default()).await.unwrap();
            assert_eq!(outcome.refusal, None);
        }
        for _ in 0..COMMENTS {
            match tokio::time::timeout(PATIENCE, heard.next()).await.expect("an event").unwrap().unwrap() {
                Told::Event(item) => sequence.push(item.happening.entry.seq),
                told @ Told::Checkpoint { .. } => panic!("{told:?}"),
            }
        }
    }
    let first = sequence[0];
    assert_eq!(sequence, (first..).take(3 * COMMENTS).collect::<Vec<_>>());

    stop.cancel();
    for tracker in workers {
        tracker.wait().await;
    }
}
