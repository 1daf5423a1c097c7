//! cpor: claims of partners of record over GraphQL.

pub mod app;
pub mod auth;
pub mod boot;
pub mod cli;
pub mod config;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod logging;
pub mod postgres;
pub mod store;
pub mod workers;
