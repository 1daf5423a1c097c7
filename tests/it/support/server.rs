//! A server on a port of its own, with its workers, for clients that come over the wire.

use std::net::SocketAddr;
use std::time::Duration;

use cpor::app::App;
use cpor::graphql::schema;
use cpor::http::{BudgetSettings, HttpSettings, ServeSettings, router, serve};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::world::World;

/// Serves an application; server and workers end when it is dropped.
pub struct Server {
    pub address: SocketAddr,
    _ends: DropGuard,
}

impl Server {
    /// Serves the application without a budget: tests ask more than a person does.
    pub async fn start(world: &World, app: &App) -> Self {
        let stop = CancellationToken::new();
        drop(world.start_workers(app, &stop));
        let budget = BudgetSettings { cost_max: 0, ..BudgetSettings::default() };
        let settings = HttpSettings { budget, ..HttpSettings::default() };
        let routes = router(app.clone(), schema(), settings, axum::Router::new());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = ServeSettings { readiness_grace: Duration::ZERO, ..ServeSettings::default() };
        tokio::spawn(serve(listener, routes, serving, stop.clone()));
        Self { address, _ends: stop.drop_guard() }
    }

    /// The address of one of its pages.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}
