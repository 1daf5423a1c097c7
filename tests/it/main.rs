//! The tests that see the whole: one binary, a module for each promise.
#![allow(clippy::unwrap_used)]

mod contract;
mod demo;
mod domain;
mod door;
mod http;
mod operations;
mod postgres;
mod store_claims;
mod store_connections;
mod store_facts;
mod store_feed;
mod store_files;
mod store_verify;
mod support;
mod tidy;
