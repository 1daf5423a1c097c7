//! The wire: GraphQL over HTTP, WebSocket and server-sent events, to the letter of their documents, within bounds.
//!
//! async-graphql is the engine; of async-graphql-axum nothing is used but what it shares with the engine. Its ready-made
//! services run mutations by GET and bodies of any content type, answer 200 to everything, bound nothing, and speak
//! the WebSocket protocol with other close codes than its document; a document of 3 kB ends the process. What stands
//! here in their place, one file per concern:
//!
//! | file | concern |
//! | --- | --- |
//! | `graphql` | a request to `/graphql`, step by step |
//! | `csrf`, `media`, `body`, `params` | may it be read, in which form, how much, what does it say |
//! | `uploads` | files beside an operation |
//! | `persisted`, `document` | which document it means; parsed and validated once |
//! | `limits`, `inputs` | what the document and its variables may be, before anything executes |
//! | `tickets` | a stream for who cannot send a header |
//! | `admission` | how much one viewer holds and spends |
//! | `operation`, `response` | execution, and the answer with our failures masked |
//! | `events`, `stream`, `frames`, `ws` | results that come one after another |
//! | `observe`, `trace`, `metrics`, `gauges`, `health` | ids, log, counters, and what operators ask |
//! | `serve`, `preface`, `closing` | the accept loop and the orderly end |
//! | `files`, `downloads`, `ranges` | documents in, and out, whole or in part |
//! | `playground` | the page to explore with |
//! | `consent`, `peer` | the page behind a customer's link, and from where it is asked |
//! | `gateway` | what all this needs of the rest of the server |

mod admission;
mod body;
mod closing;
mod consent;
mod csrf;
mod document;
mod downloads;
mod error;
mod events;
mod files;
mod frames;
mod gateway;
mod gauges;
mod graphql;
mod health;
mod inputs;
mod limits;
mod media;
mod metrics;
mod observe;
mod operation;
pub mod outbox;
mod params;
mod peer;
mod persisted;
pub mod playground;
mod preface;
mod ranges;
mod response;
mod serve;
mod settings;
mod stream;
mod tickets;
mod trace;
mod uploads;
mod ws;

pub use error::{Class, Code};
pub use gateway::{Arrived, BrokenOff, Caller, Gateway, Sent};
pub use peer::Peer;
pub use persisted::TrustedDocuments;
pub use serve::{ServeSettings, serve};
pub use settings::{BudgetSettings, DocumentMode, HttpSettings, Limits, SocketSettings, StreamSettings};

use std::sync::Arc;

use async_graphql::{ObjectType, Schema};
use axum::Router;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::set_header::SetResponseHeaderLayer;

use self::admission::{Budgets, Slots};
use self::inputs::Inputs;
use self::metrics::Metrics;
use self::persisted::Documents;
use self::tickets::Tickets;
use crate::app::App;
use crate::graphql::{Query, Subscription};

/// What every request shares.
pub(crate) struct Wire {
    gateway: Arc<dyn Gateway>,
    settings: HttpSettings,
    documents: Documents,
    inputs: Inputs,
    metrics: Metrics,
    /// Queries and mutations that run, per viewer.
    requests: Slots,
    /// Subscriptions that run, per viewer.
    streams: Slots,
    /// WebSockets per viewer.
    sockets: Slots,
    budgets: Budgets,
    tickets: Tickets,
    sdl: String,
}

/// The routes of one server.
pub struct Routers {
    /// What clients ask.
    pub public: Router,
    /// What operators ask, for a listener that clients do not reach: the counters, and whether the server is alive and ready.
    pub operators: Router,
}

/// The routes of the server. `beside` are those of other concerns, such as the playground: they get the same log, counters, headers
/// and compression.
pub fn routers<M: ObjectType + Default + 'static>(
    app: App,
    schema: Schema<Query, M, Subscription>,
    settings: HttpSettings,
    beside: Router,
) -> Routers {
    let beside =
        beside.merge(files::routes(app.clone())).merge(downloads::routes(app.clone())).merge(consent::routes(app.clone()));
    routers_for(Arc::new(gateway::Server::new(app, schema)), settings, beside)
}

/// What clients ask, alone.
pub fn router<M: ObjectType + Default + 'static>(
    app: App,
    schema: Schema<Query, M, Subscription>,
    settings: HttpSettings,
    beside: Router,
) -> Router {
    routers(app, schema, settings, beside).public
}

/// The same before any server: what tests of the wire use.
pub fn router_for(gateway: Arc<dyn Gateway>, settings: HttpSettings, beside: Router) -> Router {
    routers_for(gateway, settings, beside).public
}

fn routers_for(gateway: Arc<dyn Gateway>, settings: HttpSettings, beside: Router) -> Routers {
    let wire = Arc::new(Wire::new(gateway, settings));
    let mut public = Router::new()
        .route("/graphql", any(graphql::handle))
        .route("/graphql/stream-ticket", post(graphql::ticket))
        .merge(probes());
    if wire.settings.metrics {
        public = public.route("/metrics", get(health::metrics));
    }
    if wire.settings.introspection {
        public = public.route("/schema.graphql", get(health::schema));
    }
    let public = layered(public.with_state(wire.clone()).merge(beside), wire.clone());
    let operators = probes().route("/metrics", get(health::metrics)).with_state(wire);
    Routers { public, operators }
}

fn probes() -> Router<Arc<Wire>> {
    Router::new().route("/livez", get(health::livez)).route("/readyz", get(health::readyz))
}

impl Wire {
    fn new(gateway: Arc<dyn Gateway>, settings: HttpSettings) -> Self {
        let sdl = gateway.sdl();
        Self {
            documents: Documents::new(&settings),
            inputs: Inputs::from_sdl(&sdl),
            metrics: Metrics::default(),
            requests: Slots::new("requests_per_viewer", settings.requests_per_viewer_max),
            streams: Slots::new("streams_per_viewer", settings.streams.per_viewer_max),
            sockets: Slots::new("sockets_per_viewer", settings.sockets.per_viewer_max),
            budgets: Budgets::new(settings.budget.clone()),
            tickets: Tickets::default(),
            sdl,
            gateway,
            settings,
        }
    }
}

/// Whether other bytes may stand for these: not where they may be asked for in parts.
fn may_be_others(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// What surrounds every route, from the outside in.
fn layered(routes: Router, wire: Arc<Wire>) -> Router {
    let set = |name: &'static str, value: &'static str| {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        SetResponseHeaderLayer::if_not_present(name, value)
    };
    let streams_apart = DefaultPredicate::new()
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("multipart/mixed"))
        .and(may_be_others);
    let cors = csrf::cors(&wire.settings);
    routes.layer(
        ServiceBuilder::new()
            .layer(set("x-content-type-options", "nosniff"))
            .layer(set("x-frame-options", "DENY"))
            .layer(set("referrer-policy", "no-referrer"))
            .layer(set("content-security-policy", "default-src 'none'; frame-ancestors 'none'"))
            .layer(from_fn_with_state(wire, observe::observe))
            .layer(CompressionLayer::new().compress_when(streams_apart))
            .layer(cors),
    )
}
