//! cpor: claims of partners of record over GraphQL.

pub mod auth;
pub mod cli;
pub mod config;
pub mod domain;
pub mod postgres;
