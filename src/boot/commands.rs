//! The commands that do one thing and end.

use std::path::Path;

use anyhow::Context;
use chrono::Utc;

use super::{migrated, postgres};
use crate::app::{demo, import};
use crate::auth::token::DemoKey;
use crate::config::Settings;
use crate::graphql;
use crate::store::database::DatabaseSettings;

/// Prints the schema.
pub(super) fn schema() -> anyhow::Result<()> {
    print!("{}", graphql::sdl());
    Ok(())
}

/// Lists the demo people.
pub(super) fn people() -> anyhow::Result<()> {
    for person in demo::people() {
        let organization = person.organization.as_deref().unwrap_or("-");
        println!("{:<10} {:<24} {:<18} {organization}", person.handle, person.name, person.role.code());
    }
    Ok(())
}

/// Prints a demo person's token, alone.
pub(super) async fn token(settings: &Settings, name: &str) -> anyhow::Result<()> {
    let handles: Vec<String> = demo::people().into_iter().map(|person| person.handle).collect();
    anyhow::ensure!(
        handles.iter().any(|handle| handle == name),
        "there is no demo person called {name:?}; there are: {}",
        handles.join(", ")
    );
    println!("{}", DemoKey::load_or_create(&settings.data_dir)?.sign(name, Utc::now())?);
    Ok(())
}

/// Brings the tables up to date.
pub(super) async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let postgres = postgres(settings).await?;
    let done = migrated(postgres.url(), DatabaseSettings::default()).await.map(|database| database.close());
    postgres.stop().await?;
    done?;
    println!("the database is up to date");
    Ok(())
}

/// Imports organizations, people, locations, the catalogue, the calendar and the directory.
pub(super) async fn import(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let postgres = postgres(settings).await?;
    let report = async {
        let database = migrated(postgres.url(), DatabaseSettings::default()).await?;
        let report = import::import(&database, &text).await.with_context(|| format!("{} is not imported", file.display()));
        database.close();
        report
    };
    let report = report.await;
    postgres.stop().await?;
    println!("{}", report?);
    Ok(())
}
