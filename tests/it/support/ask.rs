//! GraphQL, as somebody.

use std::sync::Arc;

use async_graphql::{ObjectType, Request, Response, Schema};
use cpor::app::App;
use cpor::auth::viewer::Viewer;
use cpor::graphql::context::{RequestId, attach};
use cpor::graphql::{self, Query, Subscription};
use serde_json::Value;

use super::leaks::leaks_nothing;
use super::world::World;

/// The answer of any schema.
pub async fn answer<M: ObjectType + 'static>(
    schema: &Schema<Query, M, Subscription>,
    app: &App,
    viewer: Arc<Viewer>,
    document: &str,
) -> Response {
    let request = attach(Request::new(document), app, viewer, RequestId("test".into()), None);
    let answer = schema.execute(request).await;
    leaks_nothing(&serde_json::to_string(&answer).unwrap());
    answer
}

/// The data that a person of the world is answered; nothing may go wrong.
pub async fn data(world: &World, who: &str, document: &str) -> Value {
    data_for(world, world.viewer(who).await, document).await
}

/// The data that a viewer is answered; nothing may go wrong.
pub async fn data_for(world: &World, viewer: Arc<Viewer>, document: &str) -> Value {
    let response = answer(&graphql::schema(), &world.app, viewer, document).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    response.data.into_json().unwrap()
}
