//! cpor: claims of partners of record over GraphQL.

pub mod auth;
pub mod domain;
pub mod http;
