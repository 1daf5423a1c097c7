//! The migrations, embedded, and run by one process at a time.

use std::time::Duration;

use diesel_async::{AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::connect::Address;
use super::errors::StoreError;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The advisory lock that a migrating process holds: `cpor` in ASCII.
const MIGRATION_LOCK: i64 = 0x6370_6f72;
/// How long a process waits for another one that migrates.
const MIGRATION_LOCK_TIMEOUT: Duration = Duration::from_secs(120);

/// Brings the schema up to date, as the role of the address, which then owns the tables.
///
/// Needs the multi-threaded runtime. Returns the versions that were run.
///
/// # Errors
/// [`StoreError::Unavailable`] if the database is away, [`StoreError::Timeout`] if another process migrates for too long,
/// [`StoreError::Corrupt`] if a migration fails.
pub async fn migrate(url: &str) -> Result<Vec<String>, StoreError> {
    let mut harness = AsyncMigrationHarness::new(locked(url).await?);
    let versions =
        harness.run_pending_migrations(MIGRATIONS).map_err(|error| StoreError::corrupt(format!("migration: {error}")))?;
    Ok(versions.iter().map(ToString::to_string).collect())
}

/// Takes back all migrations, the last one first: for the test that runs them up, down and up again.
///
/// # Errors
/// As [`migrate`].
pub async fn revert_all(url: &str) -> Result<Vec<String>, StoreError> {
    let mut harness = AsyncMigrationHarness::new(locked(url).await?);
    let versions =
        harness.revert_all_migrations(MIGRATIONS).map_err(|error| StoreError::corrupt(format!("migration: {error}")))?;
    Ok(versions.iter().map(ToString::to_string).collect())
}

/// The server's role, before the first migration. Roles belong to all databases of a cluster, but the lock to this one alone.
const MAKE_ROLE: &str = "DO $$
BEGIN
    IF to_regclass('public.history') IS NULL THEN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_server') THEN
            CREATE ROLE cpor_server NOLOGIN;
        END IF;
        IF NOT pg_has_role(current_user, 'cpor_server', 'MEMBER') THEN
            EXECUTE format('GRANT cpor_server TO %I', current_user);
        END IF;
    END IF;
END
$$";
/// How often it is tried while other databases of the cluster are migrated.
const ROLE_TRIES: u32 = 50;
/// How long to wait in between.
const ROLE_PAUSE: Duration = Duration::from_millis(20);

/// Makes the server's role, so that a migration finds it. Who may not make roles goes without, as the migration says.
async fn make_role(client: &Client) -> Result<(), tokio_postgres::Error> {
    for _ in 1..ROLE_TRIES {
        let Err(error) = client.batch_execute(MAKE_ROLE).await else { return Ok(()) };
        // Another database made it at the same moment; the last one is for: tuple concurrently updated.
        let again = [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_OBJECT, SqlState::INTERNAL_ERROR];
        match error.code() {
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => return Ok(()),
            Some(code) if again.contains(code) => tokio::time::sleep(ROLE_PAUSE).await,
            _ => return Err(error),
        }
    }
    client.batch_execute(MAKE_ROLE).await
}

/// A connection that holds the lock until it is dropped.
async fn locked(url: &str) -> Result<AsyncPgConnection, StoreError> {
    let away = |error: tokio_postgres::Error| StoreError::Unavailable(error.to_string());
    let driven = Address::parse(url)?.connect().await.map_err(away)?;
    let lock = format!(
        "SET lock_timeout = {}; SELECT pg_advisory_lock({MIGRATION_LOCK}); SET lock_timeout = 0",
        MIGRATION_LOCK_TIMEOUT.as_millis()
    );
    driven.client.batch_execute(&lock).await.map_err(|error| match error.code() {
        Some(&SqlState::LOCK_NOT_AVAILABLE) => {
            StoreError::Timeout(format!("another process has been migrating for {MIGRATION_LOCK_TIMEOUT:?}"))
        }
        _ => away(error),
    })?;
    make_role(&driven.client).await.map_err(away)?;
    AsyncPgConnection::try_from(driven.client).await.map_err(|error| StoreError::Unavailable(error.to_string()))
}
