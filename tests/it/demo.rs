//! The demo: it loads once, through the door, and shows every state there is.

use std::collections::BTreeMap;
use std::time::Duration;

use cpor::app::{App, Clock, Parts, demo, import};
use cpor::auth::download::DownloadSealer;
use cpor::auth::token::TokenVerifier;
use cpor::domain::status::{Assessment, Consent, Status};
use cpor::store::blobs::Blobs;
use cpor::store::cursor::CursorSealer;
use cpor::store::database::{Database, PoolSizes};
use cpor::store::migrations::migrate;
use cpor::store::verify;
use cpor::store::wake::Waker;
use tokio_postgres::{Client, NoTls};

use crate::support::cluster::{TestDatabase, fresh_database};
use crate::support::scratch::ScratchFolder;

/// An application on a database of its own.
struct Demo {
    app: App,
    database: TestDatabase,
    _folder: ScratchFolder,
}

impl Demo {
    async fn new() -> Self {
        let database = fresh_database("migrated", |url| async move {
            migrate(&url).await.unwrap();
        })
        .await;
        let folder = ScratchFolder::new();
        let app = App::new(Parts {
            database: Database::new(database.url(), PoolSizes { shared: 4, reads: 4, writes: 10 }).unwrap(),
            clock: Clock::real(),
            tokens: TokenVerifier::none(),
            viewer_age_max: Duration::ZERO,
            cursors: CursorSealer::new(&[7; 32]),
            downloads: DownloadSealer::new(&[7; 32]),
            blobs: Blobs::open_folder(folder.path()).await.unwrap(),
            scanner: None,
            waker: Waker::default(),
            is_demo: true,
        });
        Self { app, database, _folder: folder }
    }

    /// The rows of a statement with a text and a count, sorted.
    async fn counts(&self, statement: &str) -> BTreeMap<String, i64> {
        let (client, connection) = tokio_postgres::connect(self.database.url(), NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        let rows = Client::query(&client, statement, &[]).await.unwrap();
        let counts = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        drop(client);
        connection.await.unwrap().unwrap();
        counts
    }
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    let mut codes: Vec<_> = all.iter().map(|one| code(*one)).collect();
    codes.sort_unstable();
    codes
}

fn keys(counts: &BTreeMap<String, i64>) -> Vec<&str> {
    counts.keys().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_loads_once_and_shows_every_state_there_is() {
    let demo = Demo::new().await;
    let report = demo::load(&demo.app, |_, _| {}).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(report.created, report.claims);

    let statuses = demo.counts("SELECT status, count(*) FROM claims GROUP BY 1").await;
    assert_eq!(keys(&statuses), codes(Status::ALL, Status::code));
    assert_eq!(statuses.values().sum::<i64>(), i64::try_from(report.claims).unwrap());
    assert!((280..=330).contains(&report.claims), "{statuses:?}");
    let consents = demo.counts("SELECT consent, count(*) FROM claims WHERE consent IS NOT NULL GROUP BY 1").await;
    assert_eq!(keys(&consents), codes(Consent::ALL, Consent::code));
    let assessments = demo.counts("SELECT assessment, count(*) FROM claims WHERE assessment IS NOT NULL GROUP BY 1").await;
    assert_eq!(keys(&assessments), codes(Assessment::ALL, Assessment::code));
    // A claim that loses an arbitration is the one reason that nothing leads to yet.
    let reasons = demo.counts("SELECT rejection_reason, count(*) FROM claims WHERE rejected_at IS NOT NULL GROUP BY 1").await;
    assert_eq!(reasons.len(), 7, "{reasons:?}");
    let clocks = demo
        .counts(
            "SELECT kind || CASE WHEN days_left IS NOT NULL THEN ' paused' WHEN overdue_recorded THEN ' overdue' ELSE ' running' END,
             count(*) FROM claim_clocks GROUP BY 1",
        )
        .await;
    for kind in ["CONSENT running", "DISPUTE_FILING running", "PARTNER_RESPONSE running", "PICK_UP running", "REVIEW running"] {
        assert!(clocks.contains_key(kind), "{kind} is not among {clocks:?}");
    }
    for kind in
        ["PICK_UP overdue", "REVIEW overdue", "DISPUTE_DECISION overdue", "TOTAL_DECISION paused", "DISPUTE_DECISION paused"]
    {
        assert!(clocks.contains_key(kind), "{kind} is not among {clocks:?}");
    }

    let before = everything(&demo).await;
    let again = demo::load(&demo.app, |_, _| {}).await.unwrap();
    assert_eq!((again.created, again.played), (0, 0));
    assert_eq!(everything(&demo).await, before);
    let verified = verify::verify(demo.app.database()).await.unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
}

/// How much there is of everything.
async fn everything(demo: &Demo) -> BTreeMap<String, i64> {
    let tables =
        ["organizations", "locations", "people", "catalogue", "holidays", "directory_tenants", "directory_subscriptions"];
    let claims = ["claims", "history", "comments", "notes", "documents", "uploads", "associations", "consent_links", "outbox"];
    let counts: Vec<_> = tables.iter().chain(&claims).map(|table| format!("SELECT '{table}', count(*) FROM {table}")).collect();
    demo.counts(&counts.join(" UNION ALL ")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_repeated_without_effect_and_updates_a_changed_name() {
    let demo = Demo::new().await;
    let file = |name: &str| {
        format!(
            r#"{{"organizations": [{{"slug": "north", "name": "{name}",
                "locations": [{{"mpnId": "1", "name": "L", "country": "PL"}}],
                "people": [{{"issuer": "i", "subject": "s", "name": "S", "email": "s@north.example", "role": "INCENTIVES_USER",
                    "locations": ["1"]}}]}}]}}"#
        )
    };
    let database = demo.app.database();
    import::import(database, &file("North")).await.unwrap();
    let people =
        "SELECT o.id || o.name || p.id, count(*) FROM organizations o JOIN people p ON p.organization_id = o.id GROUP BY 1";
    let first = demo.counts(people).await;
    import::import(database, &file("North")).await.unwrap();
    assert_eq!(demo.counts(people).await, first);
    import::import(database, &file("North Wind")).await.unwrap();
    let renamed: Vec<String> = first.keys().map(|row| row.replace("North", "North Wind")).collect();
    assert_eq!(keys(&demo.counts(people).await), renamed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_contradicts_what_is_in_place_changes_nothing_and_says_where() {
    let demo = Demo::new().await;
    let database = demo.app.database();
    let file = |slug: &str, product: &str| {
        format!(
            r#"{{"organizations": [{{"slug": "{slug}", "name": "N", "locations": [{{"mpnId": "1", "name": "L", "country": "PL"}}]}}],
                "directory": {{"tenants": [{{"id": "9f1c2d3e-4b5a-4678-9abc-def012345678", "name": "T", "products": ["{product}"]}}]}}}}"#
        )
    };
    import::import(database, &file("a", "TEAMS")).await.unwrap();
    let taken = import::import(database, &file("b", "TEAMS")).await.unwrap_err().to_string();
    assert!(taken.starts_with("organizations[0].locations[0]: ") && taken.contains("another organization"), "{taken}");
    let unknown = import::import(database, &file("a", "ABACUS")).await.unwrap_err().to_string();
    assert_eq!(unknown, "directory.tenants[0].products: ABACUS is not in the catalogue");
    assert_eq!(keys(&demo.counts("SELECT slug, count(*) FROM organizations GROUP BY 1").await), ["a"]);
}
