//! One run: build the world, let everybody loose, make peace, compare.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::api::{Api, Fleet};
use crate::checker::{self, Evidence, FAULTS};
use crate::journal::{Filter, Journals, Watch};
use crate::mail;
use crate::nemesis::Nemesis;
use crate::outage::Probe;
use crate::people::{AUDITOR, Authority, PARTNERS, RACERS, REVIEWERS, import_file, racer};
use crate::postgres::Postgres;
use crate::race::races;
use crate::random::Random;
use crate::report;
use crate::server::{Server, cpor, data_dir};
use crate::settings::Settings;
use crate::tables;
use crate::watcher::{Road, Watcher};
use crate::watchers::Watchers;
use crate::writer::Writer;

/// How long after the last deed clients go on to ask what became of their changes, and everything may take to arrive.
const PEACE_LIMIT: Duration = Duration::from_secs(90);
/// How long the first servers may take to start.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How often to look.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Runs, prints, and panics with everything that is wrong.
pub async fn run(settings: Settings) {
    let folder = std::env::temp_dir().join(format!("cpor-crash-{}", uuid::Uuid::now_v7().simple()));
    std::fs::create_dir(&folder).unwrap();
    let wrong = run_in(&folder, settings).await;
    assert!(wrong.is_empty(), "seed {}, logs in {}:\n{}", settings.seed, folder.display(), wrong.join("\n"));
    std::fs::remove_dir_all(&folder).unwrap();
}

async fn run_in(folder: &Path, settings: Settings) -> Vec<String> {
    let authority = Authority::new();
    let postgres = Arc::new(Postgres::start(folder).await);
    prepare(folder, &postgres, &authority).await;
    let servers = join_all((0..settings.servers).map(|number| Server::new(number, folder, &postgres))).await;
    let servers: Arc<[Server]> = servers.into();
    let keepers: Vec<JoinHandle<()>> = (0..settings.servers).map(|number| keep_running(&servers, number)).collect();
    let world = World { settings, authority, servers, postgres };
    world.serves(START_LIMIT).await;

    let fleet = world.fleet(Instant::now() + START_LIMIT + settings.length + PEACE_LIMIT);
    let watchers = world.watchers(&fleet).await;
    let end = Instant::now() + settings.length;
    let nemesis = tokio::spawn(world.nemesis().rage(end));
    let (_, races) = tokio::join!(join_all(world.writers(&fleet, end)), world.races(&fleet, end));
    let nemesis = nemesis.await.unwrap();

    let mut wrong = nemesis.wrong.clone();
    wrong.extend(world.make_peace().await);
    let ops = std::mem::take(&mut *fleet.ops.lock().unwrap());
    let (watches, mut tables) = watchers.settle(world.postgres.url(), PEACE_LIMIT).await;
    let journals = Journals { ops, watches, races };
    let letters = mail::letters(&data_dir(folder).join("outbox"));
    tables::add_deliveries(world.postgres.url(), &mut tables).await;
    let evidence = Evidence { journals, tables, letters };
    report::print(&settings, &evidence, &nemesis, &fleet.troubles.lock().unwrap());
    wrong.extend(checker::check(&evidence));
    wrong.extend(unseen_faults(&evidence, &wrong));
    wrong.extend(verify_history(folder, &world.postgres));
    keepers.iter().for_each(JoinHandle::abort);
    join_all(keepers).await;
    drop((nemesis, fleet));
    let World { servers, postgres, .. } = world;
    drop(servers);
    Arc::into_inner(postgres).expect("nobody uses the database any more").stop().await;
    wrong
}

/// Tables, people and a clock, before any server runs.
async fn prepare(folder: &Path, postgres: &Postgres, authority: &Authority) {
    let data = data_dir(folder);
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("jwks.json"), authority.public()).unwrap();
    let people = folder.join("people.json");
    std::fs::write(&people, import_file().to_string()).unwrap();
    let imported = cpor(&data, postgres.url()).arg("import").arg(&people).output().unwrap();
    assert!(imported.status.success(), "{imported:?}");
    tables::begin_clock(postgres.url()).await;
}

fn keep_running(servers: &Arc<[Server]>, number: usize) -> JoinHandle<()> {
    let servers = Arc::clone(servers);
    tokio::spawn(async move { servers[number].keep_running().await })
}

/// Faults that were put in and that the checker does not see; only sound evidence can be falsified.
fn unseen_faults(evidence: &Evidence, wrong: &[String]) -> Vec<String> {
    let unseen = FAULTS.iter().filter(|(_, falsify)| {
        let mut falsified = evidence.clone();
        falsify(&mut falsified);
        checker::check(&falsified).is_empty()
    });
    if wrong.is_empty() { unseen.map(|(fault, _)| format!("the checker does not see {fault}")).collect() } else { Vec::new() }
}

/// The crate's own check: every history is contiguous, chained, signed, and folding it gives the row.
fn verify_history(folder: &Path, postgres: &Postgres) -> Option<String> {
    let output = cpor(&data_dir(folder), postgres.url()).arg("verify-history").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    print!("  verify-history: {}", said.replace('\n', "; ").trim_end_matches("; "));
    println!();
    (!output.status.success()).then(|| format!("verify-history: {said}{}", String::from_utf8_lossy(&output.stderr)))
}

/// What a run works with.
struct World {
    settings: Settings,
    authority: Authority,
    servers: Arc<[Server]>,
    postgres: Arc<Postgres>,
}

impl World {
    fn random(&self, stream: usize) -> Random {
        Random::new(self.settings.seed, stream as u64)
    }

    fn fleet(&self, give_up: Instant) -> Arc<Fleet> {
        let servers = self.servers.iter().map(Server::address).collect();
        Arc::new(Fleet { servers, give_up, troubles: Mutex::default(), ops: Mutex::default() })
    }

    fn api(&self, fleet: &Arc<Fleet>, handle: &str, stream: usize) -> Api {
        Api::new(fleet, handle, self.authority.token(handle), self.random(stream))
    }

    fn writer(&self, fleet: &Arc<Fleet>, number: usize) -> Writer {
        let (_, location, handles) = PARTNERS[number % PARTNERS.len()];
        let partner = handles[number / PARTNERS.len() % handles.len()];
        let reviewer = REVIEWERS[number % REVIEWERS.len()];
        let stream = 1000 * (number + 1);
        Writer {
            partner: self.api(fleet, partner, stream),
            reviewer: self.api(fleet, reviewer, stream + 1),
            location,
            random: self.random(stream + 2),
        }
    }

    fn writers(&self, fleet: &Arc<Fleet>, end: Instant) -> Vec<impl Future<Output = ()> + use<>> {
        (0..self.settings.writers).map(|number| self.writer(fleet, number).live(end)).collect()
    }

    fn races(&self, fleet: &Arc<Fleet>, end: Instant) -> impl Future<Output = Vec<uuid::Uuid>> + use<> {
        let racers = (0..RACERS).map(|number| self.api(fleet, &racer(number), 100 + number)).collect();
        races(self.writer(fleet, self.settings.writers), racers, end)
    }

    fn nemesis(&self) -> Nemesis {
        Nemesis {
            servers: Arc::clone(&self.servers),
            postgres: Arc::clone(&self.postgres),
            probe: self.probe(),
            random: self.random(1),
            deeds: Default::default(),
            wrong: Vec::new(),
            hours_ahead: 0,
        }
    }

    fn probe(&self) -> Probe {
        Probe::new(self.authority.token(AUDITOR))
    }

    /// Waits until all servers serve.
    async fn serves(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        let probe = self.probe();
        while join_all(self.servers.iter().map(|server| probe.is_ready(server))).await.contains(&false) {
            assert!(Instant::now() < deadline, "the servers do not start");
            sleep(LOOK_EVERY).await;
        }
    }

    /// Everybody answers again, and everything that happened gets its position. Answers who does not answer.
    async fn make_peace(&self) -> Vec<String> {
        let probe = self.probe();
        let mut wrong: Vec<String> =
            join_all(self.servers.iter().map(|server| probe.back(server))).await.into_iter().flatten().collect();
        for server in self.servers.iter() {
            let ends = server.ended_by_itself();
            wrong.extend(ends.iter().map(|end| format!("{} ended by itself: {end}", server.address())));
        }
        let deadline = Instant::now() + PEACE_LIMIT;
        while tables::pending(self.postgres.url()).await != 0 && Instant::now() < deadline {
            sleep(LOOK_EVERY).await;
        }
        wrong
    }

    /// Watchers of each kind, each of which has seen a first event.
    async fn watchers(&self, fleet: &Arc<Fleet>) -> Watchers {
        let only = |kinds: &[&'static str]| Filter { only_status_changes: false, kinds: kinds.to_vec() };
        let (anna, clara) = (Some(PARTNERS[0].0), Some(PARTNERS[1].0));
        let status_changes = Filter { only_status_changes: true, kinds: Vec::new() };
        let kinds = [
            ("anna", anna, Filter::default(), Road::WebSocket),
            ("clara", clara, Filter::default(), Road::ServerSentEvents),
            ("rita", None, Filter::default(), Road::ServerSentEvents),
            ("rob", None, status_changes, Road::WebSocket),
            (AUDITOR, None, only(&["CREATED", "COMMENTED", "APPROVED"]), Road::WebSocket),
            ("adam", anna, only(&["CREATED", "NOTICE_QUEUED"]), Road::ServerSentEvents),
        ];
        let watcher = |(stream, (handle, organization, filter, road)): (usize, (&str, Option<&'static str>, Filter, Road))| {
            let name = format!("{handle} by {road:?}");
            let watch = Watch { name, organization, filter, seen: Vec::new(), connections: 0 };
            Watcher {
                road,
                token: self.authority.token(handle),
                servers: self.servers.iter().map(Server::address).collect(),
                random: self.random(10 + stream),
                watch: Arc::new(Mutex::new(watch)),
                cursor: None,
            }
        };
        let watchers = Watchers::start(kinds.into_iter().enumerate().map(watcher).collect());
        let mut partners = [self.writer(fleet, 0), self.writer(fleet, 1)];
        while watchers.are_some_blind() {
            // Before the first event there is no cursor to resume from.
            for writer in &mut partners {
                writer.submitted().await.expect("a claim in time of peace");
            }
            sleep(LOOK_EVERY).await;
        }
        watchers
    }
}
