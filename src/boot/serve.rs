//! Serving: from an open port to a clean stop.

use std::net::SocketAddr;

use anyhow::Context;
use rustix::process::Resource;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::demo::{self, Persona};
use super::{blobs, history, migrated, postgres};
use crate::app::{App, Clock, Parts, VIEWER_AGE_MAX};
use crate::auth::download::DownloadSealer;
use crate::auth::token::{DemoKey, TokenVerifier};
use crate::cli::MetricsPlace;
use crate::config::bounds::Bounds;
use crate::config::{ServeSettings, Settings};
use crate::http::{self, Routers};
use crate::notify::{Notifier, NotifySettings, Route};
use crate::store::cursor::CursorSealer;
use crate::store::database::Database;
use crate::store::secrets;
use crate::store::wake::Waker;
use crate::{graphql, workers};

/// The name of the secret that seals cursors.
const CURSOR_SECRET: &str = "cursors";

/// Serves until a signal or a failure.
pub(super) async fn run(settings: &Settings, serve: &ServeSettings) -> anyhow::Result<()> {
    // The port first: nothing is started for a server that cannot listen.
    raise_open_files();
    let listeners = Listeners::open(serve).await?;
    let postgres = postgres(settings).await?;
    let database = migrated(postgres.url(), serve.wire.bounds.database).await?;
    let (stop, failed) = (CancellationToken::new(), CancellationToken::new());
    let watched = postgres.watch(stop.clone(), failed.clone());
    let served = serve_on(settings, serve, listeners, &database, &failed).await;
    database.close();
    stop.cancel();
    if let Some(local) = watched.await.context("the watch over PostgreSQL was lost")?? {
        local.stop().await?;
    }
    served
}

/// Where clients connect, and perhaps where operators do.
struct Listeners {
    public: TcpListener,
    operators: Option<TcpListener>,
}

impl Listeners {
    async fn open(serve: &ServeSettings) -> anyhow::Result<Self> {
        let operators = match serve.wire.metrics {
            MetricsPlace::Apart(address) => Some(listen(address, "--metrics").await?),
            MetricsPlace::Beside | MetricsPlace::Off => None,
        };
        Ok(Self { public: listen(serve.listen, "--listen").await?, operators })
    }

    async fn serve(self, routers: Routers, settings: http::ServeSettings, shutdown: CancellationToken) -> std::io::Result<()> {
        let operators = async {
            match self.operators {
                Some(listener) => http::serve(listener, routers.operators, settings.clone(), shutdown.clone()).await,
                None => Ok(()),
            }
        };
        let public = http::serve(self.public, routers.public, settings.clone(), shutdown.clone());
        tokio::try_join!(public, operators).map(|_| ())
    }
}

async fn listen(address: SocketAddr, option: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("{address} is taken by another program: stop it, or choose another port with {option}")
        }
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("{address} may not be used by this user: choose a port above 1023 with {option}")
        }
        _ => anyhow::anyhow!("cannot listen on {address}: {error}"),
    })
}

async fn serve_on(
    settings: &Settings,
    serve: &ServeSettings,
    listeners: Listeners,
    database: &Database,
    failed: &CancellationToken,
) -> anyhow::Result<()> {
    let demo_key = serve.demo.then(|| DemoKey::load_or_create(&settings.data_dir)).transpose()?;
    let app = assemble(settings, serve, database.clone(), demo_key.as_ref()).await?;
    let notifier = Notifier::new(app.clone(), notify_settings(settings, serve))?;
    let mut personas = Vec::new();
    if let Some(key) = &demo_key {
        // Before the workers: demo data has a past, which they would tidy away.
        demo::load_once(&app).await?;
        personas = demo::personas(key)?;
    }
    let stop = CancellationToken::new();
    let workers = workers::start(&app, &notifier, serve.janitor, &stop);
    if let Some(sealer) = history::sealer(settings)? {
        workers::start_sealing(&workers, &app, sealer, &stop);
    }
    let people = demo_key.is_some().then(|| demo::people_json(&personas));
    let Bounds { http, transport, .. } = serve.wire.bounds.clone();
    let mut beside = http::playground::routes(people);
    if serve.demo && serve.mail.smtp.is_none() {
        beside = beside.merge(http::outbox::routes(settings.data_dir.join(OUTBOX_FOLDER)));
    }
    let routes = match app.is_demo() {
        true => http::routers(app.clone(), graphql::demo_schema(), http, beside),
        false => http::routers(app.clone(), graphql::schema(), http, beside),
    };
    let shutdown = CancellationToken::new();
    let signals = tokio::spawn(cancel_on_signal(shutdown.clone(), failed.clone()));
    welcome(&listeners, &personas, serve)?;
    let served = listeners.serve(routes, transport, shutdown).await;
    signals.abort();
    stop.cancel();
    workers.wait().await;
    anyhow::ensure!(!failed.is_cancelled(), "PostgreSQL has ended and cannot be started again");
    Ok(served?)
}

async fn assemble(
    settings: &Settings,
    serve: &ServeSettings,
    database: Database,
    demo_key: Option<&DemoKey>,
) -> anyhow::Result<App> {
    let mut tokens = TokenVerifier::none();
    if let Some(jwt) = &serve.jwt {
        tokens = tokens.trusting(jwt.keys.clone(), &jwt.issuer, &jwt.audience);
    }
    if let Some(key) = demo_key {
        tokens = tokens.trusting_demo(key);
    }
    if !tokens.accepts_anybody() {
        tracing::warn!("no keys are configured and this is no demo: nobody gets in (see --jwt-keys)");
    }
    let secret = secrets::shared_secret(&database, CURSOR_SECRET).await?;
    Ok(App::new(Parts {
        database,
        clock: Clock::real(),
        tokens,
        viewer_age_max: VIEWER_AGE_MAX,
        cursors: CursorSealer::new(&secret),
        downloads: DownloadSealer::new(&secret),
        blobs: blobs(&settings.documents).await?,
        scanner: serve.scanner.clone(),
        waker: Waker::over(serve.bus.clone()),
        is_demo: demo_key.is_some(),
    }))
}

/// The folder in the data directory for notices where no mail server is configured.
const OUTBOX_FOLDER: &str = "outbox";
/// The folder in the data directory for templates of the operator's.
const TEMPLATES_FOLDER: &str = "templates";

fn notify_settings(settings: &Settings, serve: &ServeSettings) -> NotifySettings {
    let mail = &serve.mail;
    let route = match &mail.smtp {
        Some(url) => Route::Smtp(url.expose().to_owned()),
        None => Route::Folder(settings.data_dir.join(OUTBOX_FOLDER)),
    };
    let templates = settings.data_dir.join(TEMPLATES_FOLDER);
    NotifySettings { route, from: mail.from.clone(), public_url: mail.public_url.clone(), templates }
}

/// Takes as many open files as the system allows at all: each connection is one, and the usual first bound is 1 024.
fn raise_open_files() {
    let mut limit = rustix::process::getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = rustix::process::setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the number of open files cannot be raised");
    }
}

/// Cancels `shutdown` on SIGTERM, on Ctrl-C, and when the database is lost for good. A second signal ends the process at once.
async fn cancel_on_signal(shutdown: CancellationToken, failed: CancellationToken) {
    tokio::select! {
        () = signal() => tracing::info!("asked to stop: draining"),
        () = failed.cancelled() => tracing::error!("PostgreSQL is lost: stopping"),
    }
    shutdown.cancel();
    signal().await;
    tracing::warn!("asked again: stopping at once");
    std::process::exit(130);
}

async fn signal() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => drop(stream.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        result = tokio::signal::ctrl_c() => drop(result),
    }
}

/// What a person at a terminal wants to know first.
fn welcome(listeners: &Listeners, personas: &[Persona], serve: &ServeSettings) -> std::io::Result<()> {
    let address = listeners.public.local_addr()?;
    println!("cpor is ready");
    println!("  playground  http://{address}/playground/");
    println!("  GraphQL     http://{address}/graphql  (POST, WebSocket, SSE)");
    if let Some(operators) = &listeners.operators {
        println!("  metrics     http://{}/metrics", operators.local_addr()?);
    }
    if !serve.demo {
        return Ok(());
    }
    if serve.mail.smtp.is_none() {
        println!("  outbox      http://{address}/outbox  (the messages that would have been sent)");
    }
    println!();
    println!(
        "  DEMO: whoever can connect to this machine's loopback can be any of these people. Never serve real claims like this."
    );
    println!();
    for Persona { person, token } in personas {
        let organization = person.organization.as_deref().unwrap_or("the programme");
        println!("  {:<8} {}, {} of {organization}", person.handle, person.name, person.role.code());
        println!("           {token}");
    }
    Ok(())
}
