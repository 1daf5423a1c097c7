//! The database: partners with people, reviewers, claims; and the tokens of the people.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use cpor::app::{App, Clock, Options, Parts, import};
use cpor::auth::token::{KeySet, TokenVerifier};
use cpor::domain::command::{Create, DetailsInput};
use cpor::domain::ids::ClaimId;
use cpor::graphql::id::encode;
use cpor::postgres::{LocalOptions, LocalPostgres, Mode};
use cpor::store::blobs::Blobs;
use cpor::store::cursor::CursorSealer;
use cpor::store::database::{Database, PoolSizes};
use cpor::store::wake::Waker;
use cpor::store::{migrations, secrets};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::plan::{Plan, Watch, Wire};
use crate::scenario::Scenario;

/// Who signs the tokens, and for whom.
pub const ISSUER: &str = "https://login.bench.example";
/// Whom they are for.
pub const AUDIENCE: &str = "cpor";
/// Partner organizations.
const ORGANIZATIONS: usize = 20;
/// People of each.
const MEMBERS: usize = 50;
/// People who review.
const REVIEWERS: usize = 1_000;
/// Claims created at a time.
const CREATING: usize = 16;
/// How long a token holds, in seconds.
const TOKEN_SECONDS: i64 = 24 * 60 * 60;

/// Everything that a run starts from. Dropped, it is all removed.
pub struct Stage {
    /// Where files go.
    pub folder: PathBuf,
    /// The keys that verify the tokens.
    pub keys: PathBuf,
    /// The claims, by their place.
    pub claims: Vec<ClaimId>,
    postgres: LocalPostgres,
    signer: EncodingKey,
}

impl Stage {
    /// Starts a PostgreSQL and fills it.
    pub async fn set(claims: usize, durable: bool) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("cpor-bench-{}", uuid::Uuid::now_v7().simple()));
        let postgres = LocalPostgres::start(LocalOptions { durable, ..LocalOptions::new(&folder, Mode::Scratch) }).await?;
        migrations::migrate(postgres.url()).await?;
        let (signer, public) = key_pair()?;
        let keys = folder.join("keys.json");
        std::fs::write(&keys, public.to_string())?;
        let mut stage = Self { folder, keys, claims: Vec::new(), postgres, signer };
        let database = Database::new(stage.url(), PoolSizes { reads: 2, writes: CREATING })?;
        import::import(&database, &people().to_string()).await?;
        stage.claims = stage.create(&database, claims).await?;
        database.close();
        Ok(stage)
    }

    /// Where the database is.
    pub fn url(&self) -> &str {
        self.postgres.url()
    }

    /// Ends PostgreSQL.
    pub async fn end(self) -> anyhow::Result<()> {
        Ok(self.postgres.stop().await?)
    }

    /// The claim as clients name it.
    pub fn name(&self, claim: usize) -> String {
        encode(self.claims[claim]).to_string()
    }

    /// The token of the one who changes a claim.
    pub fn owner_token(&self, claim: usize) -> anyhow::Result<String> {
        self.token(&member(claim % ORGANIZATIONS, 0))
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
            Ok(Watch { token: self.token(&subject)?, claim: self.name(claim) })
        });
        let sockets = sockets.collect::<anyhow::Result<_>>()?;
        Ok(Plan { address, wire, journal: self.folder.join("journal"), sockets })
    }

    fn token(&self, subject: &str) -> anyhow::Result<String> {
        let now = Utc::now().timestamp();
        let claims = json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + TOKEN_SECONDS });
        Ok(jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.signer)?)
    }

    /// Claims go through the door, as all claims do.
    async fn create(&self, database: &Database, count: usize) -> anyhow::Result<Vec<ClaimId>> {
        let secret = secrets::shared_secret(database, "cursors").await?;
        let keys = KeySet::parse(&std::fs::read_to_string(&self.keys)?)?;
        let app = App::new(Parts {
            database: database.clone(),
            clock: Clock::real(),
            tokens: TokenVerifier::none().trusting(keys, ISSUER, AUDIENCE),
            cursors: CursorSealer::new(&secret),
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

/// A key pair: the half that signs, and the public half as a JWKS document.
fn key_pair() -> anyhow::Result<(EncodingKey, Value)> {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())?;
    let pair = Ed25519KeyPair::from_pkcs8(document.as_ref())?;
    let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    let keys = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": public, "use": "sig" }] });
    Ok((EncodingKey::from_ed_der(document.as_ref()), keys))
}
