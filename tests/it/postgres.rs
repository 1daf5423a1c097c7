//! The local PostgreSQL: it comes up from nothing, belongs to one server, and ends with its owner.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use cpor::postgres::{BinarySource, LocalOptions, LocalPostgres, Mode, PostgresError};
use diesel_async::{AsyncConnection, AsyncPgConnection};

use crate::support::cluster::{execute, fresh_database};
use crate::support::scratch::{ScratchFolder, skip};

/// Names the data directory to the process that a test starts and kills.
const HOLDER_DIR: &str = "CPOR_TEST_HOLDER_DIR";
/// What that process prints when its PostgreSQL runs.
const HOLDER_READY: &str = "the holder is ready";

/// Options that do not wait for the disk.
fn options(data_dir: &Path, mode: Mode) -> LocalOptions {
    LocalOptions { durable: false, ..LocalOptions::new(data_dir, mode) }
}

async fn start(data_dir: &Path, mode: Mode) -> Result<LocalPostgres, PostgresError> {
    LocalPostgres::start(options(data_dir, mode)).await
}

/// The text that `statement` selects.
async fn select(url: &str, statement: &str) -> String {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let text = client.query_one(statement, &[]).await.unwrap().get(0);
    drop(client);
    connection.await.unwrap().unwrap();
    text
}

#[tokio::test]
async fn a_database_comes_up_from_nothing_and_keeps_its_data_over_a_restart() {
    let folder = ScratchFolder::new();
    let postgres = start(folder.path(), Mode::Serve).await.unwrap();
    execute(postgres.url(), "CREATE TABLE note AS SELECT 'kept' AS text").await.unwrap();
    AsyncPgConnection::establish(postgres.url()).await.expect("a URL that Diesel understands too");
    postgres.stop().await.unwrap();

    let durable = LocalOptions::new(folder.path(), Mode::Serve);
    let postgres = LocalPostgres::start(durable).await.unwrap();
    assert_eq!(select(postgres.url(), "SELECT text FROM note").await, "kept");
    assert_eq!(select(postgres.url(), "SHOW fsync").await, "on");
    assert_eq!(select(postgres.url(), "SHOW listen_addresses").await, "");
    assert_eq!(select(postgres.url(), "SELECT lower('ŁÓDŹ')").await, "łódź");
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_server_is_refused_while_a_command_attaches() {
    let folder = ScratchFolder::new();
    let server = start(folder.path(), Mode::Serve).await.unwrap();

    let refused = start(folder.path(), Mode::Serve).await.unwrap_err();
    assert!(matches!(refused, PostgresError::InUse { .. }), "{refused}");
    assert!(refused.to_string().contains(&std::process::id().to_string()), "{refused}");

    let command = start(folder.path(), Mode::Attach).await.unwrap();
    assert_eq!(command.url(), server.url());
    command.stop().await.unwrap();
    assert_eq!(select(server.url(), "SELECT 'still here'").await, "still here");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn commands_without_a_server_take_turns() {
    let folder = ScratchFolder::new();
    let first = start(folder.path(), Mode::Attach).await.unwrap();
    let waiting = tokio::spawn(LocalPostgres::start(options(folder.path(), Mode::Attach)));
    assert_eq!(select(first.url(), "SELECT 'mine'").await, "mine");
    first.stop().await.unwrap();
    let second = waiting.await.unwrap().unwrap();
    assert_eq!(select(second.url(), "SELECT 'mine'").await, "mine");
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_killed_without_warning_leaves_nothing_in_the_way_of_the_next() {
    let folder = ScratchFolder::new();
    let (mut holder, url) = start_holder(folder.path());
    execute(&url, "CREATE TABLE note AS SELECT 'kept' AS text").await.unwrap();
    holder.kill().unwrap();
    holder.wait().unwrap();

    let postgres = start(folder.path(), Mode::Serve).await.unwrap();
    assert_eq!(select(postgres.url(), "SELECT text FROM note").await, "kept");
    postgres.stop().await.unwrap();
}

/// A process of its own that runs a PostgreSQL in `data_dir`, and the URL of that.
fn start_holder(data_dir: &Path) -> (Child, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "postgres::holder_process", "--ignored", "--nocapture"]);
    let mut holder = command.env(HOLDER_DIR, data_dir).stdout(Stdio::piped()).stdin(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let url = lines.map_while(Result::ok).find_map(|line| line.split_once(HOLDER_READY).map(|(_, url)| url.trim().to_owned()));
    (holder, url.expect("the holder starts its PostgreSQL"))
}

/// Not a test by itself: what [`start_holder`] runs. It waits to be killed, or for its stdin to close.
#[tokio::test]
#[ignore = "run by another test, as a process of its own"]
async fn holder_process() {
    let Some(data_dir) = std::env::var_os(HOLDER_DIR) else {
        return;
    };
    let postgres = start(Path::new(&data_dir), Mode::Serve).await.unwrap();
    println!("{HOLDER_READY} {}", postgres.url());
    std::io::stdin().read_line(&mut String::new()).unwrap();
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_predecessor_that_is_slow_to_end_is_waited_for() {
    let folder = ScratchFolder::new();
    let (mut holder, _) = start_holder(folder.path());
    let postmaster = postmaster(folder.path());
    // Halted, it cannot follow its watchdog's wish to end.
    signal("STOP", &postmaster);
    holder.kill().unwrap();
    holder.wait().unwrap();
    let next = tokio::spawn(LocalPostgres::start(options(folder.path(), Mode::Serve)));
    signal("CONT", &postmaster);
    next.await.unwrap().unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn a_postgres_that_was_killed_is_started_again_in_its_place() {
    let folder = ScratchFolder::new();
    let mut postgres = start(folder.path(), Mode::Serve).await.unwrap();
    assert!(postgres.is_running());
    signal("KILL", &postmaster(folder.path()));
    while postgres.is_running() {
        tokio::task::yield_now().await;
    }
    let url = postgres.url().to_owned();
    let mut postgres = postgres.revived().await.unwrap();
    assert!(postgres.is_running());
    assert_eq!(select(&url, "SELECT 'back'").await, "back");
    postgres.stop().await.unwrap();
}

/// The process id of the PostgreSQL in `data_dir`.
fn postmaster(data_dir: &Path) -> String {
    let pid_file = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).unwrap();
    pid_file.lines().next().unwrap().to_owned()
}

fn signal(name: &str, process: &str) {
    assert!(Command::new("kill").args(["-s", name, process]).status().unwrap().success());
}

#[tokio::test]
async fn data_of_another_major_version_is_refused_with_both_versions() {
    let folder = ScratchFolder::new();
    fs::create_dir(folder.path().join("postgres")).unwrap();
    fs::write(folder.path().join("postgres/PG_VERSION"), "8\n").unwrap();
    let refused = start(folder.path(), Mode::Serve).await.unwrap_err();
    assert!(matches!(&refused, PostgresError::WrongVersion { data, .. } if data == "8"), "{refused}");
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_made_is_refused_with_its_path() {
    let folder = ScratchFolder::new();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let refused = start(&file.join("data"), Mode::Serve).await.unwrap_err();
    assert!(matches!(refused, PostgresError::NotWritable { .. }), "{refused}");
    assert!(refused.to_string().contains(file.to_str().unwrap()), "{refused}");
}

#[tokio::test]
async fn a_folder_without_binaries_is_refused_with_what_is_missing() {
    let folder = ScratchFolder::new();
    let binaries = BinarySource::Folder(folder.path().to_owned());
    let options = LocalOptions { binaries, ..options(&folder.path().join("data"), Mode::Serve) };
    let refused = LocalPostgres::start(options).await.unwrap_err();
    assert!(refused.to_string().contains("there is no `initdb`"), "{refused}");
}

#[tokio::test]
async fn a_data_directory_in_a_private_home_works() {
    let home = ScratchFolder::new();
    fs::set_permissions(home.path(), Permissions::from_mode(0o700)).unwrap();
    let checkout = home.path().join(["deep"; 30].join("/"));
    match start(&checkout, Mode::Serve).await {
        Ok(postgres) => {
            assert_eq!(select(postgres.url(), "SELECT 'at home'").await, "at home");
            postgres.stop().await.unwrap();
        }
        Err(error @ PostgresError::NoIdentity { .. }) => skip("a private home", &error.to_string()),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn fetched_binaries_start() {
    let folder = ScratchFolder::new();
    let cache_dir = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("postgres-cache"));
    let binaries = BinarySource::Fetched;
    let fetched = LocalOptions { cache_dir, binaries, ..options(folder.path(), Mode::Serve) };
    match LocalPostgres::start(fetched).await {
        Ok(postgres) => {
            let version = select(postgres.url(), "SHOW server_version").await;
            assert!(version.starts_with("18."), "{version}");
            assert_eq!(select(postgres.url(), "SELECT lower('ŁÓDŹ')").await, "łódź");
            postgres.stop().await.unwrap();
        }
        Err(error @ (PostgresError::NothingToFetchWith | PostgresError::NoPackage { .. } | PostgresError::NoIdentity { .. })) => {
            skip("fetched binaries start", &error.to_string())
        }
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn each_test_database_is_a_copy_of_the_template_and_nobody_elses() {
    let migrate = async |url: String| {
        execute(&url, "CREATE TABLE note AS SELECT 'from the template' AS text").await.unwrap();
    };
    let first = fresh_database("by_hand", migrate).await;
    let second = fresh_database("by_hand", migrate).await;
    execute(first.url(), "UPDATE note SET text = 'changed'").await.unwrap();
    assert_eq!(select(first.url(), "SELECT text FROM note").await, "changed");
    assert_eq!(select(second.url(), "SELECT text FROM note").await, "from the template");
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_of_one_cluster_can_be_migrated_at_the_same_time() {
    let folder = ScratchFolder::new();
    let postgres = start(folder.path(), Mode::Serve).await.unwrap();
    let names: Vec<String> = (0..6).map(|number| format!("claims_{number}")).collect();
    for name in &names {
        execute(&postgres.url_of("postgres"), &format!("CREATE DATABASE {name}")).await.unwrap();
    }
    let migrating: Vec<_> = names.iter().map(|name| tokio::spawn(migrate_owned(postgres.url_of(name)))).collect();
    for migrated in migrating {
        migrated.await.unwrap();
    }
    for name in &names {
        // Had one of them lost the race for the role, its server would own everything.
        let granted = "SELECT has_table_privilege('cpor_server', 'history', 'INSERT')::text";
        assert_eq!(select(&postgres.url_of(name), granted).await, "true", "{name}");
    }
    postgres.stop().await.unwrap();
}

async fn migrate_owned(url: String) {
    cpor::store::migrations::migrate(&url).await.unwrap();
}
