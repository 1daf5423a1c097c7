//! The tests that see the whole: one binary, a module for each promise.
#![allow(clippy::unwrap_used)]

mod postgres;
mod http;
mod support;
mod tidy;
