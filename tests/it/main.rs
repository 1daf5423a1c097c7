//! Everything that is tested from outside the crate: one binary, a module for each room of the house.

#![allow(clippy::unwrap_used)]

mod domain;
