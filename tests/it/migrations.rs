//! The schema: reversible, and history that nobody changes.

use std::process::Command;

use cpor::domain::command::Command as Act;
use cpor::domain::ids::{CommentId, NoteId};
use cpor::store::migrations::{migrate, revert_all};
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use tokio_postgres::error::SqlState;

use crate::support::cluster::{execute, fresh_database};
use crate::support::scratch::skip;
use crate::support::world::World;

/// The tool's own table, which no migration makes: it says when each was run.
const BOOKS: &str = "__diesel_schema_migrations";
/// Everything of a schema, a line each: for machines without `pg_dump`, and to see that nothing is left.
const OBJECTS: &str = "
SELECT format('%s %s', relkind, relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ '^__diesel'
UNION ALL SELECT format('function %s', pg_get_functiondef(oid)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
UNION ALL SELECT format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name !~ '^__diesel'
UNION ALL SELECT format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text !~ '^__diesel'
UNION ALL SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public' AND tablename !~ '^__diesel'
UNION ALL SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT format('right %s %s %s', grantee, table_name, privilege_type) FROM information_schema.role_table_grants
    WHERE table_schema = 'public' AND table_name !~ '^__diesel'
ORDER BY 1";

async fn objects(url: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let rows = client.query(OBJECTS, &[]).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Schema and data as `pg_dump` writes them; `None` where there is no such tool for this server.
fn dump(url: &str) -> Option<String> {
    let output = Command::new("pg_dump").args(["--dbname", url, "--exclude-table", BOOKS]).output().ok()?;
    let text = output.status.success().then(|| String::from_utf8(output.stdout).unwrap())?;
    // A random word that guards the file is another one each time.
    Some(text.lines().filter(|line| !line.contains("restrict ")).collect::<Vec<_>>().join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn up_down_and_up_again_gives_the_same_schema_and_leaves_nothing_between() {
    let database = fresh_database("migrated", |url| async move {
        migrate(&url).await.unwrap();
    })
    .await;
    let url = database.url();
    let (listed, dumped) = (objects(url).await, dump(url));
    assert!(listed.len() > 200, "{}", listed.len());
    assert!(migrate(url).await.unwrap().is_empty(), "all are run");

    let reverted = revert_all(url).await.unwrap();
    assert_eq!(objects(url).await, [""; 0], "down leaves nothing");
    let mut run = migrate(url).await.unwrap();
    run.reverse();
    assert_eq!(run, reverted);

    assert_eq!(objects(url).await, listed);
    if dumped.is_none() {
        skip("the comparison of dumps", "there is no pg_dump for this server");
    }
    assert_eq!(dump(url), dumped);
}

/// A world in which every append-only table has rows.
async fn world() -> World {
    let world = World::new().await;
    let id = world.under_review("anna", 1, &["TEAMS"]).await;
    world.done("anna", id, Act::Comment { id: CommentId::fresh(), body: "Said".to_owned() }).await;
    world.done("rita", id, Act::AddNote { id: NoteId::fresh(), body: "Noted".to_owned() }).await;
    let mut tx = world.app.database().begin().await.unwrap();
    cpor::store::feed::sequence(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    world
}

/// The code with which a statement is refused, in a transaction that never commits.
async fn refusal(world: &World, role: &str, statement: &str) -> SqlState {
    let statements = format!("BEGIN; {role}; {statement}; ROLLBACK");
    let error = execute(world.database.url(), &statements).await.expect_err(statement);
    error.code().unwrap_or_else(|| panic!("{error}")).clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_changed_neither_by_the_server_nor_by_the_owner() {
    let world = world().await;
    let changes = ["UPDATE {} SET at = at", "UPDATE {} SET at = at WHERE false", "DELETE FROM {}", "TRUNCATE {} CASCADE"];
    for (table, change) in ["history", "comments", "notes"].iter().flat_map(|table| changes.map(|change| (table, change))) {
        let statement = change.replace("{}", table);
        let server = refusal(&world, "SET LOCAL ROLE cpor_server", &statement).await;
        assert_eq!(server, SqlState::INSUFFICIENT_PRIVILEGE, "{statement}");
        // A row that is not touched needs no refusal.
        if !statement.ends_with("false") {
            assert_eq!(refusal(&world, "SELECT", &statement).await, SqlState::RESTRICT_VIOLATION, "{statement}");
        }
    }
    for statement in ["UPDATE feed SET position = position", "DELETE FROM feed", "TRUNCATE feed"] {
        let server = refusal(&world, "SET LOCAL ROLE cpor_server", statement).await;
        assert_eq!(server, SqlState::INSUFFICIENT_PRIVILEGE, "{statement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_needs_its_predecessor_and_its_number_once() {
    let world = world().await;
    let copy = |seq: &str| {
        format!(
            "INSERT INTO history (claim_id, seq, at, kind, by_kind, version, status, body, prev_hash, hash)
             SELECT claim_id, {seq}, at, kind, 'CLOCK', version, status, body, prev_hash, hash FROM history ORDER BY seq DESC LIMIT 1"
        )
    };
    assert_eq!(refusal(&world, "SELECT", &copy("seq + 2")).await, SqlState::FOREIGN_KEY_VIOLATION);
    assert_eq!(refusal(&world, "SELECT", &copy("seq")).await, SqlState::UNIQUE_VIOLATION);
    assert_eq!(refusal(&world, "SELECT", &copy("0")).await, SqlState::CHECK_VIOLATION);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_works_as_a_role_that_owns_nothing() {
    let world = World::new().await;
    for _ in 0..3 {
        let mut conn = world.app.database().write().await.unwrap();
        let role: String = diesel::select(diesel::dsl::sql::<Text>("current_user::text")).get_result(&mut conn).await.unwrap();
        assert_eq!(role, "cpor_server");
    }
    for statement in ["DROP TABLE claims", "ALTER TABLE history DISABLE TRIGGER ALL", "CREATE TABLE mine ()"] {
        let refused = refusal(&world, "SET LOCAL ROLE cpor_server", statement).await;
        assert_eq!(refused, SqlState::INSUFFICIENT_PRIVILEGE, "{statement}");
    }
}
