//! The commands that do one thing and end.

use std::path::Path;

use anyhow::Context;
use chrono::Utc;

use super::{blobs, migrated, postgres};
use crate::app::{demo, import};
use crate::auth::token::DemoKey;
use crate::config::Settings;
use crate::graphql;
use crate::store::verify::{self, Fault, FileFlaw, FileReport, Flaw};

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
    let done = migrated(postgres.url()).await.map(|database| database.close());
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
        let database = migrated(postgres.url()).await?;
        let report = import::import(&database, &text).await.with_context(|| format!("{} is not imported", file.display()));
        database.close();
        report
    };
    let report = report.await;
    postgres.stop().await?;
    println!("{}", report?);
    Ok(())
}

/// Checks every history: numbers, chain, and that folding it gives the row; and that the documents' bytes are what it says.
pub(super) async fn verify_history(settings: &Settings, skip_files: bool) -> anyhow::Result<()> {
    let postgres = postgres(settings).await?;
    let report = async {
        let database = migrated(postgres.url()).await?;
        let report = verify::verify(&database).await;
        let files = match skip_files {
            true => None,
            false => Some(verify::verify_files(&database, &blobs(&settings.documents).await?).await?),
        };
        database.close();
        anyhow::Ok((report?, files))
    };
    let report = report.await;
    postgres.stop().await?;
    let (report, files) = report?;
    for fault in &report.faults {
        println!("{}", sentence(fault));
    }
    println!("{} claims, {} entries, {} faults", report.claims, report.entries, report.faults.len());
    let files = files.inspect(print_files);
    anyhow::ensure!(report.faults.is_empty(), "history was tampered with");
    anyhow::ensure!(files.is_none_or(|files| files.faults.is_empty()), "documents are not what history says");
    Ok(())
}

fn print_files(report: &FileReport) {
    for fault in &report.faults {
        let flaw = match fault.flaw {
            FileFlaw::Missing => "names bytes that are not there",
            FileFlaw::WrongSize => "names bytes of another size than those that are there",
            FileFlaw::WrongHash => "names bytes of another SHA-256 than those that are there",
        };
        println!("{}: entry {} {flaw}", fault.number, fault.seq);
    }
    println!("{} documents, {} faults", report.files, report.faults.len());
}

fn sentence(fault: &Fault) -> String {
    let list = if fault.in_notes { "note" } else { "entry" };
    let flaw = match fault.flaw {
        Flaw::Missing => "is missing",
        Flaw::Unlinked => "names another predecessor",
        Flaw::WrongHash => "does not have the hash of its content",
        Flaw::Unreadable => "cannot be read",
        Flaw::ColumnsDiffer => "says something else than its columns",
        Flaw::NoBeginning => "stands where only a creation can, or is a second one",
        Flaw::RowDiffers => "is the last, and folding up to it gives another claim than the tables",
    };
    format!("{}: {list} {} {flaw}", fault.number, fault.seq)
}
