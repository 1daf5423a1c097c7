//! The tests that see the whole: one binary, a module for each promise.
#![allow(clippy::unwrap_used)]

mod domain;
mod door;
mod http;
mod postgres;
mod store_claims;
mod support;
mod tidy;
