//! The database: partners with people, reviewers, claims; and the tokens of the people.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use cpor::app::{App, Clock, Options, Parts, VIEWER_AGE_MAX, import};
use cpor::auth::download::DownloadSealer;
use cpor::auth::token::{KeySet, TokenVerifier};
use cpor::domain::command::{Create, DetailsInput};
use cpor::domain::ids::ClaimId;
use cpor::graphql::id::encode;
use cpor::store::blobs::Blobs;
use cpor::store::cursor::CursorSealer;
use cpor::store::database::{Database, PoolSizes};
use cpor::store::wake::Waker;
use cpor::store::{migrations, secrets};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::{Value, json};

use crate::plan::{Plan, Watch, Wire};
use crate::scenario::Scenario;
use crate::support::cluster::{self, Cluster};
use crate::support::process::Usage;
use crate::support::server::Server;
use crate::support::token::{AUDIENCE, Authority, ISSUER};

/// Partner organizations.
const ORGANIZATIONS: usize = 20;
/// People of each.
const MEMBERS: usize = 50;
/// People who review.
const REVIEWERS: usize = 1_000;
/// Claims created at a time.
const CREATING: usize = 16;

/// Everything that a run starts from.
pub struct Stage {
    /// The claims, by their place.
    pub claims: Vec<ClaimId>,
    folder: PathBuf,
    cluster: Cluster,
    authority: Authority,
}

impl Stage {
    /// Starts a PostgreSQL and fills it. What an earlier run left is removed.
    pub async fn set(claims: usize) -> anyhow::Result<Self> {
        let folder = cluster::folder().join("live");
        remove(&folder)?;
        let cluster = Cluster::start(&folder).await?;
        migrations::migrate(cluster.url()).await?;
        let authority = Authority::new(&folder)?;
        let mut stage = Self { claims: Vec::new(), folder, cluster, authority };
        let database = Database::new(stage.url(), PoolSizes { reads: 2, writes: CREATING, ..PoolSizes::default() })?;
        import::import(&database, &people().to_string()).await?;
        stage.claims = stage.create(&database, claims).await?;
        database.close();
        Ok(stage)
    }

    /// Where the database is.
    pub fn url(&self) -> &str {
        self.cluster.url()
    }

    /// What the database used so far.
    pub fn usage(&self) -> anyhow::Result<Usage> {
        self.cluster.usage()
    }

    /// Starts `cpor serve`.
    pub fn serve(&self, program: &Path) -> anyhow::Result<Server> {
        Server::cpor(program, self.url(), &self.folder.join("server"), &self.authority, &[])
    }

    /// Ends PostgreSQL and removes everything.
    pub async fn end(self) -> anyhow::Result<()> {
        self.cluster.stop().await?;
        remove(&self.folder)
    }

    /// The claim as clients name it.
    pub fn name(&self, claim: usize) -> String {
        encode(self.claims[claim]).to_string()
    }

    /// The token of the one who changes a claim.
    pub fn owner_token(&self, claim: usize) -> anyhow::Result<String> {
        self.authority.sign(&member(claim % ORGANIZATIONS, 0))
    }

    /// What the clients of a scenario open.
    pub fn plan(&self, scenario: &Scenario, wire: Wire, address: SocketAddr) -> anyhow::Result<Plan> {
        let sockets = (0..scenario.sockets).map(|socket| {
            let claim = socket % scenario.claims;
            let subject = match scenario.claims >= ORGANIZATIONS {
                true => member(claim % ORGANIZATIONS, (socket / ORGANIZATIONS) % MEMBERS),
                // More watch one claim than a partner has people: those who review all of them.
                false => reviewer(socket % REVIEWERS),
            };
            Ok(Watch { token: self.authority.sign(&subject)?, claim: self.name(claim) })
        });
        let sockets = sockets.collect::<anyhow::Result<_>>()?;
        Ok(Plan { address, wire, journal: self.folder.join("journal"), sockets })
    }

    /// Claims go through the door, as all claims do.
    async fn create(&self, database: &Database, count: usize) -> anyhow::Result<Vec<ClaimId>> {
        let secret = secrets::shared_secret(database, "cursors").await?;
        let keys = KeySet::parse(&std::fs::read_to_string(&self.authority.public)?)?;
        let app = App::new(Parts {
            database: database.clone(),
            clock: Clock::real(),
            tokens: TokenVerifier::none().trusting(keys, ISSUER, AUDIENCE),
            viewer_age_max: VIEWER_AGE_MAX,
            cursors: CursorSealer::new(&secret),
            downloads: DownloadSealer::new(&secret),
            blobs: Blobs::open_folder(&self.folder.join("documents")).await?,
            scanner: None,
            waker: Waker::new(),
            is_demo: false,
        });
        let owners = stream::iter(0..ORGANIZATIONS).then(|number| {
            let token = self.owner_token(number);
            let app = &app;
            async move { app.authenticate(Some(&token?)).await.context("an owner is not let in") }
        });
        let owners: Vec<_> = owners.try_collect().await?;
        let created = stream::iter(0..count).map(|number| {
            let (app, owner) = (&app, &owners[number % ORGANIZATIONS]);
            async move {
                let details = DetailsInput {
                    name: Some(Some(format!("Claim {number}"))),
                    location: Some(location(number % ORGANIZATIONS)),
                    ..DetailsInput::default()
                };
                let create = Create { id: ClaimId::fresh(), details, products: Vec::new() };
                let id = create.id;
                let outcome = app.create(owner, create, Options::default()).await?;
                ensure!(outcome.refusal.is_none(), "claim {number} was refused: {:?}", outcome.refusal);
                Ok(id)
            }
        });
        created.buffered(CREATING).try_collect().await
    }
}

fn member(organization: usize, number: usize) -> String {
    format!("member-{organization}-{number}")
}

fn reviewer(number: usize) -> String {
    format!("reviewer-{number}")
}

fn location(organization: usize) -> String {
    format!("{}", 1_000_000 + organization)
}

/// What an operator would import.
fn people() -> Value {
    let person = |subject: String, role: &str| json!({ "issuer": ISSUER, "subject": subject, "name": subject, "email": format!("{subject}@bench.example"), "role": role });
    let organization = |number: usize| {
        let members: Vec<Value> = (0..MEMBERS).map(|one| person(member(number, one), "INCENTIVES_ADMIN")).collect();
        let place = json!({ "mpnId": location(number), "name": "Head office", "country": "PL" });
        json!({ "slug": format!("partner-{number}"), "name": format!("Partner {number}"), "locations": [place], "people": members })
    };
    let organizations: Vec<Value> = (0..ORGANIZATIONS).map(organization).collect();
    let reviewers: Vec<Value> = (0..REVIEWERS).map(|one| person(reviewer(one), "REVIEWER")).collect();
    json!({ "organizations": organizations, "people": reviewers })
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}
