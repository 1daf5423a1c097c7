//! The contract: what `schema.graphql` says, a file per noun. Root fields are a few lines each; what they need comes from
//! [`context::Ask`]. Rules are the domain's, SQL is the store's.

pub mod assessment;
pub mod association;
mod change;
pub mod claim;
mod claim_event;
mod claims;
pub mod comment;
pub mod connection;
pub mod context;
pub mod dead_letter;
pub mod document;
pub mod duration;
pub mod enums;
pub mod errors;
pub mod history;
pub mod id;
pub mod inputs;
pub mod live;
pub use crate::messages;
mod mutation;
pub mod node;
pub mod organization;
pub mod payload;
pub mod person;
pub mod product;
pub mod programme;
mod query;
pub mod rate_limit;
pub mod scalars;
pub mod settings;
mod subscription;
pub mod upload;
pub mod user_error;
pub mod viewer;

use async_graphql::{ObjectType, SDLExportOptions, ValidationMode};

pub use mutation::{DemoMutation, Mutation};
pub use query::Query;
pub use subscription::Subscription;

/// The executable contract.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The executable contract of a demo, where time can be moved.
pub type DemoSchema = async_graphql::Schema<Query, DemoMutation, Subscription>;

/// The schema. Limits on documents are checked before execution, by the wire.
#[must_use]
pub fn schema() -> Schema {
    built(ValidationMode::Strict)
}

/// The schema of a demo. A type of its own: what moves the time is not hidden elsewhere, it is not there.
#[must_use]
pub fn demo_schema() -> DemoSchema {
    built(ValidationMode::Strict)
}

/// A schema for documents that were found valid before.
pub(crate) fn trusting<M: ObjectType + Default + 'static>() -> async_graphql::Schema<Query, M, Subscription> {
    built(ValidationMode::Fast)
}

fn built<M: ObjectType + Default + 'static>(mode: ValidationMode) -> async_graphql::Schema<Query, M, Subscription> {
    async_graphql::Schema::build(Query, M::default(), Subscription).validation_mode(mode).finish()
}

/// The contract as text: `schema.graphql`, in an order that does not depend on the code's.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    schema().sdl_with_options(options)
}
