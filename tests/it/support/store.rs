//! A database with a partner, a competitor and a reviewer in it, for tests of the store itself.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use cpor::domain::Extent;
use cpor::domain::actor::{Author, Role};
use cpor::domain::claim::Claim;
use cpor::domain::details::{Contact, Details, Domain, EmailAddress, MpnId};
use cpor::domain::event::{Event, What};
use cpor::domain::ids::{ClaimId, OrganizationId, PersonId, ProductLineId, TenantId, UploadId};
use cpor::domain::poe::{Document, DocumentKind, FileFacts};
use cpor::domain::product::{Activity, Area, ProductCode, ProductLine};
use cpor::store::change::{self, Entry};
use cpor::store::database::{Conn, Database, PoolSizes};
use cpor::store::errors::StoreError;
use cpor::store::import::{self, LocationRecord, PersonImport};
use cpor::store::migrations::migrate;
use cpor::store::sql::Sql;
use cpor::store::transaction::{Transaction, Writes};
use cpor::store::uploads::{self, NewUpload};
use cpor::store::{aggregate, facts, verify};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::cluster::{TestDatabase, fresh_database};

/// The database of one test and the people in it.
pub struct Store {
    /// The store.
    pub database: Database,
    /// Two partners.
    pub contoso: OrganizationId,
    /// The other one.
    pub fabrikam: OrganizationId,
    /// Administrator of the first partner.
    pub ana: PersonId,
    /// A reviewer.
    pub rita: PersonId,
    url: TestDatabase,
}

/// An instant.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The location of the first partner.
pub fn location() -> MpnId {
    MpnId::parse("1001").unwrap()
}

/// The location of the second partner.
pub fn other_location() -> MpnId {
    MpnId::parse("2001").unwrap()
}

impl Store {
    /// A fresh one.
    pub async fn new() -> Self {
        let url = fresh_database("migrated", |url| async move {
            migrate(&url).await.unwrap();
        })
        .await;
        let database = Database::new(url.url(), PoolSizes { shared: 4, reads: 2, writes: 4 }).unwrap();
        let mut conn = database.write().await.unwrap();
        let contoso = import::organization(&mut conn, "contoso", "Contoso").await.unwrap();
        let fabrikam = import::organization(&mut conn, "fabrikam", "Fabrikam").await.unwrap();
        for (id, organization) in [(location(), contoso), (other_location(), fabrikam)] {
            let record = LocationRecord { id, organization, name: "HQ".into(), country: "PL".into() };
            import::location(&mut conn, &record).await.unwrap();
        }
        let ana = import::person(&mut conn, &person("ana", Role::IncentivesAdmin, Some(contoso))).await.unwrap();
        let rita = import::person(&mut conn, &person("rita", Role::Reviewer, None)).await.unwrap();
        drop(conn);
        Self { database, contoso, fabrikam, ana, rita, url }
    }

    /// Where the database is.
    pub fn url(&self) -> &str {
        self.url.url()
    }

    /// The partner as an author.
    pub fn by_ana(&self) -> Author {
        Author::Person { id: self.ana, role: Role::IncentivesAdmin }
    }

    /// The reviewer as an author.
    pub fn by_rita(&self) -> Author {
        Author::Person { id: self.rita, role: Role::Reviewer }
    }

    /// A claim that was just created, complete enough to be submitted.
    pub async fn created(&self) -> Claim {
        self.created_by(self.contoso, location(), TenantId(Uuid::from_u128(77))).await
    }

    /// The same by another organization or for another tenant.
    pub async fn created_by(&self, organization: OrganizationId, location: MpnId, tenant: TenantId) -> Claim {
        let mut tx = self.database.begin().await.unwrap();
        let number = aggregate::next_number(&mut tx).await.unwrap();
        let details = Box::new(details(location, tenant));
        let what = What::Created { id: ClaimId::fresh(), number, organization, details, products: lines() };
        let event = Event { at: at("2021-09-06T09:00:00Z"), by: self.by_ana(), what, clocks: vec![] };
        let claim = Claim::from_created(&event).unwrap();
        let entry = Entry { event, version: claim.version, status: claim.status };
        let mut writes = Writes::default();
        let programme = facts::programme(&self.database, &mut tx).await.unwrap();
        change::create(&mut writes, &claim, &[entry], &programme.catalogue).unwrap();
        tx.commit_with(writes).await.unwrap();
        claim
    }

    /// Folds events into a claim and writes all of it in one transaction, as the door does.
    pub async fn happen(&self, claim: &Claim, events: Vec<Event>) -> Claim {
        let (tx, opened) = aggregate::open(&self.database, claim.id, Extent::Whole, None).await.unwrap();
        let opened = opened.unwrap();
        self.write(tx, &opened.claim, opened.head.last_hash, events).await.unwrap()
    }

    /// The same to a claim that was read at some time before, whatever became of it since.
    pub async fn happen_to(&self, before: &Claim, events: Vec<Event>) -> Result<Claim, StoreError> {
        let tx = self.database.begin().await.unwrap();
        self.write(tx, before, [0; 32], events).await
    }

    async fn write(
        &self,
        mut tx: Transaction,
        before: &Claim,
        last_hash: [u8; 32],
        events: Vec<Event>,
    ) -> Result<Claim, StoreError> {
        let (after, entries) = fold(before, events);
        let programme = facts::programme(&self.database, &mut tx).await?;
        let mut writes = Writes::default();
        change::update(&mut writes, before, &after, &entries, last_hash, &programme.catalogue)?;
        tx.commit_with(writes).await?;
        Ok(after)
    }

    /// The claim as stored.
    pub async fn stored(&self, id: ClaimId) -> Claim {
        let mut conn = self.database.read().await.unwrap();
        aggregate::load_many(&mut conn, &[id]).await.unwrap().pop().unwrap()
    }

    /// A complete upload of the first partner.
    pub async fn uploaded(&self) -> (UploadId, FileFacts) {
        let mut conn = self.database.write().await.unwrap();
        upload(&mut conn, self.contoso, self.ana).await
    }

    /// Checks the whole history and finds nothing wrong.
    pub async fn is_whole(&self) {
        let report = verify::verify(&self.database).await.unwrap();
        assert_eq!(report.faults, [], "after {} claims", report.claims);
    }
}

/// A claim after events, with the entries to append.
pub fn fold(before: &Claim, events: Vec<Event>) -> (Claim, Vec<Entry>) {
    let mut claim = before.clone();
    let entries = events.into_iter().map(|event| {
        claim.apply(&event);
        Entry { event, version: claim.version, status: claim.status }
    });
    let entries = entries.collect();
    (claim, entries)
}

async fn upload(conn: &mut Conn, organization: OrganizationId, person: PersonId) -> (UploadId, FileFacts) {
    let id = UploadId::fresh();
    let mut token_hash = [0; 32];
    token_hash[..16].copy_from_slice(id.0.as_bytes());
    let (created_at, expires_at) = (at("2021-09-06T08:00:00Z"), at("2021-09-07T08:00:00Z"));
    let new =
        NewUpload { id, organization, person, token_hash, name: "sow.pdf".into(), created_at, expires_at, direct_until: None };
    uploads::create(conn, &new).await.unwrap();
    let file = FileFacts { name: "sow.pdf".into(), media_type: "application/pdf".into(), size_bytes: 12, sha256: token_hash };
    assert!(uploads::complete(conn, id, &file, &BTreeSet::new(), created_at).await.unwrap());
    (id, file)
}

/// A document of an upload.
pub fn document(store: &Store, (upload, file): (UploadId, FileFacts), id: u128) -> Document {
    Document {
        id: cpor::domain::ids::DocumentId(Uuid::from_u128(id)),
        upload,
        file,
        kind: DocumentKind::StatementOfWork,
        description: Some("signed".into()),
        covers: BTreeSet::new(),
        signed_on: chrono::NaiveDate::from_ymd_opt(2021, 9, 1),
        attached_at: at("2021-09-06T10:00:00Z"),
        attached_by: store.ana,
        in_dispute: false,
        superseded_by: None,
    }
}

fn person(subject: &str, role: Role, organization: Option<OrganizationId>) -> PersonImport {
    PersonImport {
        issuer: "https://issuer.test".into(),
        subject: subject.into(),
        name: subject.into(),
        email: format!("{subject}@example.com"),
        role,
        organization,
        locations: None,
        locale: "en".into(),
        time_zone: "UTC".into(),
        is_active: true,
    }
}

fn lines() -> Vec<ProductLine> {
    let line =
        |product: &str| ProductLine { id: ProductLineId::fresh(), product: ProductCode(product.into()), subscription: None };
    vec![line("EXCHANGE_ONLINE"), line("TEAMS")]
}

fn details(location: MpnId, tenant: TenantId) -> Details {
    let contact = |title: Option<&str>| Contact {
        name: Some("Nina".into()),
        title: title.map(Into::into),
        email: EmailAddress::parse("nina@tailspin.com"),
    };
    Details {
        name: Some("Move to Exchange".into()),
        location,
        tenant: Some(tenant),
        customer_domain: Domain::parse("tailspin.com"),
        customer_name: Some("Żółty Tailspin".into()),
        area: Some(Area::Microsoft365),
        activities: BTreeSet::from([Activity::Usage]),
        customer_contact: Some(contact(Some("CIO"))),
        technical_contact: None,
        partner_contact: Some(contact(None)),
        external_reference: None,
        tags: BTreeSet::from(["q3".into()]),
    }
}

/// The text in the column `value` of the only row of a statement, on this connection.
pub async fn scalar(conn: &mut Conn, statement: &'static str) -> String {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        value: String,
    }
    let row: Row = Sql::new(statement).get_result(conn).await.unwrap();
    row.value
}

/// Whether a transaction of this database waits for an advisory lock.
pub async fn someone_waits_for_a_lock(conn: &mut Conn) -> bool {
    let waiting = "SELECT (count(*) > 0)::text AS value FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted";
    scalar(conn, waiting).await == "true"
}

/// The text in the first column of the only row of a statement, on a connection of its own.
pub async fn scalar_of(url: &str, statement: &str) -> String {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let text = client.query_one(statement, &[]).await.unwrap().get(0);
    drop(client);
    connection.await.unwrap().unwrap();
    text
}
