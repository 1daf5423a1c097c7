//! Start and stop, in order. The one place where everything is put together.

mod commands;
mod demo;
mod history;
mod local;
mod serve;

use anyhow::Context;

use crate::config::{Database as DatabaseChoice, DocumentSettings, Settings, Task};
use crate::store::blobs::Blobs;
use crate::store::database::{Database, DatabaseSettings};
use crate::store::migrations;

use local::Postgres;

/// Does what the settings say.
///
/// # Errors
/// A sentence for the person at the command line.
pub async fn run(settings: Settings) -> anyhow::Result<()> {
    match &settings.task {
        Task::Serve(serve) => serve::run(&settings, serve).await,
        Task::Schema => commands::schema(),
        Task::People => commands::people(),
        Task::Token { name } => commands::token(&settings, name).await,
        Task::Migrate => commands::migrate(&settings).await,
        Task::Import { file } => commands::import(&settings, file).await,
        Task::VerifyHistory { kept, skip_files } => history::verify(&settings, kept, *skip_files).await,
    }
}

/// Finds or starts the PostgreSQL of the settings.
async fn postgres(settings: &Settings) -> anyhow::Result<Postgres> {
    match (&settings.database, settings.local_postgres()) {
        (DatabaseChoice::Remote(url), _) => Ok(Postgres::remote(url.expose())),
        (DatabaseChoice::Local { .. }, Some(options)) => Postgres::local(options).await,
        (DatabaseChoice::Local { .. }, None) => anyhow::bail!("there is neither a DATABASE_URL nor a data directory"),
    }
}

/// Opens the place where documents are kept.
async fn blobs(documents: &DocumentSettings) -> anyhow::Result<Blobs> {
    let DocumentSettings { folder, bucket, is_direct } = documents;
    let opened = match bucket {
        Some(bucket) => Blobs::open_bucket(bucket.open(*is_direct)?, folder).await,
        None => Blobs::open_folder(folder).await,
    };
    opened.with_context(|| format!("documents cannot be kept in {}", folder.display()))
}

/// Brings the tables up to date and prepares the pools.
async fn migrated(url: &str, settings: DatabaseSettings) -> anyhow::Result<Database> {
    let ran = migrations::migrate(url).await.context("the database cannot be migrated")?;
    if !ran.is_empty() {
        tracing::info!(migrations = ran.len(), "migrated the database");
    }
    Ok(Database::within(url, settings)?)
}
