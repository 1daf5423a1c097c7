//! The tests that see the whole: one binary, a module for each promise.
#![allow(clippy::unwrap_used)]

mod contract;
mod domain;
mod door;
mod http;
mod operations;
mod postgres;
mod support;
mod tidy;
