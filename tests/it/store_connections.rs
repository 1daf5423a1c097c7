//! Connections: whose rights they have, when they are used again, what a lost database looks like; the migrations.

use cpor::store::connect::Address;
use cpor::store::database::{Database, PoolSizes};
use cpor::store::errors::StoreError;
use cpor::store::facts;
use cpor::store::migrations::{migrate, revert_all};
use cpor::store::secrets::{random_token, shared_secret};

use crate::support::cluster::execute;
use crate::support::store::{Store, scalar, scalar_of};

#[tokio::test(flavor = "multi_thread")]
async fn the_server_works_as_a_role_that_owns_nothing() {
    let store = Store::new().await;
    let mut conn = store.database.read().await.unwrap();
    assert_eq!(scalar(&mut conn, "SELECT current_user::text AS value").await, "cpor_server");
    assert_eq!(scalar(&mut conn, "SELECT current_setting('statement_timeout') AS value").await, "15s");
    assert_eq!(scalar(&mut conn, "SELECT current_setting('idle_in_transaction_session_timeout') AS value").await, "15s");
    assert_eq!(scalar(&mut conn, "SELECT current_setting('application_name') AS value").await, "cpor");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_told_as_such_and_found_again() {
    let store = Store::new().await;
    let nowhere = Database::new("postgres://nobody@/none?host=/nonexistent", PoolSizes::default()).unwrap();
    assert!(matches!(facts::ping(&nowhere).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(Address::parse("postgres://:bad"), Err(StoreError::Unavailable(_))));

    facts::ping(&store.database).await.unwrap();
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let mut in_use = store.database.read().await.unwrap();
    execute(store.url(), kill).await.unwrap();
    let lost = facts::programme(&store.database, &mut in_use).await.unwrap_err();
    assert!(lost.is_retryable(), "{lost:?}");
    drop(in_use);
    // Whoever comes before a shared connection has noticed its end is told to try again; then there is a new one.
    let mut tries = 0;
    while let Err(error) = facts::ping(&store.database).await {
        assert!(error.is_retryable() && tries < 50, "after {tries} tries: {error:?}");
        tries += 1;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_transaction_leaves_nothing_behind() {
    let store = Store::new().await;
    let mut tx = store.database.begin().await.unwrap();
    cpor::store::import::organization(&mut tx, "ghost", "Ghost").await.unwrap();
    drop(tx);
    let mut conn = store.database.write().await.unwrap();
    assert_eq!(scalar(&mut conn, "SELECT count(*)::text AS value FROM organizations WHERE slug = 'ghost'").await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn hand_written_statements_are_prepared_once() {
    let store = Store::new().await;
    let mut conn = store.database.read().await.unwrap();
    for _ in 0..3 {
        facts::programme(&store.database, &mut conn).await.unwrap();
    }
    let prepared = "SELECT count(*)::text AS value FROM pg_prepared_statements WHERE statement LIKE '%FROM programme_version%'
        AND statement NOT LIKE '%pg_prepared%'";
    assert_eq!(scalar(&mut conn, prepared).await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_servers_share_a_secret_and_tokens_are_never_the_same() {
    let store = Store::new().await;
    let secret = shared_secret(&store.database, "cursors").await.unwrap();
    assert_eq!(shared_secret(&store.database, "cursors").await.unwrap(), secret);
    assert_ne!(shared_secret(&store.database, "links").await.unwrap(), secret);
    assert_ne!(random_token(), random_token());
    assert_eq!(random_token().len(), 43);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_migrations_run_up_and_down_and_up_again() {
    let store = Store::new().await;
    let shape = "SELECT string_agg(format('%s.%s %s %s', table_name, column_name, data_type, is_nullable), E'\\n'
        ORDER BY table_name, ordinal_position) AS value FROM information_schema.columns WHERE table_schema = 'public'";
    let before = scalar_of(store.url(), shape).await;
    assert!(migrate(store.url()).await.unwrap().is_empty());
    let mut reverted = revert_all(store.url()).await.unwrap();
    reverted.reverse();
    assert!(!reverted.is_empty());
    assert_eq!(migrate(store.url()).await.unwrap(), reverted);
    assert_eq!(scalar_of(store.url(), shape).await, before);
}
