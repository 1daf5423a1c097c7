//! A small world of people for the tests of the whole: two partners, reviewers, a lead, an auditor, on a database of their own.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use cpor::app::clamd::Clamd;
use cpor::app::{App, Clock, Options, Outcome, Parts};
use cpor::auth::download::DownloadSealer;
use cpor::auth::token::{DemoKey, TokenVerifier};
use cpor::auth::viewer::Viewer;
use cpor::domain::command::{Command, ContactInput, Create, DetailsInput, ProductInput};
use cpor::domain::ids::{ClaimId, DocumentId, ProductLineId};
use cpor::domain::poe::{DocumentKind, NewDocument};
use cpor::domain::product::{Activity, Area};
use cpor::domain::refusal::Code;
use cpor::notify::{Notifier, NotifySettings, Route};
use cpor::store::blobs::Blobs;
use cpor::store::cursor::CursorSealer;
use cpor::store::database::{Database, PoolSizes};
use cpor::store::wake::{Bus, Waker};
use cpor::store::{migrations, secrets};
use cpor::workers::JanitorSettings;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::cluster::{self, TestDatabase};
use super::scratch::ScratchFolder;

/// Monday 2021-09-13, 10:00 UTC: where the worked examples begin.
pub const MONDAY: &str = "2021-09-13T10:00:00Z";

/// People and places, all of whom a test may count on.
const PEOPLE: &str = "
INSERT INTO organizations VALUES
    ('00000000-0000-4000-8000-000000000001', 'northwind', 'Northwind Consulting'),
    ('00000000-0000-4000-8000-000000000002', 'fabrikam', 'Fabrikam Partners');
INSERT INTO locations VALUES
    ('1000001', '00000000-0000-4000-8000-000000000001', 'Warszawa', 'PL'),
    ('1000002', '00000000-0000-4000-8000-000000000001', 'Gdańsk', 'PL'),
    ('2000001', '00000000-0000-4000-8000-000000000002', 'Seattle', 'US');
INSERT INTO people (id, issuer, subject, name, email, role, organization_id, is_limited, locale) VALUES
    (gen_random_uuid(), 'cpor-demo', 'anna', 'Anna Kowalska', 'anna@northwind.example', 'INCENTIVES_ADMIN',
        '00000000-0000-4000-8000-000000000001', false, 'pl'),
    ('00000000-0000-4000-9000-000000000002', 'cpor-demo', 'ben', 'Ben Nowak', 'ben@northwind.example', 'INCENTIVES_USER',
        '00000000-0000-4000-8000-000000000001', true, 'en'),
    (gen_random_uuid(), 'cpor-demo', 'clara', 'Clara Jones', 'clara@fabrikam.example', 'GLOBAL_ADMIN',
        '00000000-0000-4000-8000-000000000002', false, 'en'),
    (gen_random_uuid(), 'cpor-demo', 'rita', 'Rita Berg', 'rita@reviews.example', 'REVIEWER', NULL, false, 'en'),
    (gen_random_uuid(), 'cpor-demo', 'ravi', 'Ravi Patel', 'ravi@reviews.example', 'REVIEWER', NULL, false, 'en'),
    (gen_random_uuid(), 'cpor-demo', 'nora', 'Nora Lind', 'nora@northwind.example', 'REVIEWER',
        '00000000-0000-4000-8000-000000000001', false, 'en'),
    (gen_random_uuid(), 'cpor-demo', 'lena', 'Lena Vogel', 'lena@reviews.example', 'REVIEW_LEAD', NULL, false, 'en'),
    (gen_random_uuid(), 'cpor-demo', 'aude', 'Aude Martin', 'aude@audit.example', 'AUDITOR', NULL, false, 'en'),
    (gen_random_uuid(), 'cpor-demo', 'elig', 'Eligibility', 'elig@system.example', 'SERVICE_ACCOUNT', NULL, false, 'en'),
    (gen_random_uuid(), 'cpor-demo', 'otto', 'Otto Kern', 'otto@ops.example', 'OPERATOR', NULL, false, 'en');
INSERT INTO person_locations VALUES
    ('00000000-0000-4000-9000-000000000002', '00000000-0000-4000-8000-000000000001', '1000002');
";

/// The folder of the documents, within the world's.
const DOCUMENTS: &str = "documents";
/// What a server has beside its database.
#[derive(Default)]
struct Beside {
    bus: Bus,
    scanner: Option<Clamd>,
}

/// An application on a database of its own, with a clock that is moved by hand.
pub struct World {
    pub app: App,
    pub clock: Clock,
    pub database: TestDatabase,
    key: DemoKey,
    folder: ScratchFolder,
}

impl World {
    pub async fn new() -> Self {
        Self::at(MONDAY).await
    }

    pub async fn at(instant: &str) -> Self {
        Self::with(Clock::manual(instant.parse().unwrap()), false, PEOPLE).await
    }

    /// A demo without people.
    pub async fn empty_demo() -> Self {
        Self::with(Clock::real(), true, "").await
    }

    /// A demo, on the real clock.
    pub async fn demo() -> Self {
        Self::with(Clock::real(), true, PEOPLE).await
    }

    async fn with(clock: Clock, is_demo: bool, people: &str) -> Self {
        let database = cluster::fresh_database("migrated", |url| async move {
            migrations::migrate(&url).await.unwrap();
        })
        .await;
        // Not in the template: other tests bring people of their own.
        cluster::execute(database.url(), people).await.unwrap();
        let folder = ScratchFolder::new();
        let key = DemoKey::load_or_create(folder.path()).unwrap();
        let blobs = Blobs::open_folder(&folder.path().join(DOCUMENTS)).await.unwrap();
        let app = Self::app_on(database.url(), &clock, &key, blobs, is_demo, Beside::default()).await;
        Self { app, clock, database, key, folder }
    }

    async fn app_on(url: &str, clock: &Clock, key: &DemoKey, blobs: Blobs, is_demo: bool, beside: Beside) -> App {
        let database = Database::new(url, PoolSizes { shared: 4, reads: 4, writes: 8 }).unwrap();
        let secret = secrets::shared_secret(&database, "cursors").await.unwrap();
        App::new(Parts {
            database,
            clock: clock.clone(),
            tokens: TokenVerifier::none().trusting_demo(key),
            viewer_age_max: Duration::ZERO,
            cursors: CursorSealer::new(&secret),
            downloads: DownloadSealer::new(&secret),
            blobs,
            scanner: beside.scanner,
            waker: Waker::over(beside.bus),
            is_demo,
        })
    }

    /// Starts what a server does by itself; letters go to a folder of the world.
    pub fn start_workers(&self, app: &App, stop: &CancellationToken) -> TaskTracker {
        let settings = NotifySettings {
            route: Route::Folder(self.folder.path().join("letters")),
            from: "cpor@cpor.example".to_owned(),
            public_url: "http://127.0.0.1".to_owned(),
            templates: self.folder.path().join("templates"),
        };
        cpor::workers::start(app, &Notifier::new(app.clone(), settings).unwrap(), JanitorSettings::default(), stop)
    }

    /// A second server on the same database.
    pub async fn another_app(&self) -> App {
        self.app_with(Beside { scanner: self.app.scanner().cloned(), ..Beside::default() }).await
    }

    /// A further server, which tells the others over this bus.
    #[cfg(feature = "nats")]
    pub async fn app_over(&self, bus: Bus) -> App {
        self.app_with(Beside { bus, ..Beside::default() }).await
    }

    /// A server on the same database and files with this virus scanner.
    pub async fn app_scanned_by(&self, scanner: Option<Clamd>) -> App {
        self.app_with(Beside { scanner, ..Beside::default() }).await
    }

    async fn app_with(&self, beside: Beside) -> App {
        let blobs = self.app.blobs().clone();
        Self::app_on(self.database.url(), &self.clock, &self.key, blobs, self.app.is_demo(), beside).await
    }

    /// A second server on the same database that keeps documents elsewhere.
    #[cfg(feature = "s3")]
    pub async fn app_keeping(&self, blobs: Blobs) -> App {
        Self::app_on(self.database.url(), &self.clock, &self.key, blobs, self.app.is_demo(), Beside::default()).await
    }

    pub fn documents(&self) -> PathBuf {
        self.folder.path().join(DOCUMENTS)
    }

    /// Files that are on their way in, or were left there.
    pub fn incoming_files(&self) -> usize {
        std::fs::read_dir(self.documents().join("incoming")).unwrap().count()
    }

    pub fn token(&self, handle: &str) -> String {
        self.key.sign(handle, Utc::now()).unwrap()
    }

    pub async fn viewer(&self, handle: &str) -> Arc<Viewer> {
        self.app.authenticate(Some(&self.token(handle))).await.unwrap()
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn set(&self, instant: &str) {
        self.clock.set(instant.parse().unwrap());
    }

    pub fn pass(&self, time: TimeDelta) {
        self.clock.set(self.clock.now() + time);
    }

    /// Gives a command and expects it to be done.
    pub async fn done(&self, who: &str, claim: ClaimId, command: Command) -> Outcome {
        let outcome = self.give(who, claim, command).await;
        assert_eq!(outcome.refusal, None);
        outcome
    }

    /// Gives a command and answers the codes of its refusal.
    pub async fn refused(&self, who: &str, claim: ClaimId, command: Command) -> Vec<Code> {
        let outcome = self.give(who, claim, command).await;
        outcome.refusal.expect("refused").violations.iter().map(|violation| violation.code).collect()
    }

    pub async fn give(&self, who: &str, claim: ClaimId, command: Command) -> Outcome {
        self.app.execute(&self.viewer(who).await, claim, command, Options::default()).await.unwrap()
    }

    /// A complete draft of Northwind for a customer, with one document.
    pub async fn draft(&self, who: &str, customer: u32, products: &[&str]) -> ClaimId {
        let create = Create { id: ClaimId::fresh(), details: details(who, customer), products: lines(products) };
        let id = create.id;
        let outcome = self.app.create(&self.viewer(who).await, create, Options::default()).await.unwrap();
        assert_eq!(outcome.refusal, None);
        self.attach(who, id).await;
        id
    }

    /// A submitted claim.
    pub async fn submitted(&self, who: &str, customer: u32, products: &[&str]) -> ClaimId {
        let id = self.draft(who, customer, products).await;
        self.done(who, id, Command::Submit { attestation: true }).await;
        id
    }

    /// A claim under review by Rita.
    pub async fn under_review(&self, who: &str, customer: u32, products: &[&str]) -> ClaimId {
        let id = self.submitted(who, customer, products).await;
        self.done("rita", id, Command::StartReview).await;
        id
    }

    /// Uploads a small file and attaches it.
    pub async fn attach(&self, who: &str, claim: ClaimId) -> DocumentId {
        let document = self.uploaded(who).await;
        let id = document.id;
        self.done(who, claim, Command::AttachDocument(Box::new(document))).await;
        id
    }

    /// A document whose bytes have been uploaded and that waits to be attached.
    pub async fn uploaded(&self, who: &str) -> NewDocument {
        let viewer = self.viewer(who).await;
        let ticket = self.app.upload_create(&viewer, "statement.pdf").await.unwrap();
        let bytes = bytes::Bytes::from(format!("%PDF-1.7\n{}\n%%EOF\n", uuid::Uuid::now_v7()));
        let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes)]);
        self.app.upload_receive(&ticket.token, None, stream).await.unwrap();
        NewDocument {
            id: DocumentId::fresh(),
            upload: ticket.id,
            kind: DocumentKind::StatementOfWork,
            description: Some("Migration of mail and files".to_owned()),
            covers: BTreeSet::new(),
            signed_on: Some("2021-06-01".parse().unwrap()),
            supersedes: None,
        }
    }
}

/// The tenant of a customer, by its number.
pub fn tenant(customer: u32) -> String {
    format!("11111111-0000-4000-8000-{customer:012}")
}

pub fn lines(products: &[&str]) -> Vec<ProductInput> {
    let line =
        |product: &&str| ProductInput { id: ProductLineId::fresh(), product: (*product).to_owned(), subscription_id: None };
    products.iter().map(line).collect()
}

pub fn details(who: &str, customer: u32) -> DetailsInput {
    let contact = |name: &str, email: &str| ContactInput {
        name: Some(name.to_owned()),
        title: Some("Head of IT".to_owned()),
        email: Some(email.to_owned()),
    };
    let location = match who {
        "anna" => "1000001",
        "ben" => "1000002",
        _ => "2000001",
    };
    DetailsInput {
        name: Some(Some(format!("Claim for customer {customer}"))),
        location: Some(location.to_owned()),
        tenant_id: Some(Some(tenant(customer))),
        customer_domain: Some(Some("tailspin.example".to_owned())),
        customer_name: Some(Some(format!("Tailspin Toys {customer}"))),
        area: Some(Some(Area::Microsoft365)),
        activities: Some(BTreeSet::from([Activity::Usage])),
        customer_contact: Some(Some(contact("Tom Tailspin", "tom@tailspin.example"))),
        partner_contact: Some(Some(contact("Paula Partner", "paula@northwind.example"))),
        ..DetailsInput::default()
    }
}
