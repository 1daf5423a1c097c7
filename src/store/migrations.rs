//! The migrations, embedded, and run by one process at a time.

use std::time::Duration;

use diesel_async::{AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

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

/// A connection that holds the lock until it is dropped.
async fn locked(url: &str) -> Result<AsyncPgConnection, StoreError> {
    let away = |error: tokio_postgres::Error| StoreError::Unavailable(error.to_string());
    let driven = Address::parse(url)?.connect().await.map_err(away)?;
    let lock = format!(
        "SET lock_timeout = {}; SELECT pg_advisory_lock({MIGRATION_LOCK}); SET lock_timeout = 0",
        MIGRATION_LOCK_TIMEOUT.as_millis()
    );
    driven.client.batch_execute(&lock).await.map_err(|error| match error.code() {
        Some(&tokio_postgres::error::SqlState::LOCK_NOT_AVAILABLE) => {
            StoreError::Timeout(format!("another process has been migrating for {MIGRATION_LOCK_TIMEOUT:?}"))
        }
        _ => away(error),
    })?;
    AsyncPgConnection::try_from(driven.client).await.map_err(|error| StoreError::Unavailable(error.to_string()))
}
