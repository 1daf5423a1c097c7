//! x
pub mod app;
pub mod auth;
pub mod graphql;
pub mod http;
