//! Signed history: the keys, and the command that checks everything.

use super::{blobs, migrated, postgres};
use crate::config::{HISTORY_KEY_FILE, Settings};
use crate::store::database::DatabaseSettings;
use crate::store::heads::{HeadMark, HistoryKeys, List, Sealer, Witness};
use crate::store::verify::{self, Evidence, Fault, FileFlaw, FileReport, Flaw, HeadFault, HeadFlaw, Report};

/// What signs history on this server; `None` where the keys can only verify. A key is made where none was chosen and none is there.
pub(super) fn sealer(settings: &Settings) -> anyhow::Result<Option<Sealer>> {
    let keys = match &settings.history_key {
        Some(path) => HistoryKeys::load(path)?,
        None => HistoryKeys::load_or_create(&settings.data_dir.join(HISTORY_KEY_FILE))?,
    };
    if !keys.can_sign() {
        tracing::warn!("there is no private key among the history keys: this server signs no heads of history");
        return Ok(None);
    }
    Ok(Some(Sealer::new(keys, Witness::in_folder(&settings.data_dir))))
}

/// Keys to verify with, if there are any.
fn keys(settings: &Settings) -> anyhow::Result<Option<HistoryKeys>> {
    let path = match &settings.history_key {
        Some(path) => path.clone(),
        None => settings.data_dir.join(HISTORY_KEY_FILE),
    };
    let is_there = settings.history_key.is_some() || path.try_exists()?;
    Ok(if is_there { Some(HistoryKeys::load(&path)?) } else { None })
}

/// Checks every history: numbers, chain, that folding it gives the row, and that it is what was signed.
pub(super) async fn verify(settings: &Settings, kept: &[HeadMark], skip_files: bool) -> anyhow::Result<()> {
    let keys = keys(settings)?;
    let seen = Witness::in_folder(&settings.data_dir).read()?;
    let kept: Vec<HeadMark> = kept.iter().copied().chain(seen).collect();
    let postgres = postgres(settings).await?;
    let report = async {
        let database = migrated(postgres.url(), DatabaseSettings::default()).await?;
        let report = verify::verify_against(&database, Evidence { keys: keys.as_ref(), kept: &kept }).await;
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
    print(&report);
    let files = files.inspect(print_files);
    if keys.is_none() {
        println!("signatures were not checked: there is no key (see --history-key)");
    }
    anyhow::ensure!(report.is_clean(), "history was tampered with");
    anyhow::ensure!(files.is_none_or(|files| files.faults.is_empty()), "documents are not what history says");
    Ok(())
}

fn print(report: &Report) {
    if let Some(fault) = &report.head_fault {
        println!("{}", head_sentence(fault));
    }
    for fault in &report.faults {
        println!("{}", sentence(fault));
    }
    let faults = report.faults.len() + usize::from(report.head_fault.is_some());
    println!("{} claims, {} entries, {faults} faults", report.claims, report.entries);
    println!("{} signed heads, {} entries not signed yet", report.heads, report.unsigned);
    if let Some(newest) = report.newest {
        println!("newest head: {newest}");
    }
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

fn head_sentence(HeadFault { number, flaw }: &HeadFault) -> String {
    let flaw = match flaw {
        HeadFlaw::Missing => "is missing",
        HeadFlaw::Unlinked => "does not follow from the one before it",
        HeadFlaw::WrongHash => "does not have the hash of its content",
        HeadFlaw::Distrusted => "is not signed by a key that is trusted",
        HeadFlaw::NotAsKept => "is not the one that was kept",
    };
    format!("signed head {number} {flaw}")
}

fn sentence(fault: &Fault) -> String {
    let list = match fault.list {
        List::History => "entry",
        List::Notes => "note",
    };
    let flaw = match fault.flaw {
        Flaw::Missing => "is missing",
        Flaw::Unlinked => "names another predecessor",
        Flaw::WrongHash => "does not have the hash of its content",
        Flaw::Unreadable => "cannot be read",
        Flaw::ColumnsDiffer => "says something else than its columns",
        Flaw::NoBeginning => "stands where only a creation can, or is a second one",
        Flaw::RowDiffers => "is the last, and folding up to it gives another claim than the tables",
        Flaw::NotAsSigned => "is not the one that was signed",
        Flaw::FeedDiffers => "is not at its place in the feed",
        Flaw::Unpublished => "is not in the feed: no server wrote it",
    };
    let claim = match fault.number {
        Some(number) => number.to_string(),
        None => format!("claim {}, of which no row is left", fault.claim),
    };
    format!("{claim}: {list} {} {flaw}", fault.seq)
}
