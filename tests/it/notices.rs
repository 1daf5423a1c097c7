//! Notices, from the outbox to the people they are for: who gets which words, when, how often, and what becomes of the sick.

mod choices;
mod delivery;
mod words;

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::Utc;
use cpor::app::App;
use cpor::domain::command::Command;
use cpor::domain::ids::ClaimId;
use cpor::domain::reason::{Finding, FindingKind, RejectionReason};
use cpor::notify::{Notifier, NotifySettings, Route};

use crate::support::scratch::ScratchFolder;
use crate::support::world::World;

/// Where people reach the server.
const PUBLIC_URL: &str = "https://claims.example";

/// A notifier that writes files, and the folder it writes them to.
struct LetterBox {
    notifier: Notifier,
    folder: ScratchFolder,
}

fn settings(route: Route, templates: PathBuf) -> NotifySettings {
    NotifySettings { route, from: "Claims <cpor@claims.example>".to_owned(), public_url: PUBLIC_URL.to_owned(), templates }
}

fn by_smtp(app: &App, url: &str) -> Notifier {
    Notifier::new(app.clone(), settings(Route::Smtp(url.to_owned()), PathBuf::from("no-templates"))).unwrap()
}

impl LetterBox {
    fn of(world: &World) -> Self {
        let folder = ScratchFolder::new();
        let route = Route::Folder(folder.path().join("outbox"));
        let notifier = Notifier::new(world.app.clone(), settings(route, folder.path().join("templates"))).unwrap();
        Self { notifier, folder }
    }

    /// Sends what there is, and answers all messages so far by the names of their files, in order.
    async fn emptied(&self) -> Vec<(String, String)> {
        pay(&self.notifier).await;
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("outbox")) else { return Vec::new() };
        let paths: BTreeSet<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        let read = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap().replace("\r\n", "\n"))
        };
        paths.iter().map(read).collect()
    }

    /// The one message of this kind to this address.
    async fn letter(&self, kind: &str, to: &str) -> String {
        let all = self.emptied().await;
        let names: Vec<&String> = all.iter().map(|(name, _)| name).collect();
        let end = format!("-{kind}-{to}.eml");
        let mut found = all.iter().filter(|(name, _)| name.ends_with(&end));
        let letter = found.next().unwrap_or_else(|| panic!("no {end} among {names:?}"));
        assert!(found.next().is_none(), "several {end} among {names:?}");
        letter.1.clone()
    }

    async fn kinds_to(&self, to: &str) -> Vec<String> {
        let end = format!("-{to}.eml");
        let names = self.emptied().await.into_iter().filter_map(|(name, _)| name.strip_suffix(&end).map(str::to_owned));
        names.map(|name| name.splitn(5, '-').nth(4).unwrap().to_owned()).collect()
    }
}

/// Addresses and delivers whatever is due.
async fn pay(notifier: &Notifier) {
    while notifier.address(Utc::now()).await.unwrap() > 0 {}
    while notifier.deliver_next(Utc::now()).await.unwrap() {}
}

fn missing(kind: FindingKind) -> Vec<Finding> {
    vec![Finding { kind, product: None, words: None }]
}

async fn asked(world: &World, who: &str, customer: u32) -> ClaimId {
    let id = world.under_review(who, customer, &["TEAMS"]).await;
    let findings = missing(FindingKind::MissingOrOldDates);
    world.done("rita", id, Command::RequestAction { comment: "The date is missing.".to_owned(), findings }).await;
    id
}

async fn rejected(world: &World, who: &str, customer: u32) -> ClaimId {
    let id = world.under_review(who, customer, &["TEAMS", "YAMMER"]).await;
    let line = crate::door::claim(world, id).await.products[0].id;
    let findings = vec![
        Finding { kind: FindingKind::MissingCustomerAcknowledgment, product: Some(line), words: None },
        Finding { kind: FindingKind::Other, product: None, words: Some("Page 2 is <blank>.".to_owned()) },
    ];
    let comment = "Nobody signed it.\nhttps://elsewhere.example/\nPlease look.".to_owned();
    world.done("rita", id, Command::Reject { reason: RejectionReason::InsufficientPoe, comment, findings }).await;
    id
}
